"""Many stacks in one run, a fifth of the readings of events throttled: all end, and each costs what it costs alone.

The fake stands above the retries of the AWS client, so that what is throttled here was throttled to the end.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from random import Random

import pytest

from aurora_cfn.deploy.deployment import deploy
from aurora_cfn.deploy.schedule import Desk, Schedule
from aurora_cfn.errors import AwsError
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import StackResult
from tests.deploy.toys import World, stack
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import FakeCloudFormation

SHARE = 0.2
GROWTH = 1.25
"""Calls a stack of many may be so many times those of one alone."""


class Throttled(FakeCloudFormation):
    """Turns a share of the readings of events away, by fixed dice."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.dice, self.struck = Random(7), 0
        self._counting = threading.Lock()

    def events(self, stack: str, *, since: str | None = None) -> Sequence[StackEvent]:
        with self._counting:
            strikes = self.dice.random() < SHARE
            self.struck += strikes
        if strikes:
            raise AwsError("DescribeStackEvents: Rate exceeded (Throttling)", code="Throttling")
        return super().events(stack, since=since)


def deployed(count: int, parallel: int = 16) -> tuple[World, list[StackResult], Throttled]:
    """So many stacks in one run: the world afterwards, what came of each, and the service."""
    world = World()
    world.cfn = service = Throttled(world.clock)
    engine = world.engine()
    keys = [f"s{number:03d}" for number in range(count)]
    schedule = Schedule(
        dict.fromkeys(keys, frozenset()),
        work=lambda key: deploy(engine, stack(key), lambda _: {}),
        skip=lambda key, _failed: StackResult(key, key, "skipped"),
        interrupted=lambda: None,
        desk=Desk(),
        parallel=parallel,
    )
    return world, schedule.run(), service


def test_two_hundred_all_end_none_is_forgotten_and_each_costs_what_it_costs_alone() -> None:
    alone, _, _ = deployed(1)
    world, results, service = deployed(200)
    assert {row.outcome for row in results} == {"created"}
    assert [row.key for row in results] == [f"s{number:03d}" for number in range(200)]
    assert sorted(row.key for row in world.told.results) == [row.key for row in results]
    assert service.count("ExecuteChangeSet") == service.count("CreateChangeSet") == 200
    assert service.struck > 40
    assert len(world.cfn.calls) / 200 <= len(alone.cfn.calls) * GROWTH


@pytest.mark.parametrize("parallel", [1, 64])
def test_however_many_run_side_by_side_all_end(parallel: int) -> None:
    _, results, service = deployed(40, parallel)
    assert [row.outcome for row in results] == ["created"] * 40
    assert service.count("ExecuteChangeSet") == 40
