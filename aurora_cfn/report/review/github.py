"""A review as workflow commands of GitHub Actions, which become annotations on the template's lines."""

from __future__ import annotations

from aurora_cfn.model.change import Verdict
from aurora_cfn.model.review import Review
from aurora_cfn.report.review.places import message, place
from aurora_cfn.report.review.shared import SharedChange, shared_changes
from aurora_cfn.report.review.words import counts_text, level, only, stack_names, where
from aurora_cfn.report.workflow import command_data, command_property

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def github(review: Review) -> str:
    """One line a change with its worst effect, worst first (GitHub shows ten of each level); at last the counts."""
    lines = [_line(row) for row in shared_changes(review) if row.change.verdict > Verdict.METADATA or row.change.alert]
    summary = (
        f"::notice title=aurora-cfn review::{command_data(f'{review.before} -> {review.after}: {counts_text(review)}')}"
    )
    return "".join(f"{line}\n" for line in [*lines, summary])


def _line(row: SharedChange) -> str:
    change, first = row.change, row.effects[0]
    path, line = place(change, first.what)
    command = _COMMANDS[level(change, row.refused)]
    position = f"file={command_property(path)},line={max(line, 1)}," if path else ""
    heading = command_property(f"{change.verdict.word}: {stack_names(row.template, row.stacks)}")
    told = message(change, first.what, where(row) or only(row, first))
    return f"::{command} {position}title={heading}::{command_data(told)}"
