"""How far a stack is: pure counting over its events."""

from __future__ import annotations

from dataclasses import dataclass, field

from aurora_cfn.model.event import StackEvent


@dataclass(slots=True)
class Progress:
    """One stack on its way; `total` is how many resources its change set names, 0 when that is not known."""

    key: str
    total: int = 0
    began: float = 0.0
    status: str = ""
    _done: set[tuple[str, str]] = field(default_factory=set)
    _working: dict[tuple[str, str], str] = field(default_factory=dict)

    def take(self, event: StackEvent) -> None:
        """Count one event."""
        if event.of_stack:
            self.status = event.status
            return
        resource = (event.stack_arn, event.logical_id)
        if event.settled:
            self._working.pop(resource, None)
            self._done.add(resource)
        else:
            self._working[resource] = event.logical_id

    @property
    def done(self) -> int:
        """Resources that are settled, never more than the total when there is one."""
        return min(len(self._done), self.total) if self.total else len(self._done)

    @property
    def working(self) -> tuple[str, ...]:
        """Logical ids of resources in progress, the oldest first."""
        return tuple(self._working.values())

    @property
    def share(self) -> str:
        """`3/9`, or `3` when the total is not known."""
        return f"{self.done}/{self.total}" if self.total else str(self.done)


def duration(seconds: float) -> str:
    """`0.4s`, `12s`, `3m05s`, `1h02m`."""
    if seconds < 10:
        return f"{max(0.0, seconds):.1f}s"
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 60:
        return f"{minutes}m{rest:02d}s" if minutes else f"{rest}s"
    return f"{minutes // 60}h{minutes % 60:02d}m"
