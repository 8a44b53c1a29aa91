"""Trying again: when, how often, and for what not."""

from __future__ import annotations

from typing import Any

import pytest
from pg8000.native import DatabaseError

from aurora_cfn.handlers.connection import UnavailableError
from aurora_cfn.handlers.retry import retry_conflicts, retry_unavailable


class Work:
    """Raises each of the errors once, then gives back `done`."""

    def __init__(self, *errors: Exception) -> None:
        self._errors = list(errors)

    def __call__(self) -> str:
        if self._errors:
            raise self._errors.pop(0)
        return "done"


def conflict() -> DatabaseError:
    return DatabaseError({"C": "40001", "M": "change conflicts with another transaction, please retry: (OC000)"})


def test_a_database_that_wakes_up_is_waited_for() -> None:
    pauses: list[float] = []
    assert retry_unavailable(Work(UnavailableError(), UnavailableError()), pause=5, sleep=pauses.append) == "done"
    assert pauses == [5, 5]


def test_waiting_ends() -> None:
    pauses: list[float] = []
    with pytest.raises(UnavailableError):
        retry_unavailable(Work(*(UnavailableError() for _ in range(9))), attempts=3, sleep=pauses.append)
    assert len(pauses) == 2


def test_conflicts_are_tried_again_with_longer_pauses() -> None:
    pauses: list[float] = []
    assert retry_conflicts(Work(conflict(), conflict(), conflict()), pause=1, sleep=pauses.append) == "done"
    assert all(2**n * 0.5 <= pause <= 2**n * 1.5 for n, pause in enumerate(pauses))


def test_conflicts_end() -> None:
    pauses: list[float] = []
    with pytest.raises(DatabaseError):
        retry_conflicts(Work(*(conflict() for _ in range(9))), attempts=3, sleep=pauses.append)
    assert len(pauses) == 2


@pytest.mark.parametrize("error", [DatabaseError({"C": "23505"}), ValueError("x"), UnavailableError()])
def test_other_errors_are_no_conflict(error: Exception) -> None:
    def never(_seconds: float) -> Any:
        pytest.fail("it waited")

    with pytest.raises(type(error)):
        retry_conflicts(Work(error), sleep=never)
