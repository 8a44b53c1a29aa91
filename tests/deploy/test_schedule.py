"""The order of stacks, what a failure skips, and how a run ends that was interrupted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from threading import Event
from typing import Any

import pytest

from aurora_cfn.deploy.main_thread import MainThreadQueue
from aurora_cfn.deploy.schedule import TICK, Schedule
from aurora_cfn.model.plan import Outcome, StackResult

Work = Callable[[], StackResult]


def ended(key: str, outcome: Outcome = "created") -> StackResult:
    return StackResult(key, key, outcome)


def schedule(work: Mapping[str, Work], waits: Mapping[str, set[str]] | None = None, **more: Any) -> Schedule:
    needs = {key: frozenset((waits or {}).get(key, ())) for key in work}
    skip = more.pop("skip", lambda key, failed: ended(key, "skipped"))
    interrupted = more.pop("interrupted", lambda: None)
    return Schedule(needs, work, skip, interrupted, MainThreadQueue(), **more)


def test_what_waits_for_a_failed_stack_is_skipped_once_and_the_rest_goes_on() -> None:
    skipped: list[tuple[str, Sequence[str]]] = []

    def skip(key: str, failed: Sequence[str]) -> StackResult:
        skipped.append((key, failed))
        return ended(key, "skipped")

    work = {key: partial(ended, key) for key in "abcd"} | {"a": partial(ended, "a", "failed")}
    results = schedule(work, {"b": {"a"}, "c": {"b", "d"}}, skip=skip).run()
    assert [(row.key, row.outcome) for row in results] == [
        ("a", "failed"), ("b", "skipped"), ("c", "skipped"), ("d", "created"),
    ]  # fmt: skip
    assert skipped == [("b", ["a"]), ("c", ["b"])]


def test_a_stack_that_says_nothing_is_waited_for_as_long_as_no_one_stops_the_run() -> None:
    done, ticks = Event(), list[int]()

    def work() -> StackResult:
        done.wait()
        return ended("a")

    def tick() -> None:
        ticks.append(1)
        if len(ticks) == 2:
            done.set()

    (result,) = schedule({"a": work}, tick=tick, timeout=TICK / 2).run()
    assert result.outcome == "created"


def test_once_the_run_is_stopping_a_stack_that_says_nothing_is_left() -> None:
    done = Event()

    def work() -> StackResult:
        done.wait()
        return ended("a")

    try:
        with pytest.raises(KeyboardInterrupt):
            schedule({"a": work}, stopping=lambda: True, timeout=0.01).run()
    finally:
        done.set()


def test_ctrl_c_in_a_thread_counts_as_one_of_the_run_and_the_others_go_on() -> None:
    stops: list[str] = []

    def interrupt() -> StackResult:
        raise KeyboardInterrupt

    work: dict[str, Work] = {"a": interrupt, "b": partial(ended, "b")}
    results = schedule(work, interrupted=lambda: stops.append("stopping")).run()
    assert [(row.key, row.outcome) for row in results] == [("a", "declined"), ("b", "created")]
    assert stops == ["stopping"]


def test_a_bug_in_a_thread_is_raised_to_the_command() -> None:
    def broken() -> StackResult:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        schedule({"a": broken}).run()
