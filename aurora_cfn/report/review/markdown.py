"""A review as the Markdown of a pull-request comment: counts, then changes, worst first, with folded details."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from aurora_cfn.model.change import Change, Effect, Verdict
from aurora_cfn.model.review import Panel, Review
from aurora_cfn.report.review.shared import SharedChange, counts, shared, shared_changes, shared_refusals
from aurora_cfn.report.review.words import (
    SIGNS,
    counts_text,
    difference,
    label,
    labels,
    name,
    only,
    only_metadata,
    plain_addition,
    short_name,
    stack_names,
    where,
)
from aurora_cfn.report.text import shown

MARKER = "<!-- aurora-cfn review -->"
"""The first line, by which a workflow finds its earlier comment and edits it."""
LIMIT = 60_000
"""Bytes; GitHub refuses a comment of more than 65,536 characters."""
_ROOM_FOR_NOTE = 400
"""Bytes kept free for the note that something was cut."""
# Shown of one change, and in one folded list; the rest is counted.
_MOST_EFFECTS = 20
_MOST_QUIET = 100
_SIGNS = {
    Verdict.DATA_LOSS: "\N{OCTAGONAL SIGN}",
    Verdict.FAILS: "\N{NO ENTRY}",
    Verdict.REPLACE: "\N{LARGE RED CIRCLE}",
    Verdict.NOT_JUDGED: "\N{LARGE PURPLE CIRCLE}",
    Verdict.INTERRUPTION: "\N{LARGE YELLOW CIRCLE}",
    Verdict.IN_PLACE: "\N{LARGE GREEN CIRCLE}",
    Verdict.METADATA: "\N{MEDIUM WHITE CIRCLE}",
}
_SPECIAL = re.compile(r"([\\`*_\[\]|~])")
_LINK = re.compile(r"(?i)(://|www\.|mailto:|xmpp:|\bGH-)")
"""Beginnings of what GitHub makes a link of, without any markup."""
_BLOCK = re.compile(r"^(?:[-+=]|(\d+)(?=[.)]))")
"""Beginnings of lists, rules and headings."""
_BREAK = "\N{ZERO WIDTH SPACE}"
"""Ends a mention or link without being seen; a backslash shows inside of HTML tags."""


def markdown(review: Review) -> str:
    """The comment; if it is too long, the least severe changes are left out, with a note."""
    blocks = list(_blocks(review))
    kept, size = [], 0
    for block in blocks:
        size += len(block.encode()) + 1
        if size > LIMIT - _ROOM_FOR_NOTE:
            break
        kept.append(block)
    if len(kept) < len(blocks):
        cut = len(blocks) - len(kept)
        kept.append(f"\n> **Cut here:** {cut} more entries do not fit. Run `aurora-cfn review` for the whole report.")
    return "\n".join(kept) + "\n"


def _blocks(review: Review) -> Iterator[str]:
    yield MARKER
    changes = shared_changes(review)
    yield f"### Review of {_safe(review.before)} → {_safe(review.after)}"
    yield f"\n**{counts_text(changes)}**"
    if review.worst is not None:
        yield _count_table(changes)
    yield from _refusals(review)
    yield from (f"\n> {_safe(note)}" for note in review.notes)
    for template in shared(review):
        for note in template.notes():
            yield f"\n> {_safe(stack_names(template, note.stacks))}: {_safe(note.what)}"
    for panel in _panels(review):
        yield _panel(panel)
    yield ""
    for row in changes:
        if not only_metadata(row.change) and not plain_addition(row.change):
            yield _change(row)
    yield from _list(changes, plain_addition, Verdict.IN_PLACE, "new resources")
    yield from _list(changes, only_metadata, Verdict.METADATA, "changes of metadata")
    yield _sources(review)


def _count_table(rows: Iterable[SharedChange]) -> str:
    found = counts(rows)
    head = " | ".join(f"{_SIGNS[verdict]} {verdict.word}" for verdict in found)
    row = " | ".join(str(count) for count in found.values())
    return f"\n| {head} |\n|{' --- |' * len(found)}\n| {row} |"


def _refusals(review: Review) -> Iterator[str]:
    rows = shared_refusals(review)
    if rows:
        yield f"\n**Refused until allowed by name: {len(rows)}**\n"
    for template, row in rows:
        place = _safe(stack_names(template, row.stacks))
        yield f"- {_code(row.what.logical_id)} in {place}: {_safe(row.what.sentence)}"


def _panels(review: Review) -> Iterator[Panel]:
    yield from review.panels
    for stack in review.stacks:
        yield from (Panel(f"{panel.title}: {stack.name}", panel.lines) for panel in stack.panels)


def _panel(panel: Panel) -> str:
    lines = "\n".join(map(_html, panel.lines))
    return f"\n<details><summary>{_html(panel.title)}</summary>\n\n<pre>\n{lines}\n</pre>\n</details>"


def _change(row: SharedChange) -> str:
    change = row.change
    kind = f" {_html(change.type)}" if change.type else ""
    sign = f"{_SIGNS[change.outcome]} <b>{label(change.outcome)}</b> {SIGNS[change.kind]}"
    head = f"{sign} <b>{_html(name(change))}</b>{kind} in {_html(stack_names(row.template, row.stacks))}"
    place = _code(f"{change.path}:{change.line}") if change.path else ""
    differ = f"\n\n**{_safe(where(row))}**" if len(row.verdicts) > 1 else ""
    effects = "\n".join(_effect(effect.what, only(row, effect)) for effect in row.effects[:_MOST_EFFECTS])
    if len(row.effects) > _MOST_EFFECTS:
        effects += f"\n- and {len(row.effects) - _MOST_EFFECTS} more"
    return f"<details><summary>{head}</summary>\n\n{place}{differ}\n\n{effects}\n</details>"


def _list(
    changes: Iterable[SharedChange], chosen: Callable[[Change], bool], verdict: Verdict, words: str
) -> Iterator[str]:
    """Changes without details, in one folded list."""
    rows = [
        f"- {_code(short_name(row.change))} {_safe(row.change.type)} in {_safe(stack_names(row.template, row.stacks))}"
        for row in changes
        if chosen(row.change)
    ]
    if rows:
        more = [f"- and {len(rows) - _MOST_QUIET} more"] if len(rows) > _MOST_QUIET else []
        body = "\n".join([*rows[:_MOST_QUIET], *more])
        yield f"<details><summary>{_SIGNS[verdict]} {len(rows)} {words}</summary>\n\n{body}\n</details>"


def _effect(effect: Effect, places: str) -> str:
    lead = "\N{WARNING SIGN} " if effect.alert or effect.fails or effect.guarded else ""
    what = f"{_code(difference(effect))}: " if effect.key else ""
    part = f" ({_safe(places)})" if places else ""
    lines = [f"- {lead}{what}{_safe(effect.sentence)}{labels(effect)}{part}"]
    if effect.causes:
        lines.append(f"  - because {_safe('; '.join(effect.causes))}")
    if effect.remedy:
        lines.append(f"  - **remedy:** {_safe(effect.remedy)}")
    return "\n".join(lines)


def _sources(review: Review) -> str:
    found = ", ".join(sorted({stack.compared for stack in review.stacks})) or "git"
    return f"\n<sub>Compared by: {found}. Verdicts from the resource schemas and dated facts of aurora-cfn.</sub>"


def _safe(text: str) -> str:
    """Text of a template, escaped so that it cannot become markup, links or mentions."""
    plain = _SPECIAL.sub(r"\\\1", _html(text)).lstrip()
    return _BLOCK.sub(lambda found: f"{found[1]}\\" if found[1] else f"\\{found[0]}", plain)


def _html(text: str) -> str:
    """Text for the inside of an HTML tag, where GitHub still makes mentions and issue links."""
    plain = shown(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = plain.replace("@", f"@{_BREAK}").replace("#", f"#{_BREAK}")
    return _LINK.sub(lambda found: f"{found[0][:-1]}{_BREAK}{found[0][-1]}", plain)


def _code(text: str) -> str:
    return f"<code>{_safe(text)}</code>"
