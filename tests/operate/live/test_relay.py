"""The relay: parts are put together, late events are dropped, slow ones are acknowledged, and a lost queue ends it."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from aurora_cfn.handlers.live_stub import PART, packed, unpacked
from aurora_cfn.model.live_session import RelayPlace
from aurora_cfn.operate.live.relay import Relay


class Queues:
    """A queue with these messages, which is deleted after them."""

    def __init__(self, *bodies: str) -> None:
        self.bodies, self.sent, self.lock = list(bodies), list[dict[str, Any]](), threading.Lock()
        self.answered, self.acknowledged = threading.Event(), threading.Event()

    def receive_bodies(self, queue: str) -> Sequence[str] | None:
        with self.lock:
            if self.bodies:
                return [self.bodies.pop(0)]
        self.answered.wait(10)
        return None

    def send_body(self, queue: str, body: str) -> None:
        self.sent.append({"queue": queue, **json.loads(body)})
        (self.answered if "part" in self.sent[-1] else self.acknowledged).set()

    def open_queues(self, *_: Any) -> RelayPlace:
        raise NotImplementedError

    def tag_queue(self, *_: Any) -> None:
        raise NotImplementedError

    def session_tags(self, *_: Any) -> Mapping[str, Mapping[str, str]]:
        raise NotImplementedError

    def close_queues(self, *_: Any) -> None:
        raise NotImplementedError


def event(identifier: str, deadline: float, pad: str = "") -> list[str]:
    return list(packed(identifier, "there", {"deadline": deadline, "to": "there", "reply": "r3", "pad": pad}))


def served(queues: Queues, *, slow: bool = False) -> list[dict[str, Any]]:
    def answer(message: Mapping[str, Any]) -> dict[str, Any]:
        assert not slow or queues.acknowledged.wait(20)
        return {"size": len(message["pad"])}

    relay = Relay(queues, "requests", answer, lambda: 100.0, lambda text: None, ack_after=0.01 if slow else 60)
    relay.start()
    assert relay.ended.wait(20)
    relay.close()
    return queues.sent


def test_an_event_in_parts_is_answered_once_and_a_late_one_not_at_all() -> None:
    pad = os.urandom(PART).hex()
    (row,) = served(Queues(*event("0", 99.0), *reversed(event("1", 160.0, pad))))
    assert (row["queue"], row["to"], row["id"]) == ("r3", "there", "1")
    assert unpacked({row["part"]: row["data"]}) == {"size": len(pad)}


def test_a_slow_answer_is_acknowledged_first() -> None:
    first, second = served(Queues(*event("1", 160.0)), slow=True)
    assert (first["ack"], first["queue"], "part" in second) == (True, "r3", True)
