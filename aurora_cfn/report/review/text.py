"""A review for the terminal: worst first, one block a change, harmless ones on one line."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.model.change import Change, Effect, Verdict
from aurora_cfn.model.review import Panel, Review, StackReview
from aurora_cfn.report.characters import shown
from aurora_cfn.report.review.words import (
    SIGNS,
    counts_text,
    difference,
    label,
    marks,
    plain_addition,
    quiet,
    quiet_name,
    title,
)

_COLOURS = {
    Verdict.DATA_LOSS: "1;31",
    Verdict.REPLACE: "31",
    Verdict.INTERRUPTION: "33",
    Verdict.IN_PLACE: "32",
    Verdict.METADATA: "2",
}
_WIDTH = len("interruption")


def text(review: Review) -> str:
    """The whole report; colours are ANSI, for the printer to strip where they do not belong."""
    return "\n".join(_lines(review)) + "\n"


def _lines(review: Review) -> Iterator[str]:
    yield f"{shown(review.before)} -> {shown(review.after)}: {counts_text(review)}"
    yield from (f"note: {shown(note)}" for note in review.notes)
    for stack in review.stacks:
        yield from _stack(stack)
    for panel in review.panels:
        yield from ("", *_panel(panel))
    refusals = review.refusals()
    if refusals:
        yield ""
        yield _painted(f"refused: {len(refusals)}", Verdict.DATA_LOSS)
        for stack in review.stacks:
            yield from (f"  {shown(stack.name)}: {shown(one.logical_id)}: {shown(one.how)}" for one in stack.refusals)


def _stack(stack: StackReview) -> Iterator[str]:
    if not (stack.changes or stack.notes or stack.panels):
        return
    where = f" ({stack.template})" if stack.template != stack.name else ""
    yield ""
    yield f"{shown(stack.name)}{where}, by {stack.compared}:"
    yield from (f"  note: {shown(note)}" for note in stack.notes)
    for change in stack.changes:
        if not quiet(change):
            yield from _change(change)
    calm = [f"{SIGNS[change.kind]} {quiet_name(change)}" for change in stack.changes if quiet(change)]
    if calm:
        yield f"  {_painted(label(Verdict.METADATA).ljust(_WIDTH), Verdict.METADATA)}  {', '.join(calm)}"
    for panel in stack.panels:
        yield from (f"  {line}" for line in _panel(panel))


def _panel(panel: Panel) -> Iterator[str]:
    yield f"{shown(panel.title)}:"
    yield from (f"  {shown(line)}" for line in panel.lines)


def _change(change: Change) -> Iterator[str]:
    place = f"  {change.path}:{change.line}" if change.path else ""
    yield f"  {_painted(label(change.verdict).ljust(_WIDTH), change.verdict)}  {title(change)}{shown(place)}"
    for effect in () if plain_addition(change) else change.effects:
        yield from (f"      {line}" for line in _effect(effect))


def _effect(effect: Effect) -> Iterator[str]:
    lead = "! " if effect.alert or effect.fails or effect.guarded else ""
    sentence = f"{shown(effect.sentence)}{marks(effect)}"
    if effect.key:
        yield f"{lead}{difference(effect)}"
        yield f"    {sentence}"
    else:
        yield f"{lead}{sentence}"
    if effect.causes:
        yield f"    because: {shown('; '.join(effect.causes))}"
    if effect.way_out:
        yield f"    way out: {shown(effect.way_out)}"


def _painted(words: str, verdict: Verdict) -> str:
    return f"\x1b[{_COLOURS[verdict]}m{words}\x1b[0m"
