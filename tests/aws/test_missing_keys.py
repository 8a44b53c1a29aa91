"""Answers of an endpoint that lack every key: lists are empty, and what cannot be left out is one error."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from aurora_cfn.aws.change_sets import AwsChangeSets
from aurora_cfn.aws.cloudformation import AwsAccount, AwsCloudFormation, AwsDrifts
from aurora_cfn.aws.engine_versions import AwsEngineVersions
from aurora_cfn.aws.names import AwsNames
from aurora_cfn.aws.rds import AwsDatabases, AwsSnapshots
from aurora_cfn.aws.session import Session
from aurora_cfn.aws.ssm import SsmParameters
from aurora_cfn.aws.sts import StsCaller
from aurora_cfn.errors import AwsError
from tests.aws.stubs import session

SERVICES = ("cloudformation", "rds", "s3", "ssm", "sts", "logs")
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


@pytest.fixture
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
