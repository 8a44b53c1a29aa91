"""Time limits, interrupts, cancellation, and what happened last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from aurora_cfn.deploy.engine import Choices
from aurora_cfn.deploy.history import ended, last_operation
from aurora_cfn.deploy.limit import Limit
from aurora_cfn.deploy.settling import Settling
from aurora_cfn.errors import AwsError
from aurora_cfn.model.database import Cluster, Instance
from aurora_cfn.model.event import STACK_TYPE, StackEvent
from aurora_cfn.model.plan import StackPlan, StackResult
from tests.deploy.toys import World, stack
from tests.fakes.clock import START
from tests.fakes.rds import FakeDatabases, denied


def test_an_update_that_takes_too_long_is_cancelled_once_and_watched_to_its_end() -> None:
    world = World()
    world.deploy()
    world.cfn.seconds = 600
    result = world.deploy(engine=world.engine(Choices(timeout=120)), Size="2")
    assert (result.outcome, result.exit_code) == ("failed", 5)
    assert "cancelled after 2 minutes (--timeout): it ended in UPDATE_ROLLBACK_COMPLETE" in result.cause
    assert world.cfn.count("CancelUpdateStack") == 1


@pytest.mark.parametrize("fails", [True, False])
def test_an_update_that_cannot_be_cancelled_ends_as_it_ends(fails: bool) -> None:
    world = World()
    world.deploy()
    world.cfn.seconds = 600
    refusal = AwsError("CancelUpdateStack: no (AccessDenied)", code="AccessDenied")
    world.cfn.trouble["CancelUpdateStack"] = [refusal]
    if fails:
        world.cfn.fail["Writer"] = "Cluster is too small"
    result = world.deploy(engine=world.engine(Choices(timeout=120)), Size="2")
    assert world.cfn.count("CancelUpdateStack") == 1
    assert "db: warning: could not cancel: CancelUpdateStack: no (AccessDenied)" in world.told.lines
    assert (result.outcome, "Cluster is too small" in result.cause) == ("failed" if fails else "updated", fails)
    assert "cancelled" not in result.cause


def test_a_creation_that_takes_too_long_is_left_running() -> None:
    world = World()
    world.cfn.seconds = 600
    result = world.deploy(engine=world.engine(Choices(timeout=120)))
    assert (result.outcome, result.exit_code) == ("detached", 7)
    assert "events --env dev --stack db --follow" in result.cause
    assert world.cfn.count("CancelUpdateStack") == 0
    assert world.cfn.stack("db-dev").status == "CREATE_IN_PROGRESS"  # type: ignore[union-attr]


def test_without_a_limit_nothing_is_ever_cancelled() -> None:
    world = World()
    world.cfn.seconds = 36_000
    assert world.deploy().outcome == "created"


def database(status: str) -> Cluster:
    return Cluster("db-dev-cluster", "arn", status, "aurora-postgresql", "17.5")


def express(world: World, then: Callable[[FakeDatabases, int], None], timeout: float | None = None) -> StackResult:
    """An express creation; `then` moves RDS on before each wait, and is told how many there were."""
    writer = Instance("db-dev-writer", "creating", "aurora-postgresql", "17.5", cluster="db-dev-cluster")
    rds = FakeDatabases(clusters={"db-dev-cluster": database("creating")}, instances={"db-dev-writer": writer})
    sleep, rounds = world.clock.sleep, [0]

    def moved(seconds: float) -> None:
        sleep(seconds)
        created = world.cfn.stack("db-dev")
        if created and created.status == "CREATE_COMPLETE":
            rounds[0] += 1
            then(rds, rounds[0])

    world.clock.sleep = moved  # type: ignore[method-assign]
    choices = Choices(express=True, timeout=timeout)
    return world.deploy(engine=replace(world.engine(choices), databases=rds))


def test_express_waits_for_the_databases_themselves() -> None:
    world = World()

    def on(rds: FakeDatabases, number: int) -> None:
        if number == 4:
            rds.clusters["db-dev-cluster"] = database("available")
        if number == 8:
            rds.instances["db-dev-writer"] = replace(rds.instances["db-dev-writer"], status="available")

    result = express(world, on)
    assert (result.outcome, result.exit_code) == ("created", 0)
    said = [line for line in world.told.lines if "RDS says" in line]
    assert said[-4:] == [
        "db: Cluster (db-dev-cluster): RDS says creating",
        "db: Writer (db-dev-writer): RDS says creating",
        "db: Cluster (db-dev-cluster): RDS says available",
        "db: Writer (db-dev-writer): RDS says available",
    ]


def test_express_waits_for_databases_in_nested_stacks() -> None:
    world = World()
    below = "arn:aws:cloudformation:eu-west-1:123456789012:stack/db-dev-Data-1/9"
    rows = [("Inner", "AWS::RDS::DBCluster", "UPDATE_COMPLETE"), ("Gone", "AWS::RDS::DBCluster", "DELETE_COMPLETE"),
            ("Topic", "AWS::SNS::Topic", "CREATE_COMPLETE")]  # fmt: skip
    events = [
        StackEvent(f"n{number}", below, "db-dev-Data-1", name, f"{name.lower()}-id", kind, status, START)
        for number, (name, kind, status) in enumerate(rows)
    ]
    inner = replace(database("upgrading"), identifier="inner-id")
    rds = FakeDatabases(clusters={"inner-id": inner})
    engine = replace(world.engine(Choices(express=True)), databases=rds)
    plan = StackPlan(stack(), {}, change_set=None)
    sleep = world.clock.sleep

    def moved(seconds: float) -> None:
        sleep(seconds)
        rds.clusters["inner-id"] = replace(inner, status="available")

    world.clock.sleep = moved  # type: ignore[method-assign]
    Settling(engine, rds, plan, Limit(engine, "db", "arn:root", cancels=False), events).wait("arn:root")
    assert world.told.lines == [
        "db: express mode is done; waiting for db-dev-Data-1/Inner",
        "db: db-dev-Data-1/Inner (inner-id): RDS says upgrading",
        "db: db-dev-Data-1/Inner (inner-id): RDS says available",
    ]


def _leave(world: World) -> Callable[[FakeDatabases, int], None]:
    return lambda rds, number: setattr(world, "stop", number > 2)


def _fail(_: World) -> Callable[[FakeDatabases, int], None]:
    return lambda rds, number: rds.clusters.update({"db-dev-cluster": database("incompatible-parameters")})


def _deny(_: World) -> Callable[[FakeDatabases, int], None]:
    return lambda rds, number: rds.trouble.update({"DescribeDBClusters": denied("DescribeDBClusters")})


def _nothing(_: World) -> Callable[[FakeDatabases, int], None]:
    return lambda rds, number: None


@pytest.mark.parametrize(
    ("then", "timeout", "outcome", "told"),
    [
        (_leave, None, ("detached", 7), "is deployed; stopped waiting for Cluster (creating), Writer (creating)"),
        (_fail, None, ("failed", 5), "Cluster (db-dev-cluster) is incompatible-parameters"),
        (_deny, None, ("created", 0), ""),
        (_nothing, 300, ("detached", 7), "is deployed, but not available after 5 minutes (--timeout): Cluster"),
    ],
)
def test_express_does_not_wait_forever(
    then: Callable[[World], Callable[[FakeDatabases, int], None]],
    timeout: float | None,
    outcome: tuple[str, int],
    told: str,
) -> None:
    world = World()
    result = express(world, then(world), timeout)
    assert (result.outcome, result.exit_code) == outcome
    assert told in result.cause
    assert any("needs rds:DescribeDBClusters" in line for line in world.told.lines) == (then is _deny)
    assert world.cfn.stack("db-dev").status == "CREATE_COMPLETE"  # type: ignore[union-attr]


def test_whoever_leaves_is_told_how_to_come_back() -> None:
    world = World()
    world.cfn.seconds = 600

    def leave(seconds: float) -> None:
        world.stop = True

    world.clock.sleep = leave  # type: ignore[method-assign]
    result = world.deploy()
    assert (result.outcome, result.exit_code) == ("detached", 7)
    assert "the operation goes on" in result.cause


def event(number: int, status: str, reason: str = "") -> StackEvent:
    arn = "arn:aws:cloudformation:eu-west-1:123456789012:stack/db/1"
    at = START + timedelta(seconds=number)
    return StackEvent(f"e{number}", arn, "db", "db", arn, STACK_TYPE, status, at, reason)


def test_a_rollback_by_itself_belongs_to_the_operation_and_one_by_hand_is_its_own() -> None:
    events = [
        event(1, "CREATE_IN_PROGRESS"), event(2, "CREATE_COMPLETE"), event(3, "UPDATE_IN_PROGRESS"),
        event(4, "UPDATE_ROLLBACK_IN_PROGRESS", "The following resource(s) failed"),
        event(5, "UPDATE_ROLLBACK_FAILED", "no"),
    ]  # fmt: skip
    assert last_operation(events) == events[2:]
    assert ended(last_operation(events)) == events[-1]
    again = [*events, event(6, "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")]
    assert last_operation(again) == again[5:]
    assert ended(last_operation(again)) is None
