"""The port to the schedules that delete branches at their end."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aurora_cfn.model.branch import StackEnd


class StackEnds(Protocol):
    """Schedules of one group, each of which deletes one stack."""

    def end_of(self, name: str) -> StackEnd | None:
        """The schedule of that name, None where there is none: it was never made, or has fired."""

    def set_end(self, name: str, *, stack_arn: str, at: datetime | None) -> None:
        """Make or replace the schedule: the stack is deleted `at` that time in UTC; None keeps it."""

    def remove_end(self, name: str) -> None:
        """Delete the schedule, if there is one."""
