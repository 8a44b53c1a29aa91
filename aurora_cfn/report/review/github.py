"""A review as workflow commands of GitHub Actions, which become annotations on the template's lines."""

from __future__ import annotations

from aurora_cfn.model.change import Change, Effect, Verdict
from aurora_cfn.model.review import Review, StackReview
from aurora_cfn.report.review.places import message, place
from aurora_cfn.report.review.words import counts_text, level
from aurora_cfn.report.workflow import command_data, command_property

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def github(review: Review) -> str:
    """One line a change with its worst effect, worst first (GitHub shows ten of each level); at last the counts."""
    lines = [
        _line(stack, change, change.effects[0])
        for stack, change in review.changes()
        if change.verdict > Verdict.METADATA or change.alert
    ]
    summary = (
        f"::notice title=aurora-cfn review::{command_data(f'{review.before} -> {review.after}: {counts_text(review)}')}"
    )
    return "".join(f"{line}\n" for line in [*lines, summary])


def _line(stack: StackReview, change: Change, effect: Effect) -> str:
    refused = change.guarded and any(one.logical_id == change.destroyed_id for one in stack.refusals)
    path, line = place(change, effect)
    command = _COMMANDS[level(change, refused)]
    where = f"file={command_property(path)},line={max(line, 1)}," if path else ""
    heading = command_property(f"{change.verdict.word}: {stack.name}")
    return f"::{command} {where}title={heading}::{command_data(message(change, effect))}"
