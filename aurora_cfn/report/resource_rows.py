"""The resources that a stack's operation works on, a row each: its newest event, when its work began, what RDS says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.stack import ROLLING_BACK_SUFFIX

WORDS = {
    "CREATE": ("creating", "created"),
    "UPDATE": ("updating", "updated"),
    "DELETE": ("deleting", "deleted"),
    "IMPORT": ("importing", "imported"),
}
"""By the first word of a status: while it is in progress, and when it is complete."""
PHASES = ((ROLLING_BACK_SUFFIX, "rollback"), ("CLEANUP_IN_PROGRESS", "clean-up"))
"""Ends of the root stack's status, and the phase that begins with it."""
FAILED, CANCELLED = "failed", "cancelled"
# CloudFormation fails what it was still working on when another resource failed, with this reason alone.
_STOPPED = ("Resource creation cancelled", "Resource update cancelled")


@dataclass(slots=True)
class ResourceRow:
    """One piece of work on a resource. `name` is its logical id, with those of nested stacks before it."""

    name: str
    began: datetime
    newest: StackEvent
    note: str = ""

    @property
    def ended(self) -> bool:
        """Whether this piece of work is over."""
        return self.newest.settled

    @property
    def state(self) -> str:
        """The status in a word: `creating`, `created`, `failed`, `kept`; another status of AWS as it is."""
        status = self.newest.status
        if self.newest.failed:
            return CANCELLED if self.newest.reason.startswith(_STOPPED) else FAILED
        verb, _, rest = status.partition("_")
        working, done = WORDS.get(verb, ("", ""))
        words = {"IN_PROGRESS": working, "COMPLETE": done, "SKIPPED": "kept" if verb == "DELETE" else ""}
        return words.get(rest) or status

    @property
    def reason(self) -> str:
        """Why it failed, on one line; empty for what has not, and for what was only cancelled."""
        return " ".join(self.newest.reason.split()) if self.state == FAILED else ""

    @property
    def seconds(self) -> float:
        """Its duration by the times of its events."""
        return (self.newest.at - self.began).total_seconds()


@dataclass(slots=True)
class ResourceRows:
    """The rows of one stack and those nested in it, in the order in which their work began.

    The work of a rollback or clean-up on a resource has a row of its own, so that a failure stays in sight.
    """

    _rows: dict[tuple[str, str, str], ResourceRow] = field(default_factory=dict)
    _root: str = ""
    _phase: str = ""
    _places: dict[str, str] = field(default_factory=dict)

    def take(self, event: StackEvent) -> None:
        """Take one event; the first is of the stack itself."""
        self._root = self._root or event.stack_arn
        if event.of_stack:
            if event.stack_arn == self._root:
                self._phase = next((word for end, word in PHASES if event.status.endswith(end)), self._phase)
            return
        name = self._places.get(event.stack_arn, "") + event.logical_id
        if event.nested_stack:
            self._places[event.nested_stack] = f"{name}/"
        key = self._key(event)
        if key in self._rows:
            self._rows[key].newest = event
        else:
            shown = f"{name} ({key[2]})" if key[2] else name
            self._rows[key] = ResourceRow(shown, event.at, event)

    def _key(self, event: StackEvent) -> tuple[str, str, str]:
        """The row of an event: work that began before a rollback also ends in its own row."""
        for phase in ("", self._phase):
            row = self._rows.get((event.stack_arn, event.logical_id, phase))
            if row and not row.ended:
                return event.stack_arn, event.logical_id, phase
        return event.stack_arn, event.logical_id, self._phase

    def pinned(self, text: str) -> bool:
        """Whether a message is about a running resource, `Name (identifier): words`; then its row has the words."""
        for row in self._rows.values():
            about = f"{row.newest.logical_id} ({row.newest.physical_id}): "
            if not row.ended and row.newest.physical_id and text.startswith(about):
                row.note = text.removeprefix(about)
                return True
        return False

    @property
    def rows(self) -> list[ResourceRow]:
        """All of them."""
        return list(self._rows.values())
