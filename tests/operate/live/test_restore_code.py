"""The end of a session: what is put back, what stays, and what is deleted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from aurora_cfn.errors import AwsError, BusyError
from aurora_cfn.model.live_session import CodePlace, FunctionState, LiveSession, RelayPlace
from aurora_cfn.operate.live.restore_code import Restore
from aurora_cfn.operate.live.session_tags import session_of, tags

UNTIL = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
SESSION = LiveSession("aurora-cfn-live-1-2", "kim", UNTIL, {"shop": "stub="}, "0123456789ab-1-2")
STATE = FunctionState("shop", "arn", "python3.12", "app.main", "role", "stub=", "r1")
PLACE = CodePlace("code", "shop.zip")


@dataclass
class Ports:
    """The ports of a session on one function."""

    state: FunctionState | None = STATE
    refusals: list[Exception] = field(default_factory=list)
    did: list[str] = field(default_factory=list)

    def function_state(self, function: str) -> FunctionState | None:
        return self.state

    def replace_code(self, function: str, zipped: bytes, revision: str) -> FunctionState:
        raise NotImplementedError

    def put_code_back(self, function: str, place: CodePlace, revision: str) -> FunctionState:
        assert self.state
        self.did.append(f"put back {place.key} over {revision}")
        if self.refusals:
            raise self.refusals.pop()
        self.state = replace(self.state, sha256="packaged=", revision="r2")
        return self.state

    def set_session_end(
        self, name: str, at: datetime, state: FunctionState, place: CodePlace, *, guarded: bool
    ) -> None:
        raise NotImplementedError

    def remove_session_end(self, name: str) -> None:
        self.did.append("no schedule")

    def close_queues(self, name: str) -> None:
        self.did.append(f"no queues of {name}")

    def open_queues(self, name: str, roles: Collection[str], tags: Mapping[str, str]) -> RelayPlace:
        raise NotImplementedError

    def tag_queue(self, queue: str, tags: Mapping[str, str]) -> None:
        raise NotImplementedError

    def receive_bodies(self, queue: str) -> Sequence[str] | None:
        raise NotImplementedError

    def send_body(self, queue: str, body: str) -> None:
        raise NotImplementedError

    def session_tags(self, prefix: str) -> Mapping[str, Mapping[str, str]]:
        raise NotImplementedError


BACK, GONE = "put back shop.zip over r1", ["no schedule", "no queues of aurora-cfn-live-1-2"]
CASES: dict[str, tuple[Ports, list[str], str]] = {
    "a stub": (Ports(), [BACK, *GONE], "runs the deployed code again"),
    "a deployment in between": (Ports(replace(STATE, sha256="new=")), GONE, "was replaced since, and stays"),
    "a function that is deleted": (Ports(None), GONE, "does not exist any more"),
    "a change at the same moment": (
        Ports(refusals=[BusyError("x")]),
        [BACK, BACK, *GONE],
        "runs the deployed code",
    ),
    "no right": (
        Ports(refusals=[AwsError("denied")]),
        [BACK],
        "could not be put back from s3://code/shop.zip: denied",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_runs_the_stub_gets_its_code_back(case: str) -> None:
    ports, did, what = CASES[case]
    said: list[str] = []
    done = Restore(ports, ports, ports, {"shop": PLACE}, said.append).session(SESSION)
    assert (ports.did, done) == (did, GONE[0] in did)
    assert what in "\n".join(said)


def test_without_a_stack_nothing_is_put_back() -> None:
    ports, said = Ports(), list[str]()
    assert not Restore(ports, ports, ports, {}, said.append).session(SESSION)
    assert (ports.did, "no stack of the environment" in said[0]) == ([], True)


def test_a_session_is_read_from_its_tags() -> None:
    assert session_of(SESSION.name, tags(SESSION)) == SESSION
    assert session_of("x", {}).functions == {}
