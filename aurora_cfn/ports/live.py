"""Ports of live sessions on AWS: the queues, the code of functions, and the schedules that end a session."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aurora_cfn.model.live_session import CodePlace, FunctionState, RelayPlace


class RelayQueues(Protocol):
    """The queues of sessions, by the beginning of their names."""

    def open_queues(self, name: str, roles: Collection[str], tags: Mapping[str, str]) -> RelayPlace:
        """Make the queues of a session; the functions' roles, by ARN, may use them."""

    def tag_queue(self, queue: str, tags: Mapping[str, str]) -> None:
        """Set tags of a session's queue of requests."""

    def receive_bodies(self, queue: str) -> Sequence[str] | None:
        """The bodies of messages that have come, which are deleted; None when the queue is gone."""

    def send_body(self, queue: str, body: str) -> None:
        """Send a message."""

    def session_tags(self, prefix: str) -> Mapping[str, Mapping[str, str]]:
        """The tags of the sessions by their names, of those whose names begin so."""

    def close_queues(self, name: str) -> None:
        """Delete the queues of a session."""


class FunctionCode(Protocol):
    """Lambda functions and their code."""

    def function_state(self, function: str) -> FunctionState | None:
        """What the function runs, None where there is none."""

    def replace_code(self, function: str, zipped: bytes, revision: str) -> FunctionState:
        """Let it run this zip, once it is active. Raises BusyError if the function has another revision now."""

    def put_code_back(self, function: str, place: CodePlace, revision: str) -> FunctionState:
        """Let it run the zip in the bucket. Raises BusyError as `replace_code`."""


class SessionEnds(Protocol):
    """Schedules that put the code of functions back."""

    def set_session_end(
        self, name: str, at: datetime, state: FunctionState, place: CodePlace, *, guarded: bool
    ) -> None:
        """Make or replace the schedule; `guarded`: it does nothing when the function has another revision by then."""

    def remove_session_end(self, name: str) -> None:
        """Delete the schedule, if there is one."""
