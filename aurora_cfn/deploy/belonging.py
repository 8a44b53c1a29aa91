"""Which events of a stack are ours, told by the token and the operation's id that AWS gives them, never by a clock.

The start is the newest event seen before the call. Between that and the call somebody else may have begun and ended an
operation of theirs. Once ours has begun nothing else can begin before it has ended, so that whatever comes then is part
of it, whoever caused it: a rollback by itself and a cancellation from the console have tokens and ids of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from aurora_cfn.model.event import StackEvent

Side: TypeAlias = Literal["unknown", "ours", "theirs"]


@dataclass(frozen=True, slots=True)
class Belonging:
    """What the root stack's events have told so far; an empty `token` takes every event, as for any operation.

    `others` are ids of other people's operations.
    """

    token: str = ""
    side: Side = "unknown"
    others: frozenset[str] = frozenset()

    def admits(self, event: StackEvent) -> bool:
        """Whether the event is ours. An event without a token, of an emulator, follows the one before it."""
        if not self.token:
            return True
        if event.operation_id in self.others:
            return False
        if self.side == "ours" or self._is_ours(event):
            return True
        return not event.token and self.side == "unknown"

    def after(self, event: StackEvent) -> Belonging:
        """The same, knowing the event."""
        if self.side == "ours" or self._is_ours(event):
            return replace(self, side="ours")
        if not event.token and self.side == "unknown":
            return self
        others = self.others | {event.operation_id} if event.operation_id else self.others
        over = event.of_stack and event.settled
        return replace(self, side="unknown" if over else "theirs", others=others)

    def _is_ours(self, event: StackEvent) -> bool:
        """Our token, or our token with the word of a call that belongs to the same run, like a cancellation."""
        return event.token == self.token or event.token.startswith(f"{self.token}-")
