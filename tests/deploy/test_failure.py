"""Which failure is reported."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.failure import failure_text, first_cause, followers, half_made, hint, hints, left_behind
from aurora_cfn.model.event import STACK_TYPE, StackEvent
from tests.deploy.toys import FakeRun
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


SAID = "The following resource(s) failed to create: [B]."
CANCELLED = "Resource creation cancelled"


@pytest.mark.parametrize(
    ("events", "cause"),
    [
        # Events of several stacks come one stack after the other, so only their time shows which was first.
        ([event(5, "Late", "CREATE_FAILED", "b"), event(2, "Early", "CREATE_FAILED", "a", stack=NESTED)], "Early"),
        # A failure with a reason of its own explains one without, and one that only follows.
        ([event(1, "Mute", "CREATE_FAILED"), event(2, "Said", "CREATE_FAILED", "a")], "Said"),
        ([event(1, "Follows", "CREATE_FAILED", CANCELLED), event(2, "Said", "CREATE_FAILED", "a")], "Said"),
        # A resource says more than the stack, though the stack was first.
        ([event(1, "root", "CREATE_FAILED", "a", kind=STACK_TYPE), event(2, "Said", "CREATE_FAILED", "b")], "Said"),
        # The stack's own word goes before resources that only follow from it.
        (
            [event(1, "Follows", "CREATE_FAILED", CANCELLED), event(2, "root", "CREATE_FAILED", "a", kind=STACK_TYPE)],
            "root",
        ),
        # Where all of them follow, the first is better than nothing.
        ([event(1, "Follows", "CREATE_FAILED", CANCELLED), event(2, "root", "CREATE_FAILED", SAID, kind=STACK_TYPE)],
         "Follows"),
        ([event(1, "Mute", "CREATE_FAILED")], "Mute"),
        # A rollback is a failure only as the stack's own, and where it says why.
        ([event(1, "root", "ROLLBACK_IN_PROGRESS", kind=STACK_TYPE)], None),
        ([event(1, "Rule", "ROLLBACK_COMPLETE", "a")], None),
        ([event(1, "root", "UPDATE_IN_PROGRESS", "User Initiated", kind=STACK_TYPE)], None),
    ],
)  # fmt: skip
def test_which_event_is_the_cause(events: list[StackEvent], cause: str | None) -> None:
    found = first_cause(events)
    assert (found.logical_id if found else None) == cause


def test_what_failed_beside_the_cause_in_time() -> None:
    cause = event(2, "A", "CREATE_FAILED", "a")
    again = event(9, "A", "DELETE_FAILED", "a")
    twin = event(7, "A", "CREATE_FAILED", "c", stack=NESTED)
    other = event(4, "B", "UPDATE_FAILED", "b")
    whole = event(5, "root", "CREATE_FAILED", SAID, kind=STACK_TYPE)
    assert followers([twin, cause, event(3, "C", "CREATE_COMPLETE"), whole, other, again], cause) == [other, twin]


def test_each_physical_resource_of_each_stack_is_left_behind_for_itself() -> None:
    old, new = event(1, "A", "DELETE_SKIPPED"), replace(event(2, "A", "CREATE_COMPLETE"), physical_id="A-new")
    inner, outer = event(3, "A", "DELETE_FAILED", stack=NESTED), event(4, "B", "DELETE_FAILED")
    renamed = replace(event(5, "C", "DELETE_FAILED"), physical_id="B-id")
    whole = event(6, "root", "DELETE_FAILED", SAID, kind=STACK_TYPE)
    assert left_behind([old, new, inner, outer, renamed, whole]) == [old, inner, outer, renamed]


END = event(9, "root", "UPDATE_ROLLBACK_COMPLETE", kind=STACK_TYPE)


@pytest.mark.parametrize(
    ("end", "events", "text"),
    [
        (END, [], ["root ended in UPDATE_ROLLBACK_COMPLETE: CloudFormation gave no reason"]),
        (replace(END, reason="stopped"), [], ["root ended in UPDATE_ROLLBACK_COMPLETE: stopped"]),
        (END, [event(1, "A", "UPDATE_FAILED")], ["A (T): UPDATE_FAILED", "  root ended in UPDATE_ROLLBACK_COMPLETE"]),
        (
            END,
            [event(1, "A", "UPDATE_FAILED", "no", stack=NESTED), event(2, "B", "UPDATE_FAILED", CANCELLED),
             event(3, "C", "UPDATE_FAILED", CANCELLED), event(4, "B", "DELETE_FAILED", "in use")],
            ["nested/A (T): no", "  root ended in UPDATE_ROLLBACK_COMPLETE", "  failed after it: B, C",
             "  left behind: B (B-id)"],
        ),
    ],
)  # fmt: skip
def test_the_whole_text_of_a_failure(end: StackEvent, events: list[StackEvent], text: list[str]) -> None:
    assert failure_text("root", end, events).splitlines() == text


def test_no_failure_no_cause() -> None:
    assert first_cause([event(1, "A", "CREATE_COMPLETE")]) is None


def test_what_was_not_deleted_is_left_behind_unless_it_went_later() -> None:
    stays = event(1, "A", "DELETE_FAILED", "in use")
    gone = [event(2, "B", "DELETE_FAILED", "in use"), event(3, "B", "DELETE_COMPLETE")]
    skipped = event(4, "C", "DELETE_SKIPPED")
    assert left_behind([stays, *gone, skipped]) == [stays, skipped]


@pytest.mark.parametrize(
    ("choices", "status", "message"),
    [
        (Choices(), "ROLLBACK_COMPLETE", []),
        (Choices(disable_rollback=True), "CREATE_FAILED", ["Cluster (db-dev-cluster)", "Writer (db-dev-writer)"]),
        (Choices(on_failure="DO_NOTHING"), "CREATE_FAILED", ["Cluster (db-dev-cluster)", "Writer (db-dev-writer)"]),
    ],
)
def test_a_failed_creation_shows_what_it_leaves_and_the_remedy(
    choices: Choices, status: str, message: list[str]
) -> None:
    fake = FakeRun()
    fake.cfn.fail["Writer"] = "no capacity"
    result = fake.deploy(context=fake.context(choices))
    first, *rest = result.cause.splitlines()
    assert first == "Writer (AWS::RDS::DBInstance): no capacity"
    assert rest[0] == f"  db-dev ended in {status}"
    out = ["  to repair it: `aurora-cfn recover --env dev` shows what it would do, and asks first"]
    assert rest[1:] == [f"  left behind: {row}" for row in message] + (out if message else [])


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
def test_known_causes_have_a_remedy(reason: str, part: str) -> None:
    found = hint(reason)
    assert (part in found) if part else found == ""


def test_no_hint_is_given_twice() -> None:
    texts = [text for _, text in hints()]
    assert len(texts) == len(set(texts))
