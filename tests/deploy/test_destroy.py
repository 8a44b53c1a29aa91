"""Before a stack goes: what stays of it, what is in the way, and what came of it in the end."""

from __future__ import annotations

import pytest

from aurora_cfn.deploy.destroy import Deletion, DestroyPorts, destroyed, inspected, without_room
from aurora_cfn.errors import AwsError, BusyError
from aurora_cfn.model.rds_database import AutomatedBackups, Cluster, Instance, Quota
from aurora_cfn.model.stack import Output, Stack, StackResource
from tests.deploy.toys import FakeRun, entry
from tests.fakes.account import FakeAccount
from tests.fakes.cloudformation import FakeCloudFormation
from tests.fakes.rds import FakeDatabases, denied

CLUSTER, INSTANCE, TOPIC = "AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::SNS::Topic"
MEMBER = "Properties: {DBClusterIdentifier: c}"
EXPORTED = (Output("Name", "v", export="db-dev-Name"), Output("Own", "v"))


def standing(fake: FakeRun, template: str = "", status: str = "CREATE_COMPLETE", **more: object) -> Stack:
    """A stack with one resource `Db`, and another that is gone already."""
    kind = next((one for one in (CLUSTER, INSTANCE) if one in template), TOPIC)
    parameters = "Parameters: {Policy: {Type: String, Default: Retain}}"
    resources = f"{parameters}\nResources: {{Db: {template or f'{{Type: {TOPIC}}}'}}}"
    made = fake.cfn.put("db-dev", status, resources, **more)
    fake.cfn.put_resource(made, StackResource("Db", kind, "CREATE_COMPLETE", "db-1"))
    fake.cfn.put_resource(made, StackResource("Gone", CLUSTER, "DELETE_COMPLETE", "db-0"))
    return made


def look(
    fake: FakeRun,
    databases: FakeDatabases | None = None,
    account: FakeAccount | None = None,
    retain: tuple[str, ...] = (),
    leaving: frozenset[str] = frozenset({"db-dev"}),
) -> Deletion | None:
    around = DestroyPorts(fake.cfn, databases or FakeDatabases(), account or FakeAccount(), leaving)
    return inspected(around, entry(), retain)


KEPT, BACKUPS = (
    "Properties: {DeleteAutomatedBackups: false}", "automated backups of db-1 until their retention ends",
)  # fmt: skip
STAYS, SNAPSHOT = "stays as it is: db-1", "leaves a final snapshot of db-1"


@pytest.mark.parametrize(
    ("template", "retain", "left"),
    [
        (f"{{Type: {CLUSTER}}}", (), SNAPSHOT),
        (f"{{Type: {CLUSTER}, DeletionPolicy: Snapshot}}", (), SNAPSHOT),
        (f"{{Type: {CLUSTER}, DeletionPolicy: Snapshot}}", ("Db",), STAYS),
        (f"{{Type: {CLUSTER}, DeletionPolicy: Delete}}", (), ""),
        (f"{{Type: {CLUSTER}, DeletionPolicy: Delete, {KEPT}}}", (), f"leaves {BACKUPS}"),
        (f"{{Type: {CLUSTER}, {KEPT}}}", (), f"{SNAPSHOT} and {BACKUPS}"),
        (f"{{Type: {CLUSTER}, {KEPT.replace('false', 'true')}}}", (), SNAPSHOT),
        (f"{{Type: {CLUSTER}, DeletionPolicy: Retain, {KEPT}}}", (), STAYS),
        (f"{{Type: {CLUSTER}, DeletionPolicy: Retain}}", (), STAYS),
        (f"{{Type: {CLUSTER}, DeletionPolicy: RetainExceptOnCreate}}", (), STAYS),
        (f"{{Type: {CLUSTER}, DeletionPolicy: {{Ref: Unknown}}}}", (), SNAPSHOT),
        (f"{{Type: {CLUSTER}, DeletionPolicy: {{Ref: Policy}}}}", (), STAYS),
        (f"{{Type: {CLUSTER}, DeletionPolicy: {{Ref: 'AWS::NoValue'}}}}", (), SNAPSHOT),
        (f"{{Type: {INSTANCE}, Properties: {{DBClusterIdentifier: {{Ref: 'AWS::NoValue'}}}}}}", (), SNAPSHOT),
        (f"{{Type: {INSTANCE}}}", (), SNAPSHOT),
        (f"{{Type: {INSTANCE}, Properties: {{DBInstanceClass: c}}}}", (), SNAPSHOT),
        # RDS makes no snapshot of an instance of a cluster, so that none may be promised.
        (f"{{Type: {INSTANCE}, {MEMBER}}}", (), ""),
        (f"{{Type: {INSTANCE}, DeletionPolicy: Snapshot, {MEMBER}}}", (), ""),
        (f"{{Type: {INSTANCE}, DeletionPolicy: Retain, {MEMBER}}}", (), STAYS),
        (f"{{Type: {TOPIC}}}", (), ""),
        (f"{{Type: {TOPIC}}}", ("Db",), STAYS),
        (f"{{Type: {TOPIC}, DeletionPolicy: Retain}}", (), STAYS),
    ],
)
def test_what_survives_is_what_the_policies_say(template: str, retain: tuple[str, ...], left: str) -> None:
    fake = FakeRun()
    standing(fake, template)
    found = look(fake, retain=retain)
    assert found is not None
    assert [row.logical_id for row in found.resources] == ["Db"]
    assert [line.partition(") ")[2] for line in found.survivors] == ([left] if left else [])
    assert (found.key, found.obstacles) == ("db", ())


@pytest.mark.parametrize(
    ("policy", "retain", "backups"),
    [("Delete", (), ("db-1",)), ("Snapshot", (), ("db-1",)), ("Retain", (), ()), ("Delete", ("Db",), ())],
)
def test_only_clusters_that_are_deleted_need_room_for_their_backups(
    policy: str, retain: tuple[str, ...], backups: tuple[str, ...]
) -> None:
    fake = FakeRun()
    standing(fake, f"{{Type: {CLUSTER}, DeletionPolicy: {policy}, Properties: {{DeleteAutomatedBackups: false}}}}")
    found = look(fake, retain=retain)
    assert found is not None
    assert found.backups == backups


def test_a_stack_without_a_readable_template_is_still_looked_at() -> None:
    fake = FakeRun()
    fake.cfn.put("db-dev", "CREATE_FAILED")
    found = look(fake)
    assert found is not None
    assert found.survivors == ()


@pytest.mark.parametrize("kind", [CLUSTER, INSTANCE])
@pytest.mark.parametrize(
    ("policy", "retain", "protected", "refused"),
    [
        ("Snapshot", (), True, True),
        ("Delete", (), True, True),
        ("Snapshot", (), False, False),
        ("Snapshot", (), None, False),
        ("Retain", (), True, False),
        ("Delete", ("Db",), True, False),
    ],
)
def test_a_protected_database_prevents_the_deletion_unless_it_stays(
    kind: str, policy: str, retain: tuple[str, ...], protected: bool | None, refused: bool
) -> None:
    fake, databases = FakeRun(), FakeDatabases()
    standing(fake, f"{{Type: {kind}, DeletionPolicy: {policy}}}")
    if protected is not None:
        databases.clusters["db-1"] = Cluster("db-1", "arn", "available", "e", "1", protected and kind == CLUSTER)
        databases.instances["db-1"] = Instance("db-1", "available", "e", "1", protected and kind == INSTANCE)
    found = look(fake, databases, retain=retain)
    assert found is not None
    message = "db-dev: deletion protection of Db (db-1) is on; deploy with DeletionProtection=false first"
    assert found.obstacles == ((message,) if refused else ())


@pytest.mark.parametrize(
    ("users", "leaving", "message"),
    [
        (["b", "a"], set(), ("db-dev: its export db-dev-Name is used by a, b; destroy that first",)),
        (["b", "a"], {"a"}, ("db-dev: its export db-dev-Name is used by b; destroy that first",)),
        (["a"], {"a"}, ()),
        ([], set(), ()),
    ],
)
def test_importing_stacks_prevent_the_deletion_unless_they_go_too(
    users: list[str], leaving: set[str], message: tuple[str, ...]
) -> None:
    fake = FakeRun()
    standing(fake, outputs=EXPORTED)
    account = FakeAccount({"db-dev-Name": users, "": ["absent"]})
    found = look(fake, account=account, leaving=frozenset({"db-dev", *leaving}))
    assert found is not None
    assert found.obstacles == message


def test_termination_protection_is_in_the_way() -> None:
    fake = FakeRun()
    standing(fake, protected=True)
    found = look(fake)
    assert found is not None
    assert found.obstacles == ("db-dev: termination protection is on; deploy with `protect: false` first",)


def test_protection_that_the_caller_switches_off_is_not_asked_for_but_imports_are() -> None:
    fake = FakeRun()
    standing(fake, f"{{Type: {CLUSTER}}}", protected=True, outputs=EXPORTED)
    asked = FakeDatabases()
    asked.clusters["db-1"] = Cluster("db-1", "arn", "available", "e", "1", protected=True)
    ports = DestroyPorts(fake.cfn, asked, FakeAccount({"db-dev-Name": ["app"]}), frozenset({"db-dev"}))
    found = inspected(ports, entry(), (), keeps_protection=False)
    assert found is not None
    assert found.obstacles == ("db-dev: its export db-dev-Name is used by app; destroy that first",)


KEPT = "RDS keeps the automated backups of {} deleted clusters here, at most 40: those of {} do not fit"


@pytest.mark.parametrize(
    ("backups", "kept", "limit", "refused"),
    [
        (("a",), 39, 40, ""),
        (("a",), 40, 40, KEPT.format(40, "1 more cluster")),
        (("a", "b"), 39, 40, KEPT.format(39, "2 more clusters")),
        ((), 40, 40, ""),
        # The emulator has no quotas.
        (("a",), 40, None, ""),
    ],
)
def test_more_kept_backups_than_rds_takes_are_in_the_way(
    backups: tuple[str, ...], kept: int, limit: int | None, refused: str
) -> None:
    fake = FakeRun()
    databases = FakeDatabases()
    if limit is not None:
        databases.limits["DBClusters"] = Quota("DBClusters", 1, limit)
    deletion = Deletion(entry(), standing(fake), backups=backups)
    found = without_room([deletion], databases, lambda: [AutomatedBackups("c", "cluster-1")] * kept)
    assert [line.partition(", and")[0] for line in found] == ([refused] if refused else [])


def test_without_the_permission_to_count_kept_backups_the_deletion_shows_it() -> None:
    databases = FakeDatabases(trouble={"DescribeAccountAttributes": denied("DescribeAccountAttributes")})
    assert without_room([Deletion(entry(), standing(FakeRun()), backups=("a",))], databases, list) == []


@pytest.mark.parametrize(("code", "ignored"), [("AccessDenied", True), ("Throttling", False)])
@pytest.mark.parametrize("kind", [CLUSTER, INSTANCE, TOPIC])
def test_what_may_not_be_asked_is_left_to_the_deletion_and_any_other_error_ends_it(
    kind: str, code: str, ignored: bool
) -> None:
    fake, account = FakeRun(), FakeAccount()
    standing(fake, f"{{Type: {kind}}}", outputs=EXPORTED if kind == TOPIC else ())
    error = denied("x") if ignored else AwsError("slow down", code=code)
    account.trouble = error if kind == TOPIC else None
    databases = FakeDatabases(trouble={"DescribeDBClusters": error, "DescribeDBInstances": error})
    if not ignored:
        with pytest.raises(AwsError, match="slow down"):
            look(fake, databases, account)
        return
    found = look(fake, databases, account)
    assert found is not None
    assert found.obstacles == ()


@pytest.mark.parametrize(
    ("status", "word"),
    [(None, "none"), ("DELETE_COMPLETE", "none"), ("UPDATE_IN_PROGRESS", "busy"), ("DELETE_IN_PROGRESS", "busy"),
     ("DELETE_FAILED", "doomed"), ("ROLLBACK_COMPLETE", "doomed"), ("REVIEW_IN_PROGRESS", "doomed")],
)  # fmt: skip
def test_what_can_go_at_all(status: str | None, word: str) -> None:
    fake = FakeRun()
    if status:
        standing(fake, status=status)
    try:
        found = "doomed" if look(fake) else "none"
    except BusyError:
        found = "busy"
    assert found == word
    assert "DeleteStack" not in fake.cfn.calls


class Lingering(FakeCloudFormation):
    """An endpoint that still finds deleted stacks by their names."""

    def stack(self, name: str) -> Stack | None:
        gone = self._find(name, gone=True)
        return gone.stack if gone else None


def test_what_is_gone_already_is_not_destroyed_though_it_is_still_listed() -> None:
    fake = FakeRun()
    fake.cfn = Lingering(fake.clock)
    standing(fake, status="DELETE_COMPLETE", outputs=EXPORTED)
    assert look(fake) is None


@pytest.mark.parametrize("reason", ["", "a cluster uses it"])
def test_what_came_of_it_is_shown_with_events_and_time(reason: str) -> None:
    fake = FakeRun()
    made = standing(fake)
    fake.clock.sleep(1000)
    fake.cfn.fail = {"Db": reason} if reason else {}
    result = destroyed(fake.context(), Deletion(entry(), made), ())
    assert fake.listener.results == [result]
    assert (result.outcome, result.exit_code) == (("failed", 10) if reason else ("deleted", 0))
    assert reason in result.cause
    assert 1 <= result.seconds <= 60
    assert fake.listener.events
    assert list(result.events) == ([] if reason else fake.listener.events)
