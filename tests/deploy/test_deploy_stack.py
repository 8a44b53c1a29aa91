"""One stack through the whole of a deployment, over CloudFormation in memory."""

from __future__ import annotations

import pytest

from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.deploy_stack import deploy
from aurora_cfn.errors import AwsError, BusyError, DeployError, GuardError
from aurora_cfn.model.change_set import ChangeSetRequest, ValidationFailure
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.model.stack import Stack, StackResource
from tests.deploy.toys import TEMPLATE, FakeRun, stack


def test_a_new_stack_takes_six_calls_and_gives_its_outputs() -> None:
    fake = FakeRun()
    fake.cfn.seconds = 0
    fake.clock.elapsed = 0
    result = fake.deploy(Size="2")
    assert result.outcome == "created"
    assert result.stack is not None
    assert {row.key: row.value for row in result.stack.outputs} == {"Name": "db-dev", "Size": "2"}
    polls = fake.cfn.count("DescribeStackEvents")
    assert [call for call in fake.cfn.calls if call != "DescribeStackEvents"] == [
        "DescribeStacks", "CreateChangeSet", "DescribeChangeSet", "ExecuteChangeSet", "DescribeStacks",
    ]  # fmt: skip
    assert polls >= 1


def test_a_stack_that_a_list_has_just_not_shown_is_not_read_before_its_creation() -> None:
    fake = FakeRun()
    result = deploy(fake.context(), stack(), lambda _: {}, fake.approve, absent=True)
    assert result.outcome == "created"
    assert fake.cfn.calls[0] == "CreateChangeSet"


def test_a_stack_that_came_after_the_list_is_not_created_a_second_time() -> None:
    fake = FakeRun()
    fake.deploy()
    events = len(fake.listener.events)
    result = deploy(fake.context(), stack(), lambda _: {"Size": "2"}, fake.approve, absent=True)
    assert result.outcome == "refused"
    assert "already exists" in result.cause
    assert len(fake.listener.events) == events


def test_every_event_is_shown_once_and_in_order() -> None:
    fake = FakeRun()
    fake.deploy()
    ids = [event.id for event in fake.listener.events]
    assert len(ids) == len(set(ids))
    statuses = [event.status for event in fake.listener.events if event.of_stack]
    assert statuses == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]


def test_nothing_to_change_is_success_and_leaves_no_change_set() -> None:
    fake = FakeRun()
    fake.deploy()
    fake.cfn.calls.clear()
    result = fake.deploy()
    assert result.outcome == "unchanged"
    assert result.stack is not None
    assert fake.cfn.change_sets("db-dev") == []
    assert "ExecuteChangeSet" not in fake.cfn.calls
    assert len(fake.plans) == 1, "without changes there is no question"


def test_an_update_reads_only_events_after_its_beginning() -> None:
    fake = FakeRun()
    fake.deploy()
    seen = {event.id for event in fake.listener.events}
    result = fake.deploy(Size="3")
    assert result.outcome == "updated"
    fresh = fake.listener.events[len(seen) :]
    assert fresh
    assert not seen & {event.id for event in fresh}


@pytest.mark.parametrize("existing", [False, True])
def test_declined_leaves_nothing_behind(existing: bool) -> None:
    fake = FakeRun()
    if existing:
        fake.deploy()
    fake.answer = False
    result = fake.deploy(Size="9")
    assert result.outcome == "declined"
    assert fake.cfn.names() == (["db-dev"] if existing else [])
    assert fake.cfn.change_sets("db-dev") == []


def test_a_dry_run_shows_and_leaves_nothing_behind() -> None:
    fake = FakeRun()
    result = fake.deploy(context=fake.context(Choices(dry_run=True)))
    assert result.outcome == "previewed"
    assert [change.logical_id for plan in fake.plans for change in plan.change_set.changes] == ["Cluster", "Writer"]  # type: ignore[union-attr]
    assert fake.cfn.names() == []


def test_someone_elses_review_is_kept_and_named() -> None:
    fake = FakeRun()
    theirs = fake.cfn.create_change_set(ChangeSetRequest("db-dev", "theirs", "CREATE", TEMPLATE))
    fake.answer = False
    fake.deploy()
    assert [row.name for row in fake.cfn.change_sets("db-dev")] == ["theirs"]
    assert theirs.stack_arn == fake.cfn.stack("db-dev").arn  # type: ignore[union-attr]
    assert "theirs" in fake.plans[0].notes[0]


def test_a_refusing_guard_takes_the_change_set_back() -> None:
    def refuse(plan: StackPlan) -> bool:
        raise GuardError("Cluster would be replaced")

    fake = FakeRun()
    result = fake.deploy(approve=refuse)
    assert (result.outcome, result.exit_code) == ("refused", GuardError.exit_code)
    assert fake.cfn.names() == []


def test_an_interrupt_before_execution_takes_the_change_set_back() -> None:
    def interrupt(plan: StackPlan) -> bool:
        raise KeyboardInterrupt

    fake = FakeRun()
    with pytest.raises(KeyboardInterrupt):
        fake.deploy(approve=interrupt)
    assert fake.cfn.names() == []


def test_an_execution_that_aws_refuses_leaves_nothing_behind() -> None:
    fake = FakeRun()
    fake.cfn.trouble["ExecuteChangeSet"] = [AwsError("ExecuteChangeSet: no (AccessDenied)", code="AccessDenied")]
    result = fake.deploy()
    assert result.outcome == "refused"
    assert fake.cfn.names() == []


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ChangeSetNotFound", "ChangeSet [arn:1] does not exist"),
        ("ValidationError", "Stack:arn:2 is in UPDATE_IN_PROGRESS state and can not be updated."),
    ],
)
def test_who_is_overtaken_between_approval_and_execution_is_busy(code: str, message: str) -> None:
    fake = FakeRun()
    fake.cfn.trouble["ExecuteChangeSet"] = [AwsError(f"ExecuteChangeSet: {message} ({code})", code=code)]
    result = fake.deploy()
    assert (result.outcome, result.exit_code) == ("detached", BusyError.exit_code)
    assert "nothing of this was executed, deploy again after it" in result.cause
    assert message in result.cause
    assert fake.cfn.names() == []


def test_a_failure_starts_with_the_first_cause() -> None:
    fake = FakeRun()
    fake.cfn.fail["Cluster"] = "Cannot find version 9.1 for aurora-postgresql"
    result = fake.deploy()
    assert result.outcome == "failed"
    assert result.exit_code == DeployError.exit_code
    first, advice, *rest = result.cause.splitlines()
    assert first == "Cluster (AWS::RDS::DBCluster): Cannot find version 9.1 for aurora-postgresql"
    assert "describe-db-engine-versions" in advice
    assert "db-dev ended in ROLLBACK_COMPLETE" in rest[0]


def test_early_validation_points_into_the_template() -> None:
    fake = FakeRun()
    fake.cfn.early = [ValidationFailure("Unknown engine version", "/Resources/Writer/Properties/EngineVersion")]
    result = fake.deploy()
    assert result.outcome == "failed"
    assert "templates/toy.yaml:8: /Resources/Writer/Properties/EngineVersion: Unknown engine version" in result.cause
    assert fake.cfn.names() == []


def test_after_a_rolled_back_creation_it_asks_then_deletes_and_creates_again() -> None:
    fake = FakeRun()
    old = fake.cfn.put("db-dev", "ROLLBACK_COMPLETE")
    fake.cfn.put_resource(old, StackResource("Cluster", "AWS::RDS::DBCluster", "CREATE_COMPLETE", "kept-cluster"))
    result = fake.deploy()
    assert result.outcome == "created"
    assert "kept-cluster" in fake.questions[0]
    assert result.stack is not None
    assert result.stack.arn != old.arn


YES_ALONE = "--yes never deletes a stack: run it on a terminal, which asks, or `deploy` with --recreate"
STAYS = "  stays, outside of any stack: Cluster (AWS::RDS::DBCluster) kept-cluster"
MADE = "  stays, if there are any: final snapshots, and log groups that RDS or Lambda made themselves"


@pytest.mark.parametrize(
    ("choices", "outcome", "code", "deletes"),
    [
        (Choices(yes=True), "refused", 6, 0),
        (Choices(yes=True, recreate=True), "created", 0, 1),
        (Choices(recreate=True), "created", 0, 1),
    ],
)
def test_only_recreate_deletes_a_rolled_back_stack_without_asking(
    choices: Choices, outcome: str, code: int, deletes: int
) -> None:
    fake = FakeRun()
    old = fake.cfn.put("db-dev", "ROLLBACK_COMPLETE")
    fake.cfn.put_resource(old, StackResource("Cluster", "AWS::RDS::DBCluster", "DELETE_SKIPPED", "kept-cluster"))
    result = fake.deploy(context=fake.context(choices))
    assert (result.outcome, result.exit_code, fake.questions) == (outcome, code, [])
    assert fake.cfn.count("DeleteStack") == deletes
    said = result.cause if code else "\n".join(fake.listener.lines)
    assert f"{STAYS}\n{MADE}\n" in said
    assert (YES_ALONE in said) is bool(code)


def test_without_consent_a_rolled_back_stack_stays() -> None:
    fake = FakeRun(answer=False)
    fake.cfn.put("db-dev", "ROLLBACK_COMPLETE")
    assert fake.deploy().outcome == "declined"
    assert "DeleteStack" not in fake.cfn.calls
    assert "CreateChangeSet" not in fake.cfn.calls


def test_termination_protection_follows_the_params_after_approval() -> None:
    fake = FakeRun()
    fake.deploy()
    assert fake.cfn.count("UpdateTerminationProtection") == 0
    assert fake.deploy(stack(protect=True)).outcome == "updated"
    assert fake.cfn.stack("db-dev").protected  # type: ignore[union-attr]
    fake.answer = False
    assert fake.deploy(stack(protect=False)).outcome == "declined"
    assert fake.cfn.stack("db-dev").protected  # type: ignore[union-attr]


def test_protection_that_is_refused_does_not_undo_the_deployment() -> None:
    fake = FakeRun()
    fake.deploy()
    refusal = AwsError("UpdateTerminationProtection: no (AccessDenied)", code="AccessDenied")
    fake.cfn.trouble["UpdateTerminationProtection"] = [refusal]
    fake.cfn.leaves = {"Cluster": "it is still used"}
    result = fake.deploy(stack(protect=True), fake.context(Choices(strict=True)), Size="2")
    assert (result.outcome, result.exit_code) == ("updated", AwsError.exit_code)
    assert result.cause == f"deployed, but its termination protection: {refusal}"
    assert result.stack is not None
    assert (result.stack.output("Size"), result.stack.protected) == ("2", False)


def test_what_a_result_shows() -> None:
    fake = FakeRun()
    began = fake.clock.monotonic()
    created = fake.deploy(stack(protect=True))
    assert created.seconds == fake.clock.monotonic() - began > 0
    assert created.stack is not None
    assert created.stack.protected
    fake.cfn.fail["Writer"] = "no"
    failed = fake.deploy(stack(protect=True), Size="2")
    assert "Writer" in {event.logical_id for event in failed.events}
    fake.answer = False
    assert fake.deploy(stack(protect=True), Size="2").stack == fake.cfn.stack("db-dev")


def test_a_dry_run_over_a_failed_creation_asks_and_deletes_nothing() -> None:
    fake = FakeRun()
    fake.cfn.put("db-dev", "ROLLBACK_COMPLETE")
    assert fake.deploy(context=fake.context(Choices(dry_run=True))).outcome == "deferred"
    assert (fake.questions, fake.cfn.count("DeleteStack")) == ([], 0)


def test_a_failed_read_does_not_fail_a_running_deployment() -> None:
    fake = FakeRun()
    throttled = AwsError("DescribeStackEvents: Rate exceeded (Throttling)", code="Throttling")
    fake.cfn.trouble["DescribeStackEvents"] = [throttled] * 5
    assert fake.deploy().outcome == "created"
    assert not any("Rate exceeded" in line for line in fake.listener.lines), "a person can do nothing about it"


def test_expired_credentials_end_in_still_running_with_the_command_that_comes_back() -> None:
    fake = FakeRun()
    fake.cfn.trouble["DescribeStackEvents"] = [AwsError("expired", code="ExpiredToken")]
    result = fake.deploy()
    assert (result.outcome, result.exit_code) == ("detached", BusyError.exit_code)
    assert "events --env dev --stack db --follow" in result.cause
    fake.clock.sleep(60)
    assert fake.cfn.stack("db-dev").status == "CREATE_COMPLETE"  # type: ignore[union-attr]


def test_credentials_that_end_with_the_deployment_do_not_make_it_still_running() -> None:
    fake = FakeRun()
    read = fake.cfn.stack

    def ended(name: str) -> Stack | None:
        if "ExecuteChangeSet" in fake.cfn.calls:
            raise AwsError("expired", code="ExpiredToken")
        return read(name)

    fake.cfn.stack = ended  # type: ignore[method-assign]
    result = fake.deploy()
    assert (result.outcome, result.exit_code) == ("unread", AwsError.exit_code)
    assert result.cause == (
        "db-dev was deployed, but cannot be read any more: expired; `aurora-cfn status --env dev` shows it"
    )
