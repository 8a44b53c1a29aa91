"""A review for the terminal: a block for each change, worst first; changes of metadata on one line."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.model.change import Effect, Verdict
from aurora_cfn.model.review import Panel, Review
from aurora_cfn.report.review.shared import SharedChange, SharedTemplate, shared, shared_changes, shared_refusals
from aurora_cfn.report.review.words import (
    SIGNS,
    counts_text,
    difference,
    heading,
    label,
    labels,
    only,
    only_metadata,
    plain_addition,
    short_name,
    stack_names,
    title,
    where,
)
from aurora_cfn.report.text import shown, without_commands

# Parameters of ANSI SGR: 1 bold, 2 faint, 31 red, 32 green, 33 yellow, 35 magenta.
_COLOURS = {
    Verdict.DATA_LOSS: "1;31",
    Verdict.FAILS: "1;31",
    Verdict.REPLACE: "31",
    Verdict.NOT_JUDGED: "35",
    Verdict.INTERRUPTION: "33",
    Verdict.IN_PLACE: "32",
    Verdict.METADATA: "2",
}
_WIDTH = len("interruption")


def text(review: Review) -> str:
    """The whole report with ANSI colours, which click removes if the output is no terminal."""
    return without_commands("\n".join(_lines(review))) + "\n"


def _lines(review: Review) -> Iterator[str]:
    yield f"{shown(review.before)} -> {shown(review.after)}: {counts_text(shared_changes(review))}"
    yield from (f"note: {shown(note)}" for note in review.notes)
    for template in shared(review):
        yield from _template(template)
    for panel in review.panels:
        yield from ("", *_panel(panel))
    refused = shared_refusals(review)
    if refused:
        yield ""
        yield _painted(f"refused: {len(refused)}", Verdict.DATA_LOSS)
        for template, row in refused:
            yield f"  {stack_names(template, row.stacks)}: {shown(row.what.logical_id)}: {shown(row.what.how)}"


def _template(template: SharedTemplate) -> Iterator[str]:
    changes, notes = template.changes(), template.notes()
    panels = [panel for stack in template.stacks for panel in stack.panels]
    if not (changes or notes or panels):
        return
    yield ""
    yield f"{heading(template)}, by {template.compared}:"
    yield from (f"  note: {shown(note.what)}" for note in notes)
    for row in changes:
        if not only_metadata(row.change):
            yield from _change(row)
    metadata_changes = [_short(row) for row in changes if only_metadata(row.change)]
    if metadata_changes:
        yield f"  {_painted(label(Verdict.METADATA).ljust(_WIDTH), Verdict.METADATA)}  {', '.join(metadata_changes)}"
    for panel in panels:
        yield from (f"  {line}" for line in _panel(panel))


def _panel(panel: Panel) -> Iterator[str]:
    yield f"{shown(panel.title)}:"
    yield from (f"  {shown(line)}" for line in panel.lines)


def _change(row: SharedChange) -> Iterator[str]:
    change, places = row.change, where(row)
    place = f"  {change.path}:{change.line}" if change.path else ""
    yield f"  {_painted(label(change.outcome).ljust(_WIDTH), change.outcome)}  {title(change)}{shown(place)}"
    if places:
        yield f"      {places}"
    for effect in () if plain_addition(change) else row.effects:
        yield from (f"      {line}" for line in _effect(effect.what, only(row, effect)))


def _short(row: SharedChange) -> str:
    places = where(row)
    return f"{SIGNS[row.change.kind]} {short_name(row.change)}" + (f" [{places}]" if places else "")


def _effect(effect: Effect, places: str) -> Iterator[str]:
    lead = "! " if effect.alert or effect.fails or effect.guarded else ""
    sentence = f"{shown(effect.sentence)}{labels(effect)}"
    part = f" ({places})" if places else ""
    if effect.key:
        yield f"{lead}{difference(effect)}{part}"
        yield f"    {sentence}"
    else:
        yield f"{lead}{sentence}{part}"
    if effect.causes:
        yield f"    because: {shown('; '.join(effect.causes))}"
    if effect.remedy:
        yield f"    remedy: {shown(effect.remedy)}"


def _painted(words: str, verdict: Verdict) -> str:
    return f"\x1b[{_COLOURS[verdict]}m{words}\x1b[0m"
