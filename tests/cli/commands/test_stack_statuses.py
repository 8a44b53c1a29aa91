"""What `deploy` does in each status that a stack can have: what is asked, said and called, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from aurora_cfn.deploy.stack_status import STATUSES
from aurora_cfn.model.change_set import ChangeSetRequest
from aurora_cfn.model.stack import StackResource
from tests.cli.project import Project

Row = tuple[int, str, Sequence[str]]
"""The exit code, what is said, and every call after the one that asks who is calling."""
TEMPLATE = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n"
LOOK = ["DescribeStacks"]
MAKE = ["CreateChangeSet", "DescribeChangeSet"]
BEFORE = ["GetTemplate", "DescribeStackEvents", "ListChangeSets", *MAKE]
WATCH = ["DescribeStackEvents", "DescribeStacks"]
BACK = ["DeleteChangeSet", "DescribeStacks", "ListChangeSets", "DeleteStack"]
RECOVER = "`aurora-cfn recover --env dev"
CREATED = "db-dev: create stack, 21 resources"
UPDATED = "db-dev: update stack, 22 resources"
SETTLED = (
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE",
)
RUNNING = {
    "CREATE_IN_PROGRESS": "its creation",
    "ROLLBACK_IN_PROGRESS": "the rollback of its creation",
    "DELETE_IN_PROGRESS": "its deletion",
    "UPDATE_IN_PROGRESS": "an update",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": "the clean-up after an update",
    "UPDATE_ROLLBACK_IN_PROGRESS": "the rollback of an update",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": "the clean-up after a rollback",
    "IMPORT_IN_PROGRESS": "an import",
    "IMPORT_ROLLBACK_IN_PROGRESS": "the rollback of an import",
    "A_NEW_ONE_IN_PROGRESS": "an operation that this version does not know (A_NEW_ONE_IN_PROGRESS)",
}
STUCK: Mapping[str, tuple[str, Sequence[str]]] = {
    "CREATE_FAILED": ("what was made is still there: look at it, then " + RECOVER, ["ListStackResources"]),
    "ROLLBACK_FAILED": ("could not be rolled back; resources are left: " + RECOVER, ["ListStackResources"]),
    "UPDATE_FAILED": ("an update failed with rollback switched off: " + RECOVER, []),
    "UPDATE_ROLLBACK_FAILED": ("an update failed and could not be rolled back: " + RECOVER, []),
    "DELETE_FAILED": ("its deletion failed: " + RECOVER, ["ListStackResources"]),
    "IMPORT_ROLLBACK_FAILED": ("then continue in the CloudFormation console", []),
    "A_NEW_ONE": ("its status A_NEW_ONE is not one that this version knows: nothing was done", []),
}


def code_of(status: str) -> int:
    """A status that is not in the table is not called stuck."""
    return 10 if status in STATUSES else 5


AGAIN = "db-dev is in ROLLBACK_COMPLETE: its creation failed, so it must be deleted and created again."
YES: dict[str, Row] = {
    "": (0, CREATED, [*MAKE, "ExecuteChangeSet", *WATCH]),
    "DELETE_COMPLETE": (0, CREATED, [*MAKE, "ExecuteChangeSet", *WATCH]),
    "REVIEW_IN_PROGRESS": (0, CREATED, [*LOOK, "ListChangeSets", *MAKE, "ExecuteChangeSet", *WATCH]),
    **dict.fromkeys(SETTLED, (0, UPDATED, [*LOOK, *BEFORE, "ExecuteChangeSet", *WATCH])),
    "ROLLBACK_COMPLETE": (
        6,
        f"{AGAIN}\n--yes never deletes a stack: run it on a terminal, which asks, or `deploy` with --recreate\n",
        [*LOOK, "ListStackResources"],
    ),
    **{status: (code_of(status), said, [*LOOK, *reads]) for status, (said, reads) in STUCK.items()},
    # Whether it is an operation of a killed run of its own, it reads from the events.
    **{status: (7, f"{what} is running on it", [*LOOK, "DescribeStackEvents"]) for status, what in RUNNING.items()},
}  # fmt: skip
DRY: dict[str, Row] = {
    "": (0, CREATED, [*MAKE, *BACK]),
    "DELETE_COMPLETE": (0, CREATED, [*MAKE, *BACK]),
    "REVIEW_IN_PROGRESS": (0, CREATED, [*LOOK, "ListChangeSets", *MAKE, "DeleteChangeSet"]),
    **dict.fromkeys(SETTLED, (0, UPDATED, [*LOOK, *BEFORE, "DeleteChangeSet"])),
    "ROLLBACK_COMPLETE": (
        0,
        "the stack whose creation failed must be deleted first; a dry run deletes nothing",
        [*LOOK, "ListStackResources", *LOOK],
    ),
    **{status: (code_of(status), said, [*LOOK, *reads]) for status, (said, reads) in STUCK.items()},
    **{status: (7, f"{what} is running on it", LOOK) for status, what in RUNNING.items()},
}
PLAN: dict[str, Row] = {
    "": (0, CREATED, [*LOOK, *MAKE]),
    "DELETE_COMPLETE": (0, CREATED, [*LOOK, *MAKE]),
    "REVIEW_IN_PROGRESS": (0, CREATED, [*LOOK, "ListChangeSets", *MAKE]),
    **dict.fromkeys(SETTLED, (0, UPDATED, [*LOOK, *BEFORE])),
    "ROLLBACK_COMPLETE": (5, f"it must be deleted before it can be planned: {RECOVER}", LOOK),
    **{status: (code_of(status), said, [*LOOK, *reads]) for status, (said, reads) in STUCK.items()},
    **{status: (7, f"{what} is running on it", LOOK) for status, what in RUNNING.items()},
}
RECREATE: dict[str, Row] = YES | {
    "ROLLBACK_COMPLETE": (
        0,
        f"{AGAIN}; --recreate agrees to it\n",
        [*LOOK, "ListStackResources", "DescribeStackEvents", "DeleteStack", "DescribeStackEvents", *MAKE,
         "ExecuteChangeSet", *WATCH],
    ),
}  # fmt: skip
WAYS = {("--yes",): YES, ("--yes", "--recreate"): RECREATE, ("--dry-run",): DRY, ("--plan", "plan.json"): PLAN}


@pytest.mark.parametrize("table", WAYS.values(), ids=[way[-1] for way in WAYS])
def test_every_status_has_its_row(table: Mapping[str, Row]) -> None:
    assert table.keys() == {*STATUSES, "", "A_NEW_ONE", "A_NEW_ONE_IN_PROGRESS"}


@pytest.mark.parametrize(
    ("way", "status"), [(way, status) for way, table in WAYS.items() for status in table], ids=lambda part: str(part)
)
def test_what_is_done_in_a_status_and_nothing_else(dev: Project, way: tuple[str, ...], status: str) -> None:
    if status:
        dev.endpoint.cfn.put("db-dev", status, template=TEMPLATE if status in SETTLED else "")
    code, said, calls = WAYS[way][status]
    ran = dev.deploy(*way)
    assert ran.exit_code == code, ran.stderr
    assert said in ran.stderr
    # The first DescribeStacks looks for stacks that no params file has any more; a stack that it does not list is new.
    assert dev.endpoint.actions == ["GetCallerIdentity", "DescribeStacks", *calls]
    assert bool(ran.stdout) is (code == 0 and way[0] == "--yes")
    assert (dev.folder / "plan.json").exists() is (code == 0 and way[0] == "--plan")
    assert "? yes\n" not in ran.stderr


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "CREATE_FAILED", "ROLLBACK_FAILED", "DELETE_FAILED"])
@pytest.mark.parametrize("way", WAYS, ids=[way[0] for way in WAYS])
def test_what_such_a_stack_left_is_named_and_never_called_nothing(
    dev: Project, way: tuple[str, ...], status: str
) -> None:
    made = dev.endpoint.cfn.put("db-dev", status)
    left = StackResource("DBCluster", "AWS::RDS::DBCluster", "DELETE_SKIPPED", "db-1")
    dev.endpoint.cfn.put_resource(made, left)
    ran = dev.deploy(*way)
    if (way[0], status) != ("--plan", "ROLLBACK_COMPLETE"):
        assert "DBCluster (AWS::RDS::DBCluster) db-1" in ran.stderr
    assert "empty" not in ran.stderr


@pytest.mark.parametrize("way", [("--dry-run",), ("--plan", "plan.json")])
def test_the_change_set_of_a_colleague_is_kept_and_named(dev: Project, way: tuple[str, ...]) -> None:
    request = ChangeSetRequest("db-dev", "colleagues-idea", "CREATE", TEMPLATE)
    theirs = dev.endpoint.cfn.create_change_set(request)
    ran = dev.deploy(*way)
    assert (
        "note: the change set colleagues-idea of another tool or person waits on this stack too: it is kept"
        in ran.stderr
    )
    assert theirs.arn in {row.arn for row in dev.endpoint.cfn.change_sets("db-dev")}
    assert "DeleteStack" not in dev.endpoint.actions
