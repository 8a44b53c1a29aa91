"""A review as one HTML page: verdicts, cost, and a tree of stacks, resources and properties, worst first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from aurora_cfn.model.change import Change, Effect, Verdict
from aurora_cfn.model.review import Panel, Review
from aurora_cfn.report.page import escaped, page
from aurora_cfn.report.review.shared import (
    SharedChange,
    SharedTemplate,
    counts,
    shared,
    shared_changes,
    shared_refusals,
)
from aurora_cfn.report.review.words import (
    SIGNS,
    counted,
    heading,
    label,
    labels,
    name,
    only,
    only_metadata,
    plain_addition,
    short_name,
    sides,
    stack_names,
    value_text,
    where,
)
from aurora_cfn.report.text import amount

_LIGHT = {
    Verdict.DATA_LOSS: "#b91c1c",
    Verdict.FAILS: "#be123c",
    Verdict.REPLACE: "#c2410c",
    Verdict.NOT_JUDGED: "#7c3aed",
    Verdict.INTERRUPTION: "#a16207",
    Verdict.IN_PLACE: "#15803d",
    Verdict.METADATA: "#64748b",
}
_DARK = {
    Verdict.DATA_LOSS: "#f87171",
    Verdict.FAILS: "#fb7185",
    Verdict.REPLACE: "#fb923c",
    Verdict.NOT_JUDGED: "#a78bfa",
    Verdict.INTERRUPTION: "#facc15",
    Verdict.IN_PLACE: "#4ade80",
    Verdict.METADATA: "#94a3b8",
}
_TREE = """
code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}summary{cursor:pointer}
.counts{display:flex;flex-wrap:wrap;gap:8px;margin:12px 0}
.badge{display:inline-block;padding:0 8px;border:1px solid var(--v);border-radius:10px;color:var(--v);font-size:13px;
font-weight:600;white-space:nowrap}
.box{margin:12px 0;padding:12px 16px;background:var(--card);border:1px solid var(--line);border-radius:8px;
overflow-wrap:anywhere}.refused{border-color:var(--v)}
.tree ul{margin-left:14px}.tree li{position:relative;margin:0;padding:5px 0 5px 20px}
.tree li::before{content:"";position:absolute;left:0;top:20px;width:16px;border-top:2px solid var(--line)}
.tree li::after{content:"";position:absolute;left:0;top:0;bottom:0;border-left:2px solid var(--line)}
.tree li:last-child::after{bottom:auto;height:20px}
.change{padding:6px 12px;background:var(--card);border:1px solid var(--line);border-left:4px solid var(--v);
border-radius:6px;overflow-wrap:anywhere}
.change p{margin:0}.effect del,.effect ins{text-decoration:none;font:13px ui-monospace,monospace;padding:0 4px;
border-radius:3px;overflow-wrap:anywhere}
.effect del{background:#dc262626}.effect ins{background:#16a34a26}
.alert{color:var(--v)}
.month{display:grid;grid-template-columns:4em 1fr minmax(8em,auto);gap:8px;align-items:center}
.month svg{height:14px;background:var(--page);border-radius:3px}
.before{fill:var(--dim)}.after{fill:var(--plot)}
""".strip()

_BAR_WIDTH = 100
"""Units of the longest bar; the browser stretches it to the room that the words beside it leave."""


def _class(verdict: Verdict) -> str:
    return f"v-{verdict.word}"


def _colours() -> str:
    light = "".join(f".{_class(verdict)}{{--v:{colour}}}" for verdict, colour in _LIGHT.items())
    dark = "".join(f".{_class(verdict)}{{--v:{colour}}}" for verdict, colour in _DARK.items())
    return f"{light}\n@media (prefers-color-scheme:dark){{{dark}}}"


def html(review: Review) -> str:
    """The page."""
    title = f"Review of {review.before} \N{RIGHTWARDS ARROW} {review.after}"
    return page(title, "\n".join(_parts(review)), f"{_TREE}\n{_colours()}")


def _parts(review: Review) -> Iterator[str]:
    found = [(verdict, count) for verdict, count in counts(shared_changes(review)).items() if count]
    if found:
        badges = (f'<span class="badge {_class(row)}">{count} {escaped(counted(row))}</span>' for row, count in found)
        yield f'<div class="counts">{"".join(badges)}</div>'
    else:
        yield "<p>no changes</p>"
    yield from _refusals(review)
    yield from (f'<p class="dim">{escaped(note)}</p>' for note in review.notes)
    yield from map(_panel_html, review.panels)
    for template in shared(review):
        yield from _template(template)
    compared = ", ".join(sorted({stack.compared for stack in review.stacks})) or "git"
    yield f'<p class="dim">Compared by: {escaped(compared)}. Verdicts from the resource schemas and dated facts.</p>'


def _refusals(review: Review) -> Iterator[str]:
    rows = shared_refusals(review)
    if rows:
        items = (
            f"<li><b>{escaped(row.what.logical_id)}</b> in {escaped(stack_names(template, row.stacks))}: "
            f"{escaped(row.what.how)}</li>"
            for template, row in rows
        )
        head = f"<h3>Refused: {len(rows)}</h3>"
        yield f'<div class="box refused {_class(Verdict.DATA_LOSS)}">{head}<ul>{"".join(items)}</ul></div>'


def _panel_html(panel: Panel) -> str:
    """The panel as a box."""
    lines = "".join(f"<li>{escaped(line)}</li>" for line in panel.lines)
    return f'<div class="box"><h3>{escaped(panel.title)}</h3>{_bars(panel.data)}<ul>{lines}</ul></div>'


def _bars(data: Mapping[str, Any]) -> str:
    """Both months on one scale, each from its lowest to its highest cost; empty for a panel without both."""
    sums = {side: data[side] for side in ("before", "after") if isinstance(data.get(side), Mapping)}
    if len(sums) < 2:
        return ""
    top = max(float(row["high"]) for row in sums.values()) or 1.0
    return "".join(_bar(side, found, top) for side, found in sums.items())


def _bar(side: str, found: Mapping[str, Any], top: float) -> str:
    low, high = float(found["low"]), float(found["high"])
    start, length = low / top * _BAR_WIDTH, max(0.5, (high - low) / top * _BAR_WIDTH)
    amount = f"{low:,.0f}" if round(low) == round(high) else f"{low:,.0f} to {high:,.0f}"
    more = "" if found.get("complete", True) else " and more"
    bar = f'<rect class="{side}" x="{start:.2f}" y="0" width="{length:.2f}" height="1"/>'
    drawn = f'<svg viewBox="0 0 {_BAR_WIDTH} 1" preserveAspectRatio="none" aria-hidden="true">{bar}</svg>'
    return f'<div class="month"><span>{side}</span>{drawn}<span>USD {amount}{more}</span></div>'


def _template(template: SharedTemplate) -> Iterator[str]:
    changes, notes = template.changes(), template.notes()
    panels = [panel for stack in template.stacks for panel in stack.panels]
    if not (changes or notes or panels):
        return
    yield f"<section>\n<h2>{escaped(heading(template))}</h2>"
    yield from (f'<p class="dim">{escaped(note.what)}</p>' for note in notes)
    yield from map(_panel_html, panels)
    full = [row for row in changes if not only_metadata(row.change) and not plain_addition(row.change)]
    rows = [
        *(f"<li>{_change(row)}</li>" for row in full),
        *_folded(changes, plain_addition, Verdict.IN_PLACE, "new resource"),
        *_folded(changes, only_metadata, Verdict.METADATA, "metadata change"),
    ]
    if rows:
        yield '<div class="tree"><ul>\n' + "\n".join(rows) + "\n</ul></div>"
    yield "</section>"


def _change(row: SharedChange) -> str:
    change, places = row.change, where(row)
    kind = f' <span class="dim">{escaped(change.type)}</span>' if change.type else ""
    place = f'<p class="dim"><code>{escaped(f"{change.path}:{change.line}")}</code></p>' if change.path else ""
    head = f"{_badge(change.outcome)} {SIGNS[change.kind].replace('>', '&gt;')} <b>{escaped(name(change))}</b>{kind}"
    differ = f"<p>{escaped(places)}</p>" if places else ""
    effects = "".join(f"<li>{_effect(one.what, only(row, one))}</li>" for one in row.effects)
    return f'<div class="change {_class(change.outcome)}"><p>{head}</p>{differ}{place}</div>\n<ul>{effects}</ul>'


def _badge(verdict: Verdict) -> str:
    return f'<span class="badge {_class(verdict)}">{escaped(label(verdict))}</span>'


def _effect(effect: Effect, places: str) -> str:
    sentence = f"{escaped(effect.sentence)}{escaped(labels(effect))}"
    loud = effect.alert or effect.fails or effect.guarded
    lines = [f'<p class="alert">{sentence}</p>' if loud else f"<p>{sentence}</p>"]
    if effect.key:
        lines.insert(0, f"<p><code>{escaped(effect.key)}</code>{_values(effect)}</p>")
    if places:
        lines.append(f'<p class="dim">only {escaped(places)}</p>')
    if effect.causes:
        lines.append(f'<p class="dim">because {escaped("; ".join(effect.causes))}</p>')
    if effect.remedy:
        lines.append(f"<p><b>Remedy:</b> {escaped(effect.remedy)}</p>")
    return f'<div class="change effect {_class(effect.outcome)}">{"".join(lines)}</div>'


def _values(effect: Effect) -> str:
    if effect.before is None and effect.after is None:
        return ""
    if effect.before == effect.after:
        return f" <code>{escaped(value_text(effect.after))}</code>"
    before, after = map(escaped, sides(effect))
    return f" <del>{before}</del> \N{RIGHTWARDS ARROW} <ins>{after}</ins>"


def _folded(
    changes: Iterable[SharedChange], chosen: Callable[[Change], bool], verdict: Verdict, noun: str
) -> Iterator[str]:
    """Changes without details, in one folded node."""
    rows = [row for row in changes if chosen(row.change)]
    if rows:
        items = "".join(f"<li>{_short(row)}</li>" for row in rows)
        summary = f"<summary>{_badge(verdict)} {amount(len(rows), noun)}</summary>"
        yield f'<li><details class="change {_class(verdict)}">{summary}<ul>{items}</ul></details></li>'


def _short(row: SharedChange) -> str:
    kind = f' <span class="dim">{escaped(row.change.type)}</span>' if row.change.type else ""
    places = f" [{escaped(where(row))}]" if where(row) else ""
    return f"{SIGNS[row.change.kind].replace('>', '&gt;')} {escaped(short_name(row.change))}{kind}{places}"
