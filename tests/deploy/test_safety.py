"""Stack policies and snapshots around an execution."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.stack_policy import OPEN, policy_for
from aurora_cfn.errors import AwsError
from aurora_cfn.model.environment import AllowedReplacement
from aurora_cfn.report.plan import plan_text
from tests.deploy.toys import TEMPLATE, FakeRun, stack

MORE = TEMPLATE.replace("Writer:", "Reader:\n    Type: AWS::RDS::DBInstance\n  Writer:")


def denied(policy: str) -> list[str]:
    found = json.loads(policy)["Statement"]
    return [name for row in found if row["Effect"] == "Deny" for name in row["Resource"]]


def policies_at_work(fake: FakeRun, *, fails: bool = False) -> list[str]:
    """The policies under which change sets are executed from here on."""
    seen: list[str] = []
    execute = fake.cfn.execute_change_set

    def spy(arn: str, *, token: str, disable_rollback: bool | None = False) -> None:
        seen.append(fake.cfn.stack_policy("db-dev"))
        if fails:
            raise AwsError("ExecuteChangeSet: no (AccessDenied)", code="AccessDenied")
        execute(arn, token=token, disable_rollback=disable_rollback)

    fake.cfn.execute_change_set = spy  # type: ignore[method-assign]
    return seen


@pytest.mark.parametrize(
    ("allowed", "kept"),
    [((), ["Cluster", "Writer"]), (("Cluster",), ["Writer"]), (("Writer", "Other"), ["Cluster"])],
)
def test_a_policy_forbids_to_replace_or_delete_what_keeps_data_and_was_not_allowed(
    allowed: tuple[str, ...], kept: list[str]
) -> None:
    assert json.loads(policy_for(TEMPLATE, allowed)) == {
        "Statement": [
            {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"},
            {
                "Effect": "Deny",
                "Action": ["Update:Replace", "Update:Delete"],
                "Principal": "*",
                "Resource": [f"LogicalResourceId/{name}" for name in kept],
            },
        ]
    }


def test_a_policy_that_keeps_nothing_is_open() -> None:
    assert policy_for(TEMPLATE, {"Cluster", "Writer"}) == OPEN
    assert policy_for("Resources: {Topic: {Type: 'AWS::SNS::Topic'}}") == OPEN


def test_only_a_protected_environment_has_one() -> None:
    fake = FakeRun()
    fake.deploy()
    assert fake.deploy(Size="2").outcome == "updated"
    assert fake.cfn.count("SetStackPolicy") == 0
    assert fake.deploy(stack(protect=True, template=MORE)).outcome == "updated"
    assert "LogicalResourceId/Cluster" in denied(fake.cfn.stack_policy("db-dev"))


@pytest.mark.parametrize("fails", [False, True])
def test_what_was_allowed_once_is_closed_again_even_after_a_failure(fails: bool) -> None:
    fake = FakeRun()
    fake.deploy(stack(protect=True))
    seen = policies_at_work(fake, fails=fails)
    context = fake.context(Choices(allow=("Cluster",)))
    result = fake.deploy(stack(protect=True, template=MORE), context)
    assert result.outcome == ("refused" if fails else "updated")
    assert fake.plans[-1].opened == ("Cluster",)
    assert "  stack policy: opened for Cluster while the update runs" in plan_text(fake.plans[-1])
    assert "LogicalResourceId/Cluster" not in denied(seen[0])
    assert "LogicalResourceId/Cluster" in denied(fake.cfn.stack_policy("db-dev"))


@pytest.mark.parametrize(
    ("allow", "held", "opened"),
    [
        ((), ["Cluster", "Writer", "Reader"], ()),
        (("Reader",), ["Cluster", "Writer"], ("Reader",)),
        (("Writer",), ["Cluster", "Reader"], ("Writer",)),
    ],
)
def test_the_policy_of_a_run_also_holds_what_the_template_no_longer_has(
    allow: tuple[str, ...], held: list[str], opened: tuple[str, ...]
) -> None:
    fake = FakeRun()
    topic = "  Topic:\n    Type: AWS::SNS::Topic\n  Writer:"
    fake.deploy(replace(stack(template=MORE.replace("  Writer:", topic)), protect=True))
    fake.cfn.put_policy("db-dev", OPEN)
    seen = policies_at_work(fake)
    fake.deploy(replace(stack(), protect=True), fake.context(Choices(allow=allow)), Size="2")
    assert denied(seen[0]) == [f"LogicalResourceId/{name}" for name in held]
    assert fake.plans[-1].opened == opened
    assert fake.cfn.stack_policy("db-dev") == policy_for(TEMPLATE)


@pytest.mark.parametrize(
    ("protect", "allow", "opened"),
    [
        (True, ("Writer", "Cluster", "Nothing"), ("Cluster", "Writer")),
        (True, ("db.Cluster", "db-dev.Writer", "api.Reader"), ("Cluster", "Writer")),
        # What is in a nested stack, which is deleted with it.
        (True, ("db.Cluster/Table",), ("Cluster",)),
        (True, (), ()),
        (False, ("Cluster",), ()),
    ],
)
def test_for_what_the_policy_is_opened_is_shown(protect: bool, allow: tuple[str, ...], opened: tuple[str, ...]) -> None:
    fake = FakeRun()
    fake.deploy(stack(protect=protect), fake.context(Choices(allow=allow)))
    fake.deploy(stack(protect=protect, template=MORE), fake.context(Choices(allow=allow)), Size="2")
    assert [plan.opened for plan in fake.plans] == [(), opened]
    assert ("opened for" in plan_text(fake.plans[-1])) == bool(opened)


@pytest.mark.parametrize(("days", "opened"), [(1, ("Cluster",)), (0, ("Cluster",)), (-1, ()), (None, ())])
def test_a_line_of_the_params_file_opens_it_until_its_day_is_over(days: int | None, opened: tuple[str, ...]) -> None:
    fake = FakeRun()
    fake.deploy(stack(protect=True))
    until = "" if days is None else (fake.clock.now() + timedelta(days=days)).date().isoformat()
    wanted = stack(protect=True, template=MORE)
    fake.deploy(
        replace(wanted, entry=replace(wanted.entry, allow_replace=(AllowedReplacement("Cluster", until, "x"),)))
    )
    assert fake.plans[-1].opened == opened


@pytest.mark.parametrize("operation", ["GetStackPolicy", "SetStackPolicy"])
def test_a_policy_that_may_not_be_read_or_written_is_shown_and_stops_no_one(operation: str) -> None:
    fake = FakeRun()
    fake.deploy(stack())
    refusals = [AwsError(f"{operation}: no (AccessDenied)", code="AccessDenied") for _ in range(4)]
    fake.cfn.trouble[operation] = refusals
    assert fake.deploy(stack(protect=True, template=MORE)).outcome == "updated"
    lines = [line.partition(": no (")[0] for line in fake.listener.lines if "warning" in line]
    closed = f"db: warning: the stack policy is not as it should be: {operation}"
    compared = [f"db: warning: the stack policy cannot be compared: {operation}"]
    assert lines == [*(compared if operation == "GetStackPolicy" else []), closed, closed]
    assert fake.plans[-1].policy == "" if operation == "GetStackPolicy" else fake.plans[-1].policy


@pytest.mark.parametrize("theirs", ["no JSON", "[]", '{"Statement": [{"Effect": "Allow", "Resource": "x"}]}'])
def test_a_policy_of_another_hand_is_named_so_and_exchanged(theirs: str) -> None:
    fake = FakeRun()
    fake.deploy(stack(protect=True))
    fake.cfn.put_policy("db-dev", theirs)
    fake.deploy(stack(protect=True))
    assert fake.plans[-1].policy.startswith(
        "a policy that this tool did not write -> updates that replace or delete Cluster"
    )
    assert fake.cfn.stack_policy("db-dev") == policy_for(TEMPLATE)


@pytest.mark.parametrize("gone", [False, True])
def test_a_creation_that_failed_gets_no_policy_and_can_be_made_again(gone: bool) -> None:
    fake = FakeRun()
    fake.cfn.fail["Writer"] = "no"
    wanted = stack(protect=True)
    assert fake.deploy(wanted).outcome == "failed"
    assert (fake.cfn.count("SetStackPolicy"), fake.cfn.count("UpdateTerminationProtection")) == (0, 0)
    assert [line for line in fake.listener.lines if "warning" in line] == []
    left = fake.cfn.stack("db-dev")
    assert left is not None
    fake.cfn.set_protection(left.arn, on=not gone)
    fake.cfn.fail.clear()
    assert fake.deploy(wanted).outcome == "created"
    assert "LogicalResourceId/Cluster" in denied(fake.cfn.stack_policy("db-dev"))
    assert ("termination protection" in fake.questions[0]) == (not gone)


def test_a_creation_that_is_left_running_is_guarded() -> None:
    fake = FakeRun()
    assert fake.deploy(stack(protect=True), fake.context(Choices(timeout=5))).outcome == "detached"
    assert "LogicalResourceId/Cluster" in denied(fake.cfn.stack_policy("db-dev"))


def test_a_policy_that_was_left_open_is_shown_and_closed_though_nothing_else_changes() -> None:
    fake = FakeRun()
    fake.deploy(stack(protect=True))
    fake.cfn.set_stack_policy("db-dev", OPEN)
    assert fake.deploy(stack(protect=True), fake.context(Choices(allow=("Cluster",)))).outcome == "updated"
    assert fake.plans[-1].opened == (), "nothing is executed for which it would be opened"
    shown = plan_text(fake.plans[-1])
    assert "stack policy: everything is allowed -> updates that replace or delete Cluster" in shown
    assert "LogicalResourceId/Cluster" in denied(fake.cfn.stack_policy("db-dev"))
    assert fake.deploy(stack(protect=True)).outcome == "unchanged"


OLD, NEW = "arn:aws:sns:eu-west-1:123456789012:old", "arn:aws:sns:eu-west-1:123456789012:new"


@pytest.mark.parametrize(
    ("first", "then", "shown"),
    [
        ({"notification_arns": (OLD,)}, {"notification_arns": (OLD, NEW)}, [f"notifies {NEW}"]),
        ({"notification_arns": (OLD,)}, {}, [f"notifies {OLD}: removed"]),
        ({"notification_arns": (OLD,)}, {"notification_arns": (OLD,)}, []),
        (
            {},
            {"protect": True},
            ["termination protection: off -> on", "stack policy: everything is allowed -> updates"],
        ),
        ({"protect": True}, {}, ["termination protection: on -> off", "-> everything is allowed"]),
        ({"protect": True}, {"protect": True}, ["stack policy: updates that replace or delete Cluster, Writer are"]),
    ],
)
def test_what_surrounds_the_stack_is_shown_before_it_is_written(
    first: dict[str, Any], then: dict[str, Any], shown: list[str]
) -> None:
    fake = FakeRun()
    fake.deploy(stack(**first))
    fake.answer = False
    fake.cfn.calls.clear()
    assert fake.deploy(stack(template=MORE, **then)).outcome == "declined"
    text = plan_text(fake.plans[-1])
    assert [line for line in shown if line not in text] == []
    assert ("notifies" in text, "protection" in text or "policy" in text) == (
        "notifies" in "".join(shown), "stack policy" in "".join(shown) or "protection" in "".join(shown)
    )  # fmt: skip
    assert not {"SetStackPolicy", "UpdateTerminationProtection", "ExecuteChangeSet"} & set(fake.cfn.calls)


def test_topics_alone_are_not_passed_over_in_silence() -> None:
    fake = FakeRun()
    message = "its notification topics differ"
    # A creation, an update that takes them along, and one in which they stay have nothing to say about them.
    fake.deploy(stack(notification_arns=(OLD,)))
    fake.deploy(stack(notification_arns=(OLD,)))
    assert fake.deploy(stack(template=MORE, notification_arns=(NEW,))).outcome == "updated"
    assert [line for line in fake.listener.lines if message in line] == []
    assert fake.deploy(stack(template=MORE)).outcome == "unchanged"
    assert message in fake.listener.lines[-1]


def test_no_policy_at_all_needs_no_open_one() -> None:
    fake = FakeRun()
    fake.deploy(stack())
    made = fake.cfn.stack("db-dev")
    assert made is not None
    fake.cfn.set_protection(made.arn, on=True)
    assert fake.deploy(stack()).outcome == "updated"
    assert (fake.plans[-1].policy, fake.cfn.count("SetStackPolicy")) == ("", 0)


def test_a_shell_is_not_asked_for_the_policy_that_it_cannot_have() -> None:
    fake = FakeRun(answer=False)
    fake.cfn.put("db-dev", "REVIEW_IN_PROGRESS")
    assert fake.deploy(stack(protect=True)).outcome == "declined"
    assert fake.plans[-1].policy.startswith("everything is allowed -> updates that replace or delete Cluster")
    assert "GetStackPolicy" not in fake.cfn.calls


def test_protection_that_goes_opens_the_policy() -> None:
    fake = FakeRun()
    fake.deploy(stack(protect=True))
    fake.deploy(stack(template=MORE))
    assert fake.cfn.stack_policy("db-dev") == OPEN


@pytest.mark.parametrize(
    ("before", "after"), [("", ""), (OPEN, policy_for(MORE)), (policy_for(TEMPLATE), policy_for(MORE))]
)
def test_protection_gives_no_stack_its_first_policy_and_keeps_up_one_that_is_there(before: str, after: str) -> None:
    # CloudFormation refactors no stack that ever had a policy: a renamed logical id would cost the database.
    fake = FakeRun()
    protected = replace(stack(), protect=True)
    fake.deploy(protected)
    found = fake.cfn.stack("db-dev")
    assert found
    assert (found.protected, fake.cfn.stack_policy("db-dev")) == (True, "")
    fake.cfn.put_policy("db-dev", before)
    assert fake.deploy(replace(protected, template=MORE)).outcome == "updated"
    assert fake.cfn.stack_policy("db-dev") == after


def test_the_policy_of_the_params_file_is_set_without_protection_too() -> None:
    fake = FakeRun()
    asked = {"Statement": [{"Effect": "Allow", "Action": "Update:Modify", "Principal": "*", "Resource": "*"}]}
    wanted = stack()
    wanted = replace(wanted, entry=replace(wanted.entry, stack_policy=asked))
    fake.deploy(wanted)
    assert json.loads(fake.cfn.stack_policy("db-dev")) == asked
    fake.cfn.put_policy("db-dev", OPEN)
    assert fake.deploy(wanted).outcome == "updated"
    assert json.loads(fake.cfn.stack_policy("db-dev")) == asked
    assert fake.deploy(wanted).outcome == "unchanged"
