"""The stub of a live session: messages in parts, answers of others given back, silence and late answers."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

import pytest

from aurora_cfn.handlers import live_stub
from aurora_cfn.handlers.live_stub import ENVIRONMENT, PART, LiveSessionError, awaited, packed, unpacked

LARGE = {"body": os.urandom(PART).hex(), "error": False, "log": ""}
SMALL = {"body": "hi", "error": False, "log": ""}


class Queue:
    """SQS with the bodies that each receiving call gives; a call takes a second."""

    def __init__(self, *batches: Sequence[str]) -> None:
        self.batches, self.given_back, self.deleted, self.time = list(batches), 0, 0, 0.0

    def receive_message(self, **_: Any) -> dict[str, Any]:
        self.time += 1
        rows = self.batches.pop(0) if self.batches else ()
        return {"Messages": [{"Body": body, "ReceiptHandle": "x"} for body in rows]}

    def change_message_visibility(self, **_: Any) -> None:
        self.given_back += 1

    def delete_message(self, **_: Any) -> None:
        self.deleted += 1


def of(identifier: str, message: dict[str, Any], to: str = ENVIRONMENT) -> list[str]:
    return list(packed(identifier, to, message))


ACK = json.dumps({"id": "1", "to": ENVIRONMENT, "ack": True})
ANSWERS: dict[str, tuple[list[Sequence[str]], dict[str, Any], int, int]] = {
    "at once": ([of("1", SMALL)], SMALL, 0, 1),
    "in parts, in any order": ([of("1", LARGE)[::-1]], LARGE, 0, len(of("1", LARGE))),
    "late, after an acknowledgement": ([[ACK], [], [], [], [], of("1", SMALL)], SMALL, 0, 2),
    "beside one of another environment": ([[*of("1", SMALL), *of("9", LARGE, "other")[:1]]], SMALL, 1, 1),
    "after one that was given up": ([of("0", LARGE)[:1], of("1", SMALL)], SMALL, 0, 2),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_an_answer_is_found(case: str) -> None:
    batches, answer, given_back, deleted = ANSWERS[case]
    queue = Queue(*batches)
    assert awaited(queue, "q", "1", 60.0, lambda: queue.time) == answer
    assert (queue.given_back, queue.deleted) == (given_back, deleted)


SILENCE = {
    "nothing listens": ([], 60.0, "no word of it in time", 3),
    "the answer does not come": ([[ACK]], 10.0, "no answer before the timeout", 10),
}


@pytest.mark.parametrize("case", SILENCE)
def test_silence_ends(case: str) -> None:
    batches, deadline, what, seconds = SILENCE[case]
    queue = Queue(*batches)
    with pytest.raises(LiveSessionError, match=what):
        awaited(queue, "q", "1", deadline, lambda: queue.time)
    assert queue.time == seconds


def test_a_message_survives_its_parts() -> None:
    bodies = [json.loads(body) for body in of("1", LARGE)]
    assert len(bodies) > 1
    assert all(len(row["data"]) <= PART for row in bodies)
    assert unpacked({row["part"]: row["data"] for row in bodies}) == LARGE


def test_any_name_of_a_handler_is_the_stub() -> None:
    assert getattr(live_stub, "main") is live_stub.handler  # noqa: B009 # the name is one of the user's
    with pytest.raises(AttributeError):
        getattr(live_stub, "__no_such__")  # noqa: B009
