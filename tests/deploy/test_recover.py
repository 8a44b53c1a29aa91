"""The moves out of a failed state: what is said before, what is called after consent, and nothing without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from aurora_cfn.deploy.delete_stack import delete_failed_creation
from aurora_cfn.deploy.destroy import Deletion, destroyed
from aurora_cfn.deploy.recover import MOVES, Allowed, Recovery
from aurora_cfn.deploy.stack_status import STATUSES
from aurora_cfn.errors import AwsError, DeployError, InputError
from aurora_cfn.model.event import STACK_TYPE
from aurora_cfn.model.stack import Stack, StackResource
from tests.deploy.toys import FakeRun, changed, entry, stack
from tests.fakes.cloudformation import FakeCloudFormation

READS = ("Describe", "List", "Get")
STUCK = StackResource("Db", "AWS::RDS::DBCluster", "UPDATE_FAILED", "db-1", "Cannot\n  downgrade")
FINE = StackResource("Topic", "AWS::SNS::Topic", "CREATE_COMPLETE", "t-1")
GONE = StackResource("Gone", "AWS::SNS::Topic", "DELETE_COMPLETE", "t-0")
NEVER = StackResource("Never", "AWS::SNS::Topic", "CREATE_FAILED")


def stuck(fake: FakeRun, status: str, *, protected: bool = False) -> Stack:
    made = fake.cfn.put("db-dev", status, protected=protected, role_arn="arn:role")
    for row in (STUCK, FINE, GONE, NEVER):
        fake.cfn.put_resource(made, row)
    return made


def writes(fake: FakeRun) -> list[str]:
    return [call for call in fake.cfn.calls if not call.startswith(READS)]


ALL, LEFT = ["Db", "Topic", "Gone", "Never"], ["Db", "Topic"]
DELETE = Allowed(delete=True)


@pytest.mark.parametrize("answer", [True, False])
@pytest.mark.parametrize(
    ("status", "allowed", "listed", "last", "called"),
    [
        ("CREATE_FAILED", DELETE, LEFT, "Delete db-dev?", ["DeleteStack"]),
        ("UPDATE_FAILED", Allowed(), ALL, "Roll db-dev back to its last stable state?", ["RollbackStack"]),
        # What was up before is never deleted here, whatever was said.
        ("UPDATE_FAILED", DELETE, ALL, "Roll db-dev back to its last stable state?", ["RollbackStack"]),
        ("UPDATE_ROLLBACK_FAILED", DELETE, ["Db"], "Continue the rollback of db-dev, trying every resource again?",
         ["ContinueUpdateRollback"]),
        ("UPDATE_ROLLBACK_FAILED", Allowed(skip=("Db",)), ["Db"],
         "Continue the rollback of db-dev, skipping Db, which stay as they are now?", ["ContinueUpdateRollback"]),
        ("DELETE_FAILED", Allowed(), LEFT, "Delete db-dev again, with everything in it?", ["DeleteStack"]),
        ("DELETE_FAILED", Allowed(retain=("Db",)), LEFT, "Delete db-dev again, leaving Db outside of any stack?",
         ["DeleteStack"]),
        ("ROLLBACK_COMPLETE", Allowed(), LEFT, "Delete db-dev?", ["DeleteStack"]),
        ("ROLLBACK_FAILED", DELETE, LEFT, "Delete db-dev?", ["DeleteStack"]),
    ],
)  # fmt: skip
def test_what_is_there_is_shown_and_only_consent_moves_it(
    status: str, allowed: Allowed, listed: list[str], last: str, called: list[str], answer: bool
) -> None:
    fake = FakeRun(answer=answer)
    made = stuck(fake, status)
    result = Recovery(fake.context(), "db", made, allowed).run()
    assert (result.key, result.name, result.outcome) == ("db", "db-dev", "recovered" if answer else "declined")
    (question,) = fake.questions
    lines = question.splitlines()
    assert [line.split()[0] for line in lines[1:-1] if "(AWS::" in line] == listed
    assert "  Db (AWS::RDS::DBCluster) db-1 UPDATE_FAILED: Cannot downgrade" in lines
    assert ("  Never (AWS::SNS::Topic) - CREATE_FAILED" in lines) == ("Never" in listed)
    assert lines[-1] == last
    assert writes(fake) == (called if answer else [])
    # Skipping and retaining, and the tokens by which our events are known from others, are seen in these.
    assert bool(fake.listener.events) == answer
    assert {event.token for event in fake.listener.events} <= {f"aurora-cfn-run1-{word}" for word in WORDS}


WORDS = ("rollback", "continue", "delete")


@pytest.mark.parametrize(
    ("status", "protected", "answer", "called"),
    [
        ("ROLLBACK_COMPLETE", True, True, ["UpdateTerminationProtection", "DeleteStack"]),
        ("ROLLBACK_COMPLETE", True, False, []),
        ("ROLLBACK_COMPLETE", False, True, ["DeleteStack"]),
    ],
)
def test_protection_goes_only_with_consent_and_where_nothing_ever_came_up(
    status: str, protected: bool, answer: bool, called: list[str]
) -> None:
    fake = FakeRun(answer=answer)
    Recovery(fake.context(), "db", stuck(fake, status, protected=protected), Allowed()).run()
    assert writes(fake) == called
    assert ("termination protection is switched off" in fake.questions[0]) == protected


@pytest.mark.parametrize("status", ["CREATE_FAILED", "ROLLBACK_FAILED"])
def test_protection_of_a_stack_with_resources_is_left_on(status: str) -> None:
    fake = FakeRun()
    recovery = Recovery(fake.context(), "db", stuck(fake, status, protected=True), DELETE)
    with pytest.raises(Exception, match="TerminationProtection"):
        recovery.run()
    assert writes(fake) == ["DeleteStack"]
    assert "termination protection" not in fake.questions[0]


@pytest.mark.parametrize(
    ("status", "allowed", "error", "message"),
    [
        # RollbackStack has no stable state to go to: it would delete what the creation made, which was not asked for.
        ("CREATE_FAILED", Allowed(), DeployError, "it can only be deleted: look at these first, then add --delete"),
        ("ROLLBACK_FAILED", Allowed(), DeployError, "it can only be deleted: look at these first, then add --delete"),
        ("IMPORT_ROLLBACK_FAILED", DELETE, DeployError, "continue in the CloudFormation console"),
        ("UPDATE_ROLLBACK_FAILED", Allowed(skip=("Topic",)), InputError, "and these are not: Topic"),
        (
            "UPDATE_ROLLBACK_FAILED",
            Allowed(skip=("Db", "No")),
            InputError,
            "has no resource No; it has Db, Topic, Gone, Never",
        ),
        ("DELETE_FAILED", Allowed(retain=("No",)), InputError, "has no resource No; it has Db, Topic, Gone, Never"),
    ],
)
def test_what_is_refused_is_refused_before_anything_is_asked(
    status: str, allowed: Allowed, error: type[Exception], message: str
) -> None:
    fake = FakeRun()
    with pytest.raises(error, match=message):
        Recovery(fake.context(), "db", stuck(fake, status), allowed).run()
    assert (fake.questions, writes(fake)) == ([], [])


@pytest.mark.parametrize("status", ["UPDATE_ROLLBACK_FAILED", "DELETE_FAILED"])
@pytest.mark.parametrize("asked", [True, False])
def test_what_fails_again_is_an_error_with_its_cause(status: str, asked: bool) -> None:
    fake = FakeRun()
    fake.cfn.fail["Db"] = "Cannot downgrade"
    # Where CloudFormation may not be asked for the failures, they are known from its events.
    fake.cfn.trouble["DescribeEvents"] = [] if asked else [AwsError("no", code="AccessDenied")]
    with pytest.raises(DeployError, match="Cannot downgrade"):
        Recovery(fake.context(), "db", stuck(fake, status), Allowed()).run()


def test_a_stack_that_needs_no_hand_is_given_back_as_it_is() -> None:
    fake = FakeRun()
    made = stuck(fake, "UPDATE_COMPLETE")
    result = Recovery(fake.context(), "db", made, DELETE).run()
    assert (result.outcome, result.stack, writes(fake), fake.questions) == ("unchanged", made, [], [])


def test_that_nothing_is_left_is_said_too() -> None:
    fake = FakeRun()
    made = fake.cfn.put("db-dev", "ROLLBACK_COMPLETE")
    assert Recovery(fake.context(), "db", made, Allowed()).run().outcome == "recovered"
    assert fake.questions[0].splitlines()[1:] == ["  nothing", "Delete db-dev?"]


@pytest.mark.parametrize("status", ["CREATE_FAILED", "ROLLBACK_FAILED"])
def test_what_a_creation_left_is_listed_before_it_is_deleted(status: str) -> None:
    fake = FakeRun()
    with pytest.raises(DeployError) as caught:
        Recovery(fake.context(), "db", stuck(fake, status), Allowed()).run()
    first, *rest = str(caught.value).splitlines()
    assert first == f"db-dev is in {status}. Still there:"
    assert [line.split()[0] for line in rest[:-1]] == LEFT


def test_what_stays_is_named_and_a_deletion_that_fails_says_why() -> None:
    fake = FakeRun()
    fake.cfn.fail["Db"] = "Cannot delete protected Cluster"
    made = stuck(fake, "DELETE_FAILED")
    with pytest.raises(DeployError, match="Cannot delete protected"):
        Recovery(fake.context(), "db", made, Allowed()).run()
    assert Recovery(fake.context(), "db", made, Allowed(retain=("Db",))).run().outcome == "recovered"


@pytest.mark.parametrize(
    ("of_run", "of_stack", "taken"),
    [(None, None, None), (None, "arn:old", "arn:old"), ("arn:new", None, "arn:new"), ("arn:new", "arn:old", "arn:new")],
)
def test_the_role_of_the_run_goes_before_that_of_the_stack(
    of_run: str | None, of_stack: str | None, taken: str | None
) -> None:
    fake = FakeRun()
    context = changed(fake.context(), role_arn=of_run)
    assert context.role_of(replace(stuck(fake, "DELETE_FAILED"), role_arn=of_stack)) == taken


class Meddled(FakeCloudFormation):
    """Between our look at the newest event and our call another user has updated the stack."""

    def newest_event(self, stack: str) -> str | None:
        newest = super().newest_event(stack)
        kept = self._kept[stack]
        self._begin()
        for status in ("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE", kept.stack.status):
            self._tell(kept, kept.stack.name, stack, STACK_TYPE, status, 0, "", "Console-1")
        return newest


@pytest.mark.parametrize("status", ["UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED", "DELETE_FAILED", "ROLLBACK_COMPLETE"])
def test_what_others_did_meanwhile_is_neither_our_end_nor_shown_as_ours(status: str) -> None:
    fake = FakeRun()
    fake.cfn = Meddled(fake.clock)
    assert Recovery(fake.context(), "db", stuck(fake, status), Allowed()).run().outcome == "recovered"
    assert fake.listener.events
    assert "Console-1" not in {event.token for event in fake.listener.events}


class Recording(FakeCloudFormation):
    """What the three calls were given beside the stack."""

    given: list[tuple[object, ...]]

    def delete_stack(self, stack: str, *, token: str, retain: Sequence[str] = (), role_arn: str | None = None) -> None:
        self.given.append((token, tuple(retain), role_arn))
        super().delete_stack(stack, token=token, retain=retain, role_arn=role_arn)

    def continue_rollback(
        self, stack: str, *, token: str, skip: Sequence[str] = (), role_arn: str | None = None
    ) -> None:
        self.given.append((token, tuple(skip), role_arn))
        super().continue_rollback(stack, token=token, skip=skip, role_arn=role_arn)

    def roll_back(self, stack: str, *, token: str, role_arn: str | None = None) -> None:
        self.given.append((token, (), role_arn))
        super().roll_back(stack, token=token, role_arn=role_arn)


@pytest.mark.parametrize(
    ("status", "allowed", "given"),
    [
        ("UPDATE_FAILED", Allowed(), ("aurora-cfn-run1-rollback", (), "arn:role")),
        ("UPDATE_ROLLBACK_FAILED", Allowed(), ("aurora-cfn-run1-continue", (), "arn:role")),
        ("UPDATE_ROLLBACK_FAILED", Allowed(skip=("Db",)), ("aurora-cfn-run1-continue", ("Db",), "arn:role")),
        ("DELETE_FAILED", Allowed(retain=("Db",)), ("aurora-cfn-run1-delete", ("Db",), "arn:role")),
        ("ROLLBACK_COMPLETE", Allowed(), ("aurora-cfn-run1-delete", (), "arn:role")),
    ],
)
def test_token_names_and_role_go_with_the_call(status: str, allowed: Allowed, given: tuple[object, ...]) -> None:
    fake = FakeRun()
    fake.cfn = cfn = Recording(fake.clock)
    cfn.given = []
    assert Recovery(fake.context(), "db", stuck(fake, status), allowed).run().outcome == "recovered"
    assert cfn.given == [given]


def test_a_destruction_leaves_what_was_named_and_is_done_by_the_role() -> None:
    fake = FakeRun()
    fake.cfn = cfn = Recording(fake.clock)
    cfn.given = []
    assert destroyed(fake.context(), Deletion(entry(), stuck(fake, "DELETE_FAILED")), ("Db",)).outcome == "deleted"
    assert cfn.given == [("aurora-cfn-run1-delete", ("Db",), "arn:role")]


def test_before_a_failed_creation_is_cleared_away_what_stays_is_named() -> None:
    fake = FakeRun()
    fake.cfn = cfn = Recording(fake.clock)
    cfn.given = []
    assert delete_failed_creation(fake.context(), stack(), stuck(fake, "ROLLBACK_COMPLETE"))
    assert fake.questions[0].splitlines() == [
        "db-dev is in ROLLBACK_COMPLETE: its creation failed, so it must be deleted and created again.",
        "  stays, outside of any stack: Db (AWS::RDS::DBCluster) db-1",
        "  stays, outside of any stack: Topic (AWS::SNS::Topic) t-1",
        "  stays, if there are any: final snapshots, and log groups that RDS or Lambda made themselves",
        "Delete db-dev and create it again?",
    ]
    assert cfn.given == [("aurora-cfn-run1-delete", (), "arn:role")]
    assert "db: deleting db-dev, whose creation failed" in fake.listener.lines


@pytest.mark.parametrize("is_named", [True, False])
@pytest.mark.parametrize(
    ("status", "allowed", "asked", "called"),
    [
        ("CREATE_FAILED", DELETE, True, "DeleteStack"),
        ("ROLLBACK_FAILED", DELETE, True, "DeleteStack"),
        ("DELETE_FAILED", Allowed(), True, "DeleteStack"),
        ("DELETE_FAILED", Allowed(retain=("Db",)), True, "DeleteStack"),
        # Nothing of another user goes with these.
        ("ROLLBACK_COMPLETE", Allowed(), False, "DeleteStack"),
        ("UPDATE_FAILED", Allowed(), False, "RollbackStack"),
        ("UPDATE_ROLLBACK_FAILED", Allowed(), False, "ContinueUpdateRollback"),
    ],
)
def test_a_deletion_wants_the_name_where_the_environment_does(
    status: str, allowed: Allowed, asked: bool, called: str, is_named: bool
) -> None:
    fake, names = FakeRun(), list[str]()

    def named(name: str) -> bool:
        names.append(name)
        return is_named

    result = Recovery(fake.context(), "db", stuck(fake, status), allowed, named).run()
    goes = is_named or not asked
    assert names == ["db-dev"] * asked
    assert (result.outcome, writes(fake)) == (("recovered", [called]) if goes else ("declined", []))


def test_every_status_that_needs_a_repair_has_a_move() -> None:
    # ROLLBACK_COMPLETE is recreated by deploy; recover deletes such a stack too.
    assert {row.recovery for row in STATUSES.values() if row.move in {"repair", "recreate"}} == MOVES.keys()
