"""Which events are ours, and which are not, in the order in which they come."""

from __future__ import annotations

import pytest

from aurora_cfn.deploy.watch.events import OperationFilter
from aurora_cfn.model.event import STACK_TYPE, StackEvent
from tests.fakes.clock import START

ARN = "arn:aws:cloudformation:eu-west-1:123456789012:stack/db/1"


def event(row: str) -> StackEvent:
    """`STATUS token operation`, of the stack itself; of a resource with a leading `+`."""
    status, token, operation = (*row.lstrip("+").split(), "-", "-")[:3]
    kind, physical = ("AWS::SNS::Topic", "topic") if row.startswith("+") else (STACK_TYPE, ARN)
    words = {"token": "" if token == "-" else token, "operation_id": "" if operation == "-" else operation}
    return StackEvent(row, ARN, "db", "x", physical, kind, status, START, **words)


THEIRS = ("UPDATE_IN_PROGRESS console 1", "+UPDATE_COMPLETE console 1", "UPDATE_COMPLETE console 1")
OURS = ("UPDATE_IN_PROGRESS run 2", "+UPDATE_FAILED run 2")
ROLLBACK = ("UPDATE_ROLLBACK_IN_PROGRESS - 3", "UPDATE_ROLLBACK_COMPLETE - 3")


@pytest.mark.parametrize(
    ("token", "rows", "ours"),
    [
        ("run", [*OURS, "UPDATE_COMPLETE run 2"], [*OURS, "UPDATE_COMPLETE run 2"]),
        # Another operation between the last known event and our execution, whole or still ending.
        ("run", [*THEIRS, *OURS], [*OURS]),
        ("run", [*THEIRS[2:], *OURS], [*OURS]),
        # Theirs was rolled back by CloudFormation itself, without a token or with one of its own.
        ("run", [THEIRS[0], *ROLLBACK, *OURS], [*OURS]),
        ("run", [THEIRS[0], "UPDATE_ROLLBACK_COMPLETE other 9", *OURS], [*OURS]),
        # Ours was: by itself, by the console, by this program.
        ("run", [*OURS, *ROLLBACK], [*OURS, *ROLLBACK]),
        ("run", [*OURS, "UPDATE_ROLLBACK_COMPLETE Console-x 9"], [*OURS, "UPDATE_ROLLBACK_COMPLETE Console-x 9"]),
        ("run", [*OURS, "UPDATE_ROLLBACK_COMPLETE run-cancel 2"], [*OURS, "UPDATE_ROLLBACK_COMPLETE run-cancel 2"]),
        # An operation that began with a call of ours under a word of its own.
        (
            "run",
            ["UPDATE_ROLLBACK_IN_PROGRESS run-cancel 5", *ROLLBACK],
            ["UPDATE_ROLLBACK_IN_PROGRESS run-cancel 5", *ROLLBACK],
        ),
        # Within an operation of theirs what has no token is theirs, until the stack itself is at rest.
        ("run", ["UPDATE_IN_PROGRESS console", "+UPDATE_COMPLETE", "UPDATE_COMPLETE"], []),
        ("run", ["+UPDATE_COMPLETE console 1", "+UPDATE_COMPLETE", *OURS], [*OURS]),
        # Late news of theirs, after ours has begun.
        ("run", [*THEIRS, *OURS, "+DELETE_COMPLETE - 1"], [*OURS]),
        # Also of the rollback of theirs, which has an id of its own and no token.
        ("run", [THEIRS[0], *ROLLBACK, *OURS, "+DELETE_COMPLETE - 3"], [*OURS]),
        # An emulator gives no tokens.
        ("run", ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"], ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"]),
        ("run", [*THEIRS, "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"], ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"]),
        # A token that only begins like ours is another run's.
        ("run", ["UPDATE_COMPLETE runner 4"], []),
        # Who follows without a call of their own takes all.
        ("", [*THEIRS, *OURS, *ROLLBACK], [*THEIRS, *OURS, *ROLLBACK]),
    ],
)
def test_what_belongs_and_what_does_not(token: str, rows: list[str], ours: list[str]) -> None:
    belonging, found = OperationFilter(token), []
    for row in rows:
        if belonging.admits(event(row)):
            found.append(row)
        belonging = belonging.after(event(row))
    assert found == ours


def test_only_operations_of_others_are_remembered() -> None:
    belonging = OperationFilter("run")
    for row in ("+UPDATE_COMPLETE console", *THEIRS, *OURS, *ROLLBACK):
        belonging = belonging.after(event(row))
    assert belonging == OperationFilter("run", "ours", frozenset({"1"}))
