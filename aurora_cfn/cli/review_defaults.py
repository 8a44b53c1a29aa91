"""The templates of a review beside the stacks made from them: what is told of the defaults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aurora_cfn.model.change import Change, Verdict
from aurora_cfn.model.review import StackReview


def apart(templates: Iterable[StackReview], stacks: Sequence[StackReview]) -> tuple[list[StackReview], list[str]]:
    """The templates that no reviewed stack uses after the change, and a note on what the others only do by default.

    A template is told with the values of its environments. What its defaults alone would do happens to nobody, so it
    is a note, and the guard does not ask for it.
    """
    alone: list[StackReview] = []
    notes: list[str] = []
    for template in templates:
        users = [stack for stack in stacks if stack.template == template.template and not _gone(stack)]
        if users:
            notes += _note(template, users)
        else:
            alone.append(template)
    return alone, notes


def _gone(stack: StackReview) -> bool:
    """Whether the stack is left out of its params file."""
    return any(change.section == "Stack" and change.kind == "remove" for change in stack.changes)


def _note(template: StackReview, users: Sequence[StackReview]) -> Iterator[str]:
    worst: dict[Change, Verdict] = {}
    for stack in users:
        for change in stack.changes:
            worst[change.entry] = max(change.verdict, worst.get(change.entry, change.verdict))
    only = [change for change in template.changes if change.verdict > worst.get(change.entry, Verdict.METADATA)]
    if only:
        told = ", ".join(f"{change.logical_id} ({change.verdict.word})" for change in only)
        yield f"{template.name}: only with its defaults, which no environment takes here: {told}"
