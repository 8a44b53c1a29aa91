"""A review as GitHub annotations on the lines of the templates."""

from __future__ import annotations

from aurora_cfn.model.change import Change, Effect, Verdict
from aurora_cfn.model.review import Review
from aurora_cfn.report.page import command_data, command_property
from aurora_cfn.report.review.shared import SharedChange, shared_changes
from aurora_cfn.report.review.words import counts_text, level, only, stack_names, where


def place(change: Change, effect: Effect | None = None) -> tuple[str, int]:
    """Path and line of the change, or line 1 if it was removed: GitHub shows only lines of the file as it is now."""
    if change.kind == "remove":
        return change.path, 1
    line = effect.line if effect is not None and effect.line else change.line
    return change.path, line


def message(change: Change, effect: Effect, places: str = "") -> str:
    """One effect as a complete sentence; `places` are the stacks, empty if all have it."""
    key = f"{effect.key}: " if effect.key else ""
    maybe = " (perhaps)" if effect.maybe else ""
    part = f" ({places})" if places else ""
    remedy = f". Remedy: {effect.remedy}" if effect.remedy else ""
    return f"{change.logical_id}: {key}{effect.sentence}{maybe}{part}{remedy}"


_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def github(review: Review) -> str:
    """One line a change with its worst effect, worst first (GitHub shows ten of each level), then the counts."""
    rows = shared_changes(review)
    lines = [_line(row) for row in rows if row.change.outcome > Verdict.METADATA or row.change.alert]
    summary = command_data(f"{review.before} -> {review.after}: {counts_text(rows)}")
    return "".join(f"{line}\n" for line in [*lines, f"::notice title=aurora-cfn review::{summary}"])


def _line(row: SharedChange) -> str:
    change, first = row.change, row.effects[0]
    path, line = place(change, first.what)
    command = _COMMANDS[level(change, row.refused)]
    position = f"file={command_property(path)},line={max(line, 1)}," if path else ""
    heading = command_property(f"{change.outcome.word}: {stack_names(row.template, row.stacks)}")
    text = message(change, first.what, where(row) or only(row, first))
    return f"::{command} {position}title={heading}::{command_data(text)}"
