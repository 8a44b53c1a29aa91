"""Schedules that delete stacks, kept in memory."""

from __future__ import annotations

from datetime import datetime

from aurora_cfn.model.branch import StackEnd


class FakeStackEnds:
    """The port StackEnds; `ends` are the schedules by name."""

    def __init__(self, **ends: StackEnd) -> None:
        self.ends = dict(ends)

    def end_of(self, name: str) -> StackEnd | None:
        return self.ends.get(name)

    def set_end(self, name: str, *, stack_arn: str, at: datetime | None) -> None:
        self.ends[name] = StackEnd(stack_arn, at)

    def remove_end(self, name: str) -> None:
        self.ends.pop(name, None)
