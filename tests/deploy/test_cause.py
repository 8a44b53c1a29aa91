"""Which failure is the one to tell about."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aurora_cfn.deploy.cause import first_cause, half_made, left_behind
from aurora_cfn.deploy.engine import Choices
from aurora_cfn.deploy.hints import HINTS, hint
from aurora_cfn.model.event import STACK_TYPE, StackEvent
from tests.deploy.toys import World
from tests.fakes.clock import START

ROOT = "arn:aws:cloudformation:eu-west-1:123456789012:stack/root/1"
NESTED = "arn:aws:cloudformation:eu-west-1:123456789012:stack/nested/2"


def event(
    second: int, logical: str, status: str, reason: str = "", *, stack: str = ROOT, kind: str = "T"
) -> StackEvent:
    physical = stack if logical in ("root", "nested") and kind == STACK_TYPE else f"{logical}-id"
    at = START + timedelta(seconds=second)
    return StackEvent(f"e{second}", stack, stack.split("/")[1], logical, physical, kind, status, at, reason)


def test_the_earliest_failure_wins_over_cancelled_neighbours_and_the_stack() -> None:
    events = [
        event(3, "A", "CREATE_FAILED", "Resource creation cancelled"),
        event(2, "B", "CREATE_FAILED", "Quota exceeded"),
        event(4, "root", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [B].", kind=STACK_TYPE),
    ]
    assert first_cause(events) == events[1]


def test_the_failure_inside_a_nested_stack_comes_before_the_nested_stack() -> None:
    inner = event(2, "Cluster", "CREATE_FAILED", "Cannot find version", stack=NESTED)
    outer = event(
        3, "Nested", "CREATE_FAILED", f"Embedded stack {NESTED} was not successfully created: x", kind=STACK_TYPE
    )
    assert first_cause([outer, inner]) == inner


def test_a_stack_that_fails_by_itself_is_its_own_cause() -> None:
    only = event(1, "root", "ROLLBACK_IN_PROGRESS", "Export 'Nope' not found", kind=STACK_TYPE)
    assert first_cause([only]) == only


def test_no_failure_no_cause() -> None:
    assert first_cause([event(1, "A", "CREATE_COMPLETE")]) is None


def test_what_was_not_deleted_is_left_behind_unless_it_went_later() -> None:
    stays = event(1, "A", "DELETE_FAILED", "in use")
    gone = [event(2, "B", "DELETE_FAILED", "in use"), event(3, "B", "DELETE_COMPLETE")]
    skipped = event(4, "C", "DELETE_SKIPPED")
    assert left_behind([stays, *gone, skipped]) == [stays, skipped]


@pytest.mark.parametrize(
    ("choices", "status", "told"),
    [
        (Choices(), "ROLLBACK_COMPLETE", []),
        (Choices(disable_rollback=True), "CREATE_FAILED", ["Cluster (db-dev-cluster)", "Writer (db-dev-writer)"]),
        (Choices(on_failure="DO_NOTHING"), "CREATE_FAILED", ["Cluster (db-dev-cluster)", "Writer (db-dev-writer)"]),
    ],
)
def test_a_failed_creation_tells_what_it_leaves_and_the_way_out(choices: Choices, status: str, told: list[str]) -> None:
    world = World()
    world.cfn.fail["Writer"] = "no capacity"
    result = world.deploy(engine=world.engine(choices))
    first, *rest = result.cause.splitlines()
    assert first == "Writer (AWS::RDS::DBInstance): no capacity"
    assert rest[0] == f"  db-dev ended in {status}"
    out = ["  the way out: `aurora-cfn recover --env dev` names it, and goes it after asking"]
    assert rest[1:] == [f"  left behind: {row}" for row in told] + (out if told else [])


def test_what_went_again_is_not_left_behind() -> None:
    made = [event(1, "A", "CREATE_IN_PROGRESS"), event(2, "A", "CREATE_COMPLETE"), event(3, "B", "CREATE_FAILED")]
    assert half_made(made) == made[1:]
    assert half_made([*made, event(4, "A", "DELETE_COMPLETE"), event(5, "B", "DELETE_FAILED")]) == [
        event(5, "B", "DELETE_FAILED")
    ]


@pytest.mark.parametrize(
    ("reason", "part"),
    [
        ("Cannot upgrade aurora-postgresql from 13.9 to 13.7", "newer than EngineVersion"),
        ("The engine mode serverless you requested is currently unavailable.", "2025-03-31"),
        ("DBClusterSnapshotAlreadyExistsFault: cannot create cluster snapshot because", "fixed name"),
        ("Cannot delete protected Cluster X, please disable deletion protection", "DeletionProtection=false"),
        ("Export net-VpcId cannot be deleted as it is in use by db", "imports this value"),
        ("No export named net-VpcId found", "NetworkStackName"),
        ("Secrets Manager can't find the specified secret.", "username and password"),
        ("Could not find a value associated with JSONKey in SecretString", "username and password"),
        ("The parameter MasterUserPassword is not a valid password. Only printable ASCII characters", "no / @"),
        ("HttpEndpointNotEnabledException: Http endpoint is not enabled", "Data API"),
        ("HttpEndpointNotEnabledException", "Data API"),
        ("DatabaseNotFoundException: no instances", "db.serverless"),
        ("Cannot delete export net-VpcId as it is in use by db.", "imports this value"),
        ("Set the Serverless v2 scaling configuration on the parent DB cluster", "scaling limits"),
        ("The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement.", "two availability zones"),
        ("Rate exceeded (Service: Rds, Status Code: 400)", "deploy again"),
        ("RequestLimitExceeded: Request limit exceeded.", "deploy again"),
        ("Resource of type 'AWS::RDS::DBInstance' with identifier 'x' did not stabilize.", "describe-events"),
        ("Set ServerlessV2ScalingConfiguration before adding db.serverless", "scaling limits"),
        ("Requested attribute SecretArn does not exist in schema", "MasterUserSecret.SecretArn"),
        ("EngineLifecycleSupport cannot be modified. Resource is immutable", "old value back"),
        ("You can't create an encrypted DB cluster from an unencrypted DB snapshot without an AWS KMS key", "KmsKeyId"),
        ("The parameter group family aurora-postgresql16 does not match", "major engine version"),
        ("target AUTH_FAILURE", "secret needs a username"),
        ("User: arn:x is not authorized to perform: rds:CreateDBCluster", "permissions deploy"),
        ("Cannot exceed quota for DBClusters (DBClusterQuotaExceededFault)", "Service Quotas"),
        ("something else entirely", ""),
    ],
)
def test_known_causes_have_a_way_out(reason: str, part: str) -> None:
    found = hint(reason)
    assert (part in found) if part else found == ""


def test_no_hint_is_given_twice() -> None:
    texts = [text for _, text in HINTS]
    assert len(texts) == len(set(texts))
