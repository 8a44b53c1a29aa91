"""Answers of an endpoint that lack every key: lists are empty, and what cannot be left out is one error."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from aurora_cfn.aws.account import AwsAccount, AwsNames, StsCaller
from aurora_cfn.aws.attachments import AwsProxies
from aurora_cfn.aws.buckets import S3Buckets
from aurora_cfn.aws.change_sets import AwsChangeSets
from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.aws.cloudwatch import AwsLogEvents, AwsMetrics
from aurora_cfn.aws.data_api import AwsDataApi
from aurora_cfn.aws.database_sizes import AwsDatabaseSizes
from aurora_cfn.aws.drifts import AwsDrifts, CloudControl
from aurora_cfn.aws.dsql import AwsDsql
from aurora_cfn.aws.engine_versions import AwsEngineVersions
from aurora_cfn.aws.function_code import AwsFunctions
from aurora_cfn.aws.price_list import AwsPriceList
from aurora_cfn.aws.rds import AwsDatabases, AwsSnapshots
from aurora_cfn.aws.refactors import AwsStackRefactors
from aurora_cfn.aws.secrets import AwsRoleSecrets, AwsSecrets
from aurora_cfn.aws.session import Session
from aurora_cfn.aws.snapshots import AwsKeys, AwsSnapshotArchive
from aurora_cfn.aws.ssm import SsmParameters, SsmSessions
from aurora_cfn.aws.vpn import AcmCertificates, Ec2VpnEndpoints
from aurora_cfn.errors import AwsError, InputError
from aurora_cfn.model.change_set import ChangeSetRequest
from aurora_cfn.model.database_metrics import Metric
from aurora_cfn.model.database_tunnel import PortForwarding
from aurora_cfn.model.rds_database import DatabaseSnapshot
from aurora_cfn.model.rows import Database
from tests.aws.stubs import session
from tests.fakes.clock import FakeClock

SERVICES = (
    "acm", "cloudcontrol", "cloudformation", "cloudwatch", "dsql", "ec2", "kms", "lambda", "logs", "pricing", "rds",
    "rds-data", "s3", "secretsmanager", "ssm", "sts",
)  # fmt: skip
EMPTY: dict[str, Callable[[Session], Any]] = {
    "a stack": lambda at: AwsCloudFormation(at).stack("db"),
    "events": lambda at: AwsCloudFormation(at).events("db"),
    "failures of an operation": lambda at: AwsCloudFormation(at).operation_failures("1"),
    "the newest event": lambda at: AwsCloudFormation(at).newest_event("db"),
    "resources": lambda at: AwsCloudFormation(at).resources("db"),
    "change sets": lambda at: AwsChangeSets(at).change_sets("db"),
    "failures of early validation": lambda at: AwsChangeSets(at).validation_failures("arn"),
    "drifts": lambda at: AwsDrifts(at).drifts("db"),
    "importers": lambda at: AwsAccount(at).importers("Vpc"),
    "exports": lambda at: AwsAccount(at).exports(),
    "quotas of databases": lambda at: AwsDatabases(at).quotas(),
    "versions": lambda at: AwsDatabases(at).versions("aurora-postgresql", "16"),
    "a cluster": lambda at: AwsDatabases(at).cluster("db"),
    "an instance": lambda at: AwsDatabases(at).instance("db"),
    "members": lambda at: AwsDatabases(at).members("db"),
    "events of RDS": lambda at: AwsDatabases(at).events("db-cluster", "db", since=datetime(2026, 1, 1, tzinfo=UTC)),
    "a snapshot of a cluster": lambda at: AwsSnapshots(at).snapshot("db"),
    "a snapshot of an instance": lambda at: AwsSnapshots(at).snapshot("db", kind="db-instance"),
    "versions offered": lambda at: AwsEngineVersions(at).offer("aurora-postgresql").capacities,
    "values of SSM": lambda at: SsmParameters(at).values(["/a"]),
    "a log group": lambda at: AwsNames(at).log_group("/a"),
    "a parameter of SSM": lambda at: AwsNames(at).parameter("/a"),
}
NOW = datetime(2026, 1, 1, tzinfo=UTC)
BASE = Database("db-dev", "orders", "arn:secret", "arn:cluster")
SNAPSHOT = DatabaseSnapshot("s", "arn", "db", "available")
HOLLOW: dict[str, Callable[[Session], Any]] = {
    "stacks of the account": lambda at: AwsCloudFormation(at).root_stacks(),
    "a quota of stacks": lambda at: AwsAccount(at).stacks(),
    "a refactoring": lambda at: AwsStackRefactors(at).refactor("1"),
    "actions of a refactoring": lambda at: AwsStackRefactors(at).refactor_actions("1"),
    "running refactorings": lambda at: AwsStackRefactors(at).executing_refactors(),
    "snapshots of a cluster": lambda at: AwsSnapshotArchive(at).snapshots_of("db", kind="db-cluster"),
    "snapshots of an instance": lambda at: AwsSnapshotArchive(at).snapshots_of("db", kind="db-instance"),
    "kept backups": lambda at: AwsSnapshotArchive(at).kept_backups(),
    "a shared snapshot": lambda at: AwsSnapshotArchive(at).share_snapshot("s", kind="db-cluster", add=("1",)),
    "a copied snapshot": lambda at: AwsSnapshotArchive(at).copy_snapshot(SNAPSHOT, "t", tags={}),
    "the size of a cluster": lambda at: AwsDatabaseSizes(at, FakeClock()).cluster_size("db"),
    "the size of an instance": lambda at: AwsDatabaseSizes(at, FakeClock()).instance_size("db"),
    "all versions offered": lambda at: AwsEngineVersions(at).offer("aurora-postgresql"),
    "entries of a log": lambda at: AwsLogEvents(at).log_page("/a", since=NOW),
    "points of metrics": lambda at: AwsMetrics(at).metric_points(
        [Metric("ServerlessDatabaseCapacity", "db-cluster", "db")], since=NOW, until=NOW, period=60
    ),
    "prices": lambda at: AwsPriceList(at).prices("eu-west-1"),
    "a key": lambda at: AwsKeys(at).made_by_aws("k"),
    "code of a function": lambda at: AwsFunctions(at).code_sha256("f"),
    "properties of a resource": lambda at: CloudControl(at).properties("AWS::SNS::Topic", "t"),
    "an endpoint of DSQL": lambda at: AwsDsql(at).endpoint("d"),
    "keys of a secret": lambda at: AwsSecrets(at).keys("s"),
    "a login": lambda at: AwsSecrets(at).credentials("s"),
    "a secret by name": lambda at: AwsNames(at).secret("s"),
    "the state of a secret": lambda at: AwsRoleSecrets(at).secret_state("s"),
    "a new secret": lambda at: AwsRoleSecrets(at).create_secret("s", "{}", tags={}),
    "proxies of a database": lambda at: AwsProxies(at).proxies_of("db"),
    "a forwarding session": lambda at: SsmSessions(at).start_forwarding(PortForwarding("i", "h", 1, 2)),
    "a certificate": lambda at: AcmCertificates(at).import_certificate("c", "k", "ch"),
    "settings of a VPN": lambda at: Ec2VpnEndpoints(at).client_configuration("e"),
    "rows of a statement": lambda at: AwsDataApi(at).execute(BASE, "select 1"),
    "a transaction": lambda at: AwsDataApi(at).begin(BASE),
    "tags of a bucket": lambda at: S3Buckets(at).bucket_tags("b"),
    "the region of a bucket": lambda at: S3Buckets(at).bucket_region("b"),
    "a new change set": lambda at: AwsChangeSets(at).create_change_set(ChangeSetRequest("s", "c", "CREATE", "{}")),
}
NEEDED: dict[str, tuple[Callable[[Session], Any], str]] = {
    "a template": (
        lambda at: AwsCloudFormation(at).template("db"),
        "GetTemplate: .* has no TemplateBody",
    ),
    "a change set": (lambda at: AwsChangeSets(at).change_set("arn"), "DescribeChangeSet: the answer of .* has no "),
    "a detection of drift": (lambda at: AwsDrifts(at).detect_drift("db"), "has no StackDriftDetectionId"),
    "the state of a detection": (lambda at: AwsDrifts(at).drift_detection("1"), "has no DetectionStatus"),
    "the caller": (lambda at: StsCaller(at).identity(), "GetCallerIdentity: the answer of the server has no Account"),
    "a new snapshot": (lambda at: AwsSnapshots(at).create_snapshot("db", "s", tags={}), "has no DBClusterSnapshot"),
}


@pytest.fixture(scope="module")
def empty() -> Session:
    """A session whose calls are all answered without any key."""
    made = session()
    answer: Any = (SimpleNamespace(status_code=200), {})
    for service in SERVICES:
        made.client(service).meta.events.register("before-call", lambda **_: answer)
    return made


@pytest.mark.parametrize("ask", EMPTY.values(), ids=EMPTY)
def test_a_missing_list_is_empty(ask: Callable[[Session], Any], empty: Session) -> None:
    assert not ask(empty)


def test_a_missing_quota_is_zero(empty: Session) -> None:
    quota = AwsAccount(empty).stacks()
    assert (quota.used, quota.limit) == (0, 0)


@pytest.mark.parametrize(("ask", "message"), NEEDED.values(), ids=NEEDED)
def test_what_cannot_be_left_out_is_one_error(ask: Callable[[Session], Any], message: str, empty: Session) -> None:
    with pytest.raises(AwsError, match=message) as caught:
        ask(empty)
    assert "\n" not in str(caught.value)


def hollow(shape: Any, depth: int = 0) -> Any:
    """An answer of that shape with a row in each list, and without any text, number or moment in it."""
    if shape is None or depth > 6:
        return {}
    if shape.type_name == "structure":
        rows = {name: hollow(member, depth + 1) for name, member in shape.members.items()}
        return {name: row for name, row in rows.items() if row is not None}
    if shape.type_name == "list":
        row = hollow(shape.member, depth + 1)
        return [row] if row is not None else []
    return {} if shape.type_name == "map" else None


@pytest.fixture(scope="module")
def rows_without_values() -> Session:
    """A session whose calls are all answered with such rows."""
    made = session()
    for service in SERVICES:

        def send(model: Any, **_: Any) -> Any:
            return SimpleNamespace(status_code=200), hollow(model.output_shape)

        made.client(service).meta.events.register("before-call", send)
    return made


@pytest.mark.parametrize(
    "ask", [*EMPTY.values(), *(row for row, _ in NEEDED.values()), *HOLLOW.values()], ids=[*EMPTY, *NEEDED, *HOLLOW]
)
@pytest.mark.parametrize("kind", ["empty", "rows_without_values"])
def test_an_answer_without_values_is_one_error_or_none(
    ask: Callable[[Session], Any], kind: str, request: pytest.FixtureRequest
) -> None:
    """Whatever a key is in the model: what is missing never ends as a bug of ours."""
    with suppress(AwsError, InputError):
        ask(request.getfixturevalue(kind))
