"""Killed before or after every single call, then run again: each time it gets where it would have got to.

A killed run can do nothing any more, so from that call on every call of it fails, its clean-up's included.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from aurora_cfn.deploy.context import Choices, Context
from aurora_cfn.deploy.deploy_stack import deploy
from aurora_cfn.deploy.stack_policy import policy_for
from aurora_cfn.model.change_set import ChangeSetRequest
from aurora_cfn.model.ownership import Owner
from tests.deploy.test_before_change import Upgrading
from tests.deploy.toys import TEMPLATE, FakeRun, changed, stack
from tests.fakes.cloudformation import FakeCloudFormation
from tests.fakes.rds import FakeSnapshots

DEAD, ALIVE = Owner("0123456789ab", 7, "100"), Owner("0123456789ab", 8, "200")
WANTED = stack(protect=True)
FOREIGN = "theirs"


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Life:
    """How many calls are left, and whether the last one is still carried out."""

    left: int
    carries_out: bool
    calls: list[str] = field(default_factory=list)

    def call(self, name: str, work: Callable[..., Any], *given: Any, **named: Any) -> Any:
        self.left -= 1
        if self.left > 0:
            self.calls.append(name)
            return work(*given, **named)
        if self.left == 0 and self.carries_out:
            work(*given, **named)
        raise Killed


class Mortal:
    """A port that works for as long as the life lasts."""

    def __init__(self, port: Any, life: Life) -> None:
        self.port, self.life = port, life

    def __getattr__(self, name: str) -> Any:
        work = getattr(self.port, name)
        return lambda *given, **named: self.life.call(name, work, *given, **named)


class Recording(Upgrading):
    """Remembers which change sets were deleted."""

    deleted: tuple[str, ...] = ()

    def delete_change_set(self, arn: str) -> None:
        self.deleted += (arn,)
        super().delete_change_set(arn)


@dataclass
class Case:
    """AWS before the run, what is asked of the run, and how often something must have been executed since."""

    fake: FakeRun
    size: str
    executions: int = 1
    snapshots: FakeSnapshots = field(init=False)

    def __post_init__(self) -> None:
        self.snapshots = FakeSnapshots(self.fake.clock)
        self.fake.cfn.calls.clear()

    def context(self, run: str, maker: Owner) -> Context:
        allowed = Choices(allow=("Cluster",))
        changed_context = changed(self.fake.context(allowed), run=run, snapshots=self.snapshots, owner=maker.suffix)
        return changed(changed_context, owner_is_dead=lambda found: found == DEAD)

    def deploy(self, context: Context) -> str:
        result = deploy(context, WANTED, lambda _: {"Size": self.size}, self.fake.approve)
        assert result.exit_code == 0, result.cause
        return result.outcome

    def lived(self, calls: int, *, carries_out: bool) -> Life:
        """A run that is killed after so many calls, unless it needs fewer."""
        life, context = Life(calls, carries_out), self.context("killed", DEAD)
        mortal: Any = Mortal(self.fake.cfn, life)
        try:
            self.deploy(changed(context, cloudformation=mortal, snapshots=Mortal(self.snapshots, life)))
        except Killed:
            return life
        return life


def new() -> Case:
    fake = FakeRun()
    fake.cfn = Recording(fake.clock)
    return Case(fake, "1")


def update() -> Case:
    """An upgrade, with a snapshot first and the policy opened meanwhile."""
    case = new()
    assert deploy(case.fake.context(), WANTED, lambda _: {"Size": "1"}, case.fake.approve).outcome == "created"
    case.fake.cfn.create_change_set(ChangeSetRequest("db-dev", FOREIGN, "UPDATE", TEMPLATE, parameters={"Size": "5"}))
    return Case(case.fake, "2")


def failed() -> Case:
    """A creation that was rolled back: deleted, and made again."""
    case = new()
    case.fake.cfn.put("db-dev", "ROLLBACK_COMPLETE", protected=True)
    return Case(case.fake, "1")


def calls_of(make: Callable[[], Case]) -> int:
    return len(make().lived(10_000, carries_out=True).calls)


@pytest.mark.parametrize("carries_out", [False, True])
@pytest.mark.parametrize("make", [new, update, failed])
def test_killed_at_any_call_the_next_run_gets_there(make: Callable[[], Case], carries_out: bool) -> None:
    count = calls_of(make)
    assert count > 8
    for number in range(1, count + 1):
        case = make()
        case.lived(number, carries_out=carries_out)
        case.deploy(case.context("again", ALIVE))
        check(case, f"call {number} of {count}")


def check(case: Case, where: str) -> None:
    cfn: FakeCloudFormation = case.fake.cfn
    found = cfn.stack("db-dev")
    assert found is not None, where
    assert found.status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}, where
    assert found.parameters == {"Size": case.size}, where
    assert found.protected, where
    assert cfn.stack_policy("db-dev") == policy_for(TEMPLATE), where
    assert cfn.change_sets("db-dev") == [], where
    assert cfn.count("ExecuteChangeSet") == case.executions, where
    assert len(case.snapshots.kept) <= 1, where
    assert not any(FOREIGN in arn for arn in cfn.deleted), where  # type: ignore[attr-defined]
    assert cfn.names() == ["db-dev"], where
