"""Many stacks in one run, a fifth of the readings of events throttled: all end, and each costs what it costs alone.

The fake stands above the retries of the AWS client, so that what is throttled here was throttled to the end.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from random import Random

import pytest

from aurora_cfn.deploy.deploy_stack import deploy
from aurora_cfn.deploy.main_thread import MainThreadQueue
from aurora_cfn.deploy.schedule import Schedule
from aurora_cfn.errors import AwsError
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import StackResult
from tests.deploy.toys import FakeRun, stack
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import FakeCloudFormation

SHARE = 0.2
GROWTH = 1.25
"""Calls a stack of many may be so many times those of one alone."""


class Throttled(FakeCloudFormation):
    """Turns a share of the readings of events away, by fixed dice."""

    def __init__(self, clock: FakeClock, share: float = SHARE) -> None:
        super().__init__(clock)
        self.share = share
        self.dice, self.struck = Random(7), 0
        self._counting = threading.Lock()

    def events(self, stack: str, *, since: str | None = None) -> Sequence[StackEvent]:
        with self._counting:
            strikes = self.dice.random() < self.share
            self.struck += strikes
        if strikes:
            raise AwsError("DescribeStackEvents: Rate exceeded (Throttling)", code="Throttling")
        return super().events(stack, since=since)


class Late(FakeCloudFormation):
    """Events are to be read only `lag` seconds after they happened; the status is always that of now."""

    lag = 0.0

    def events(self, stack: str, *, since: str | None = None) -> Sequence[StackEvent]:
        seen = self.clock.now() - timedelta(seconds=self.lag)
        return [event for event in super().events(stack, since=since) if event.at <= seen]


def deployed(count: int, parallel: int = 16) -> tuple[FakeRun, list[StackResult], Throttled]:
    """So many stacks in one run: AWS afterwards, what came of each, and the service."""
    fake = FakeRun()
    fake.cfn = service = Throttled(fake.clock)
    context = fake.context()
    keys = [f"s{number:03d}" for number in range(count)]
    schedule = Schedule(
        dict.fromkeys(keys, frozenset()),
        work={key: partial(deploy, context, stack(key), lambda _: {}, fake.approve) for key in keys},
        skip=lambda key, _failed: StackResult(key, key, "skipped"),
        interrupted=lambda: None,
        calls=MainThreadQueue(),
        parallel=parallel,
    )
    return fake, schedule.run(), service


def test_two_hundred_all_end_none_is_forgotten_and_each_costs_what_it_costs_alone() -> None:
    alone, _, _ = deployed(1)
    fake, results, service = deployed(200)
    assert {row.outcome for row in results} == {"created"}
    assert [row.key for row in results] == [f"s{number:03d}" for number in range(200)]
    assert sorted(row.key for row in fake.listener.results) == [row.key for row in results]
    assert service.count("ExecuteChangeSet") == service.count("CreateChangeSet") == 200
    assert service.struck > 40
    assert len(fake.cfn.calls) / 200 <= len(alone.cfn.calls) * GROWTH


@pytest.mark.parametrize("parallel", [1, 64])
def test_however_many_run_side_by_side_all_end(parallel: int) -> None:
    _, results, service = deployed(40, parallel)
    assert [row.outcome for row in results] == ["created"] * 40
    assert service.count("ExecuteChangeSet") == 40


@pytest.mark.parametrize(("parallel", "share"), [(1, 0.2), (16, 0.6), (64, 0.2)])
def test_only_what_waits_for_a_failed_stack_is_skipped(parallel: int, share: float) -> None:
    fake = FakeRun()
    fake.cfn = service = Throttled(fake.clock, share)
    context = fake.context()
    waits = {number: {(number - 1) // 3} if number else set() for number in range(60)}
    below = {4} | {number for number in waits if number and _above(number, 4)}

    def work(key: str) -> StackResult:
        wanted = stack(key)
        broken = wanted if key != "s004" else stack(key, wanted.template.replace("Cluster:", "Doomed:", 1))
        return deploy(context, broken, lambda _: {}, fake.approve)

    service.fail["Doomed"] = "no room"
    schedule = Schedule(
        {f"s{number:03d}": frozenset(f"s{row:03d}" for row in rows) for number, rows in waits.items()},
        work={f"s{number:03d}": partial(work, f"s{number:03d}") for number in waits},
        skip=lambda key, _failed: StackResult(key, key, "skipped"),
        interrupted=lambda: None,
        calls=MainThreadQueue(),
        parallel=parallel,
    )
    outcomes = {row.key: row.outcome for row in schedule.run()}
    expected = {n: "failed" if n == 4 else "skipped" if n in below else "created" for n in waits}
    assert outcomes == {f"s{number:03d}": outcome for number, outcome in expected.items()}
    assert service.count("ExecuteChangeSet") == sum(outcome != "skipped" for outcome in outcomes.values())


@pytest.mark.parametrize("lag", [30, 120, 100_000])
@pytest.mark.parametrize(("reason", "outcome"), [("", "created"), ("no room", "failed")])
def test_a_stack_whose_events_come_late_or_never_ends_all_the_same(lag: int, reason: str, outcome: str) -> None:
    fake = FakeRun()
    fake.cfn = service = Late(fake.clock)
    service.lag = lag
    service.fail = {"Cluster": reason} if reason else {}
    began = fake.clock.monotonic()
    result = fake.deploy(stack())
    assert result.outcome == outcome
    assert reason in result.cause
    assert fake.clock.monotonic() - began <= 125


def _above(number: int, top: int) -> bool:
    """Whether the stack waits for that one, itself or through others."""
    while number > top:
        number = (number - 1) // 3
    return number == top
