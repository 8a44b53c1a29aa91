"""An update of a stack that changes its tags alone, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aurora_cfn.deploy.as_deployed import with_tags
from aurora_cfn.deploy.context import Approve
from aurora_cfn.model.change_set import ChangeSetRequest
from aurora_cfn.model.ownership import Ownership
from aurora_cfn.model.plan import StackPlan, StackResult
from tests.deploy.test_ownership import NAME, OURS, context
from tests.deploy.toys import TEMPLATE, FakeRun, stack

MORE = {"aurora-cfn:holds": "cluster-ABC"}


def tagged(fake: FakeRun, tags: Mapping[str, str] = MORE, approve: Approve = lambda _: True) -> StackResult:
    # Another template and other tags in the project: neither is sent.
    wanted = replace(stack(tags={"Team": "b"}), template="")
    return with_tags(context(fake), wanted, tags, approve, "restore")


def test_the_deployed_stack_gets_the_tags_besides_its_own_and_only_once() -> None:
    fake = FakeRun()
    fake.cfn.put(NAME, "CREATE_COMPLETE", TEMPLATE, tags={"Team": "a", **OURS.tags})
    assert tagged(fake).outcome == "updated"
    found = fake.cfn.stack(NAME)
    assert found is not None
    assert found.tags == {"Team": "a", **OURS.tags, **MORE}
    assert tagged(fake).outcome == "unchanged"
    assert fake.cfn.count("CreateChangeSet") == 1


def test_a_stack_that_is_not_there_is_said() -> None:
    result = tagged(FakeRun())
    assert (result.outcome, "is not deployed" in result.cause) == ("failed", True)


def test_one_tag_of_several_is_not_all_of_them() -> None:
    fake = FakeRun()
    fake.cfn.put(NAME, "CREATE_COMPLETE", TEMPLATE, tags={**OURS.tags, **MORE})
    assert tagged(fake, {**MORE, "aurora-cfn:gone": "cluster-XYZ"}).outcome == "updated"


def test_a_stack_of_another_owner_gets_no_tags() -> None:
    fake = FakeRun()
    fake.cfn.put(NAME, "CREATE_COMPLETE", TEMPLATE, tags=Ownership("billing", "dev").tags)
    result = tagged(fake)
    assert (result.outcome, result.exit_code, fake.cfn.count("CreateChangeSet")) == ("refused", 6, 0)
    assert f"`aurora-cfn restore --env dev --take-over {NAME}`" in result.cause


def test_the_change_set_of_another_tool_is_named_to_the_one_who_approves() -> None:
    fake = FakeRun()
    assert fake.deploy(stack(tags=OURS.tags)).outcome == "created"
    fake.cfn.create_change_set(ChangeSetRequest(NAME, "theirs", "UPDATE", TEMPLATE, parameters={"Size": "5"}))
    notes: list[str] = []

    def approve(plan: StackPlan) -> bool:
        notes.extend(plan.notes)
        return True

    assert tagged(fake, approve=approve).outcome == "updated"
    assert [note.partition(" waits")[0] for note in notes] == ["the change set theirs of another tool or person"]


def test_tags_that_another_run_sets_in_between_leave_nothing_to_change() -> None:
    fake = FakeRun()
    fake.cfn.put(NAME, "CREATE_COMPLETE", TEMPLATE, tags=OURS.tags)
    template = fake.cfn.template

    def overtaken(arn: str) -> str:
        fake.cfn._kept[arn].stack = replace(fake.cfn._kept[arn].stack, tags={**OURS.tags, **MORE})
        return template(arn)

    fake.cfn.template = overtaken  # type: ignore[method-assign, assignment]
    assert tagged(fake).outcome == "unchanged"
    assert (fake.cfn.change_sets(NAME), fake.cfn.count("ExecuteChangeSet")) == ([], 0)
