"""Taking drift back: shown, approved, executed with what is deployed, and nothing else changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aurora_cfn.deploy.drift import revert
from aurora_cfn.model.change_set import ChangeSetRequest
from aurora_cfn.model.ownership import Owner, with_suffix
from aurora_cfn.model.plan import StackResult
from tests.deploy.toys import TEMPLATE, FakeRun, changed, stack
from tests.fakes.clock import FakeClock
from tests.fakes.drift import DriftedCloudFormation


@pytest.fixture
def fake() -> FakeRun:
    made = FakeRun()
    made.cfn = DriftedCloudFormation(made.clock)
    created = made.cfn.create_change_set(
        ChangeSetRequest("db-dev", "s", "CREATE", TEMPLATE, parameters={"Size": "3"}, tags={"Project": "x"})
    )
    made.cfn.execute_change_set(created.arn, token="t")
    made.clock.sleep(1000)
    return made


def reverted(fake: FakeRun) -> StackResult:
    return revert(fake.context(), stack(template="Resources: {}"), fake.approve)


def drifted(fake: FakeRun) -> DriftedCloudFormation:
    assert isinstance(fake.cfn, DriftedCloudFormation)
    fake.cfn.drifted = ("Cluster",)
    return fake.cfn


def test_drift_is_taken_back_with_the_deployed_template_parameters_and_tags(fake: FakeRun) -> None:
    cfn = drifted(fake)
    result = reverted(fake)
    assert (result.outcome, result.exit_code) == ("updated", 0)
    request = cfn.requests[-1]
    assert (request.previous_template, request.revert_drift, request.template) == (True, True, "")
    assert request.previous_parameters == ("Size",)
    assert request.tags == {"Project": "x"}
    assert cfn.template("db-dev") == TEMPLATE
    assert "not reverted" in fake.plans[0].notes[0]


def test_protection_role_and_topics_stay_as_they_are_deployed(fake: FakeRun) -> None:
    cfn = drifted(fake)
    (kept,) = cfn._kept.values()
    kept.stack = replace(kept.stack, protected=True, role_arn="arn:role", notification_arns=("arn:topic",))
    kept.template = TEMPLATE.replace("Writer:", "Role:\n    Type: AWS::IAM::Role\n  Writer:")
    assert reverted(fake).outcome == "updated"
    request = cfn.requests[-1]
    assert (request.role_arn, request.notification_arns) == ("arn:role", ("arn:topic",))
    assert request.capabilities == ("CAPABILITY_NAMED_IAM",)
    assert (request.token, request.description) == ("aurora-cfn-run1-db", "aurora-cfn drift --env dev --revert")
    after = cfn.stack("db-dev")
    assert after is not None
    assert (after.protected, after.tags) == (True, {"Project": "x"})
    assert "UpdateTerminationProtection" not in cfn.calls
    shown = fake.plans[0].desired
    assert (shown.tags, shown.notification_arns, shown.protect) == ({"Project": "x"}, ("arn:topic",), True)


def test_what_cannot_be_taken_back_is_an_honest_no(fake: FakeRun) -> None:
    result = reverted(fake)
    assert (result.outcome, result.exit_code) == ("unchanged", 1)
    assert "cannot change after creation" in result.cause
    assert result.stack == fake.cfn.stack("db-dev")
    assert fake.plans == []
    assert fake.cfn.change_sets("db-dev") == []


def test_declined_leaves_everything_as_it_is(fake: FakeRun) -> None:
    drifted(fake)
    fake.answer = False
    assert reverted(fake).outcome == "declined"
    assert fake.cfn.count("ExecuteChangeSet") == 1
    assert fake.cfn.change_sets("db-dev") == []
    assert fake.cfn.names() == ["db-dev"]


def test_what_killed_runs_left_goes_and_what_others_left_is_named(fake: FakeRun) -> None:
    drifted(fake)
    dead = Owner("0123456789ab", 7, "100")
    for name, suffix in (("aurora-cfn-killed", dead.suffix), ("theirs", "")):
        description = with_suffix("aurora-cfn drift", suffix)
        request = ChangeSetRequest(
            "db-dev", name, "UPDATE", TEMPLATE, parameters={"Size": "9"}, description=description
        )
        fake.cfn.create_change_set(request)
    fake.answer = False
    context = changed(fake.context(), owner_is_dead=lambda maker: maker == dead)
    revert(context, stack(template="Resources: {}"), fake.approve)
    assert [row.name for row in fake.cfn.change_sets("db-dev")] == ["theirs"]
    assert "theirs of another tool or person waits on this stack too" in fake.plans[0].notes[1]


def test_a_busy_stack_is_left_alone() -> None:
    fake = FakeRun()
    fake.cfn = DriftedCloudFormation(FakeClock())
    fake.cfn.put("db-dev", "UPDATE_IN_PROGRESS")
    assert reverted(fake).exit_code == 7
    assert fake.cfn.count("CreateChangeSet") == 0


def test_a_stack_that_is_not_there_has_nothing_to_take_back() -> None:
    result = reverted(FakeRun())
    assert (result.outcome, result.exit_code) == ("failed", 5)
    assert "nothing to revert" in result.cause
