"""An order whose answer was lost: taken or not, the change set itself says it."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.deploy.destroy import Deletion, destroyed
from aurora_cfn.deploy.recover import Allowed, Recovery
from aurora_cfn.deploy.stack_result import recorded
from aurora_cfn.deploy.write_calls import ACCEPTED
from aurora_cfn.errors import AwsError
from tests.deploy.toys import FakeRun, entry, stack

SILENT = ("Unreachable", "cannot reach AWS: check the network, --region and --endpoint-url")


def unanswered(fake: FakeRun, code: str, message: str, *, carried_out: bool) -> None:
    """The order is carried out or not, and its answer never comes."""
    execute = fake.cfn.execute_change_set

    def spy(arn: str, *, token: str, disable_rollback: bool | None = False) -> None:
        if carried_out:
            execute(arn, token=token, disable_rollback=disable_rollback)
        raise AwsError(message, operation="ExecuteChangeSet", code=code)

    fake.cfn.execute_change_set = spy  # type: ignore[method-assign]


@pytest.mark.parametrize("existing", [False, True])
@pytest.mark.parametrize(
    ("code", "message"),
    [
        SILENT,
        ("InternalFailure", "ExecuteChangeSet: refused without a message (InternalFailure)"),
        # botocore has sent it again, and AWS has seen it twice.
        ("InvalidChangeSetStatus", "ExecuteChangeSet: ChangeSet [arn:1] cannot be executed in its current status"),
        ("ValidationError", "ExecuteChangeSet: Stack:arn:2 is in UPDATE_IN_PROGRESS state and can not be updated."),
    ],
)
def test_an_order_that_was_taken_is_watched_to_its_end(existing: bool, code: str, message: str) -> None:
    fake = FakeRun()
    if existing:
        fake.deploy(Size="1")
    unanswered(fake, code, message, carried_out=True)
    deleted = fake.cfn.count("DeleteChangeSet")
    result = fake.deploy(Size="2")
    assert (result.outcome, result.exit_code) == ("updated" if existing else "created", 0)
    assert fake.listener.lines.count(f"db: {ACCEPTED}") == 1
    assert fake.cfn.count("DeleteChangeSet") == deleted


@pytest.mark.parametrize(
    ("code", "message", "outcome"),
    [
        (*SILENT, "refused"),
        ("InternalFailure", "ExecuteChangeSet: refused without a message (InternalFailure)", "refused"),
        ("InvalidChangeSetStatus", "ExecuteChangeSet: ChangeSet [arn:1] cannot be executed", "refused"),
        ("ValidationError", "ExecuteChangeSet: Stack:arn:2 is in UPDATE_IN_PROGRESS state", "detached"),
    ],
)
def test_one_that_was_not_taken_is_taken_back(code: str, message: str, outcome: str) -> None:
    fake = FakeRun()
    unanswered(fake, code, message, carried_out=False)
    result = fake.deploy()
    assert result.outcome == outcome
    assert message in result.cause
    assert fake.cfn.names() == []
    assert not [line for line in fake.listener.lines if ACCEPTED in line]


@pytest.mark.parametrize("carried_out", [False, True])
def test_where_no_one_answers_it_says_that_nothing_is_known(carried_out: bool) -> None:
    fake = FakeRun()
    unanswered(fake, *SILENT, carried_out=carried_out)
    describe = fake.cfn.change_set

    def silent(arn: str) -> object:
        if "ExecuteChangeSet" in fake.cfn.calls or fake.plans:
            raise AwsError(SILENT[1], operation="DescribeChangeSet", code=SILENT[0])
        return describe(arn)

    fake.cfn.change_set = silent  # type: ignore[method-assign, assignment]
    result = fake.deploy()
    assert (result.outcome, result.exit_code) == ("unread", AwsError.exit_code)
    assert result.cause.startswith(
        "db-dev: whether CloudFormation has accepted the call is not known: cannot reach AWS"
    )
    assert "`aurora-cfn status --env dev` shows it" in result.cause
    assert len([line for line in fake.listener.lines if "(asking again)" in line]) == 4
    assert (fake.cfn.stack("db-dev") is not None) == carried_out, "what runs is not deleted"


@pytest.mark.parametrize("code", ["AccessDenied", "ExpiredToken"])
def test_a_plain_refusal_needs_no_second_look(code: str) -> None:
    fake = FakeRun()
    unanswered(fake, code, "no", carried_out=False)
    fake.deploy()
    assert fake.cfn.count("DescribeChangeSet") == 1


@pytest.mark.parametrize("carried_out", [False, True])
@pytest.mark.parametrize("code", [SILENT[0], "BadAnswer", "InternalFailure", "503"])
@pytest.mark.parametrize(
    ("status", "method"), [("CREATE_COMPLETE", "delete_stack"), ("UPDATE_ROLLBACK_FAILED", "continue_rollback")]
)
def test_a_deletion_and_a_recovery_are_found_out_about_too(
    status: str, method: str, code: str, carried_out: bool
) -> None:
    fake = FakeRun()
    found = fake.cfn.put("db-dev", status)
    order = getattr(fake.cfn, method)

    def spy(*given: Any, **named: Any) -> None:
        if carried_out:
            order(*given, **named)
        raise AwsError(SILENT[1], code=code)

    setattr(fake.cfn, method, spy)
    context = fake.context()
    if method == "delete_stack":
        result = destroyed(context, Deletion(entry(), found), ())
    else:
        result = recorded(context, "db", stack().name, Recovery(context, "db", found, Allowed()).run)
    assert result.exit_code == (0 if carried_out else AwsError.exit_code)
    assert (result.outcome == "refused") == (not carried_out)
    assert (f"db: {ACCEPTED}" in fake.listener.lines) == carried_out
