"""After express mode: waiting until the databases themselves can be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.express import DatabaseWait
from aurora_cfn.deploy.watch.limit import Limit
from aurora_cfn.errors import AwsError
from aurora_cfn.model.change_set import ChangeSet, ResourceChange
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import StackPlan, StackResult
from aurora_cfn.model.rds_database import Cluster, Instance
from aurora_cfn.model.stack import StackResource
from tests.deploy.toys import FakeRun, changed, stack
from tests.fakes.clock import START
from tests.fakes.rds import FakeDatabases, denied


def database(status: str) -> Cluster:
    return Cluster("db-dev-cluster", "arn", status, "aurora-postgresql", "17.5")


def express(fake: FakeRun, then: Callable[[FakeDatabases, int], None], timeout: float | None = None) -> StackResult:
    """An express creation; `then` moves RDS on before each wait, and gets the number of waits so far."""
    writer = Instance("db-dev-writer", "creating", "aurora-postgresql", "17.5", cluster="db-dev-cluster")
    rds = FakeDatabases(clusters={"db-dev-cluster": database("creating")}, instances={"db-dev-writer": writer})
    sleep, rounds = fake.clock.sleep, [0]

    def moved(seconds: float) -> None:
        sleep(seconds)
        created = fake.cfn.stack("db-dev")
        if created and created.status == "CREATE_COMPLETE":
            rounds[0] += 1
            then(rds, rounds[0])

    fake.clock.sleep = moved  # type: ignore[method-assign]
    choices = Choices(express=True, timeout=timeout)
    return fake.deploy(context=changed(fake.context(choices), databases=rds))


def test_express_waits_for_the_databases_themselves() -> None:
    fake = FakeRun()

    def on(rds: FakeDatabases, number: int) -> None:
        if number == 4:
            rds.clusters["db-dev-cluster"] = database("available")
        if number == 8:
            rds.instances["db-dev-writer"] = replace(rds.instances["db-dev-writer"], status="available")

    result = express(fake, on)
    assert (result.outcome, result.exit_code) == ("created", 0)
    said = [line for line in fake.listener.lines if "RDS says" in line]
    assert said[-4:] == [
        "db: Cluster (db-dev-cluster): RDS says creating",
        "db: Writer (db-dev-writer): RDS says creating",
        "db: Cluster (db-dev-cluster): RDS says available",
        "db: Writer (db-dev-writer): RDS says available",
    ]


def test_express_waits_for_databases_in_nested_stacks() -> None:
    fake = FakeRun()
    below = "arn:aws:cloudformation:eu-west-1:123456789012:stack/db-dev-Data-1/9"
    rows = [("Inner", "AWS::RDS::DBCluster", "UPDATE_COMPLETE"), ("Gone", "AWS::RDS::DBCluster", "DELETE_COMPLETE"),
            ("Topic", "AWS::SNS::Topic", "CREATE_COMPLETE")]  # fmt: skip
    events = [
        StackEvent(f"n{number}", below, "db-dev-Data-1", name, f"{name.lower()}-id", kind, status, START)
        for number, (name, kind, status) in enumerate(rows)
    ]
    inner = replace(database("upgrading"), identifier="inner-id")
    rds = FakeDatabases(clusters={"inner-id": inner})
    context = changed(fake.context(Choices(express=True)), databases=rds)
    plan = StackPlan(stack(), {}, change_set=None)
    sleep = fake.clock.sleep

    def moved(seconds: float) -> None:
        sleep(seconds)
        rds.clusters["inner-id"] = replace(inner, status="available")

    fake.clock.sleep = moved  # type: ignore[method-assign]
    DatabaseWait(context, rds, plan, Limit(context, "db", "arn:root", "a creation"), events).wait("arn:root")
    assert fake.listener.lines == [
        "db: express mode is done; waiting for db-dev-Data-1/Inner",
        "db: db-dev-Data-1/Inner (inner-id): RDS says upgrading",
        "db: db-dev-Data-1/Inner (inner-id): RDS says available",
    ]


def _leave(fake: FakeRun) -> Callable[[FakeDatabases, int], None]:
    return lambda rds, number: setattr(fake, "stop", number > 2)


def _fail(_: FakeRun) -> Callable[[FakeDatabases, int], None]:
    return lambda rds, number: rds.clusters.update({"db-dev-cluster": database("incompatible-parameters")})


def _deny(_: FakeRun) -> Callable[[FakeDatabases, int], None]:
    return lambda rds, number: rds.trouble.update({"DescribeDBClusters": denied("DescribeDBClusters")})


def _nothing(_: FakeRun) -> Callable[[FakeDatabases, int], None]:
    return lambda rds, number: None


@pytest.mark.parametrize(
    ("then", "timeout", "outcome", "message"),
    [
        (
            _leave,
            None,
            ("detached", 7),
            "is deployed; stopped waiting for Cluster (creating), Writer (creating), which continues",
        ),
        (_fail, None, ("failed", 5), "Cluster (db-dev-cluster) is incompatible-parameters"),
        (_deny, None, ("created", 0), ""),
        (_nothing, 300, ("detached", 7), "is deployed, but not available after 5 minutes (--timeout): Cluster"),
    ],
)
def test_express_does_not_wait_forever(
    then: Callable[[FakeRun], Callable[[FakeDatabases, int], None]],
    timeout: float | None,
    outcome: tuple[str, int],
    message: str,
) -> None:
    fake = FakeRun()
    result = express(fake, then(fake), timeout)
    assert (result.outcome, result.exit_code) == outcome
    assert message in result.cause
    assert any("needs rds:DescribeDBClusters" in line for line in fake.listener.lines) == (then is _deny)
    assert fake.cfn.stack("db-dev").status == "CREATE_COMPLETE"  # type: ignore[union-attr]


CLUSTER = "AWS::RDS::DBCluster"


@pytest.mark.parametrize(
    ("resource", "action", "asked"),
    [
        (StackResource("Cluster", CLUSTER, "CREATE_COMPLETE", "db-dev-cluster"), "Add", True),
        (StackResource("Cluster", CLUSTER, "UPDATE_COMPLETE", "db-dev-cluster"), "Modify", True),
        (StackResource("Cluster", CLUSTER, "DELETE_COMPLETE", "db-dev-cluster"), "Modify", False),
        (StackResource("Cluster", CLUSTER, "CREATE_COMPLETE", ""), "Add", False),
        (StackResource("Cluster", CLUSTER, "CREATE_COMPLETE", "db-dev-cluster"), "Remove", False),
        (StackResource("Other", CLUSTER, "CREATE_COMPLETE", "db-dev-other"), "Add", False),
    ],
)
def test_only_what_was_touched_and_is_there_is_waited_for(resource: StackResource, action: str, asked: bool) -> None:
    fake = FakeRun()
    found = fake.cfn.put("db-dev", "UPDATE_COMPLETE")
    fake.cfn.put_resource(found, resource)
    rds = FakeDatabases(clusters={"db-dev-cluster": database("available"), "db-dev-other": database("available")})
    settling(fake, rds, found.arn, ResourceChange(action, "Cluster", CLUSTER)).wait(found.arn)
    assert bool(rds.calls) == asked


def settling(fake: FakeRun, rds: FakeDatabases, arn: str, change: ResourceChange) -> DatabaseWait:
    context = changed(fake.context(Choices(express=True)), databases=rds)
    change_set = ChangeSet("arn:set", "set", arn, "CREATE_COMPLETE", "AVAILABLE", changes=(change,))
    return DatabaseWait(context, rds, StackPlan(stack(), {}, None, change_set), Limit(context, "db", arn, "a creation"))


def troubled(then: Callable[[FakeRun, FakeDatabases], None]) -> tuple[FakeRun, StackResult]:
    """An express creation before which `then` happens; the trouble of RDS is over after the first wait for it."""
    fake = FakeRun()
    rds = FakeDatabases(
        clusters={"db-dev-cluster": database("available")},
        instances={"db-dev-writer": Instance("db-dev-writer", "available", "aurora-postgresql", "17.5")},
    )
    sleep = fake.clock.sleep

    def moved(seconds: float) -> None:
        sleep(seconds)
        if any("express mode is done" in line for line in fake.listener.lines):
            rds.trouble.clear()

    fake.clock.sleep = moved  # type: ignore[method-assign]
    then(fake, rds)
    return fake, fake.deploy(context=changed(fake.context(Choices(express=True)), databases=rds))


def failing(code: str) -> AwsError:
    return AwsError(f"DescribeDBClusters: no ({code})", operation="DescribeDBClusters", code=code)


def test_leaving_while_the_list_of_what_was_touched_cannot_be_read_names_no_database() -> None:
    refusal = AwsError("ListStackResources: no (Throttling)", operation="ListStackResources", code="Throttling")

    def then(fake: FakeRun, _: FakeDatabases) -> None:
        fake.cfn.trouble["ListStackResources"] = [refusal] * 9
        resources = fake.cfn.resources

        def leaving(arn: str) -> object:
            fake.stop = True
            return resources(arn)

        fake.cfn.resources = leaving  # type: ignore[method-assign, assignment]

    _, result = troubled(then)
    assert (result.outcome, result.exit_code) == ("detached", 7)
    assert result.cause == "db-dev is deployed; stopped waiting for its databases, which continues"


def test_a_reading_that_fails_is_made_again() -> None:
    _, result = troubled(lambda fake, rds: rds.trouble.update({"DescribeDBClusters": failing("Throttling")}))
    assert (result.outcome, result.exit_code) == ("created", 0)


@pytest.mark.parametrize(
    ("code", "outcome"), [("Throttling", "created"), ("AccessDenied", "created"), ("ExpiredToken", "detached")]
)
def test_the_list_of_what_was_touched_may_fail_too(code: str, outcome: str) -> None:
    refusal = AwsError(f"ListStackResources: no ({code})", operation="ListStackResources", code=code)
    fake, result = troubled(lambda fake, _: fake.cfn.trouble.update({"ListStackResources": [refusal]}))
    assert result.outcome == outcome
    warned = "db: warning: its databases are not waited for until they are available: needs cloudformation:List"
    assert any(line.startswith(warned) for line in fake.listener.lines) == (code == "AccessDenied")
    assert ("is deployed, but its databases are no longer watched" in result.cause) == (outcome == "detached")
