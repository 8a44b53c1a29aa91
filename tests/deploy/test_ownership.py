"""Whose stack it is: what is refused, what is adopted, and which tags a change set gets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aurora_cfn.deploy.context import Choices, Context
from aurora_cfn.model.database_copy import HOLDS
from aurora_cfn.model.ownership import Ownership
from aurora_cfn.model.stack import StackResource
from tests.deploy.toys import TEMPLATE, FakeRun, stack

OURS = Ownership("shop", "dev")
NAME = "db-dev"


def context(fake: FakeRun, *take_over: str) -> Context:
    plain = fake.context(Choices(take_over=take_over))
    return replace(plain, environment=replace(plain.environment, project="shop"))


def tags_of(fake: FakeRun) -> dict[str, str]:
    found = fake.cfn.stack(NAME)
    assert found is not None
    return dict(found.tags)


def deployed_by_an_older_version(fake: FakeRun) -> None:
    """Without a project in the context nothing is tagged, as before there were tags."""
    assert fake.deploy(context=fake.context()).outcome == "created"
    assert tags_of(fake) == {}
    fake.listener.lines.clear()


def test_a_new_stack_gets_the_tags_of_its_owner() -> None:
    fake = FakeRun()
    assert fake.deploy(stack(tags={"Team": "a"}), context=context(fake)).outcome == "created"
    assert tags_of(fake) == {"Team": "a", **OURS.tags}
    assert fake.deploy(stack(tags={"Team": "a"}), context=context(fake)).outcome == "unchanged"


def test_the_database_that_a_stack_holds_since_a_swap_stays_in_its_tags() -> None:
    fake = FakeRun()
    fake.cfn.put(NAME, "UPDATE_COMPLETE", TEMPLATE, tags={HOLDS: "cluster-ABC", "aurora-cfn:gone": "x", **OURS.tags})
    assert fake.deploy(stack(tags={"Team": "a"}), context=context(fake)).outcome == "updated"
    assert tags_of(fake) == {"Team": "a", HOLDS: "cluster-ABC", **OURS.tags}


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        (Ownership("billing", "dev").tags, ["project billing", "write `project: billing`"]),
        (Ownership("shop", "test").tags, ["environment test"]),
        ({}, ["has no tag of a project"]),
        ({"Team": "b"}, ["has no tag of a project"]),
    ],
)
def test_a_stack_of_another_owner_is_left_alone(tags: dict[str, str], words: list[str]) -> None:
    fake = FakeRun()
    fake.cfn.put(NAME, "CREATE_COMPLETE", TEMPLATE, tags=tags)
    result = fake.deploy(context=context(fake))
    assert (result.outcome, result.exit_code) == ("refused", 6)
    assert all(word in result.cause for word in [*words, f"--take-over {NAME}"])
    assert fake.cfn.count("CreateChangeSet") == 0


@pytest.mark.parametrize("tags", [Ownership("billing", "dev").tags, {}])
def test_a_stack_that_is_taken_over_by_name_gets_our_tags(tags: dict[str, str]) -> None:
    fake = FakeRun()
    found = fake.cfn.put(NAME, "CREATE_COMPLETE", TEMPLATE, tags=tags)
    for name in ("Cluster", "Writer"):
        fake.cfn.put_resource(found, StackResource(name, "AWS::RDS::DBCluster", "CREATE_COMPLETE", name))
    assert fake.deploy(context=context(fake, NAME), Size="2").outcome == "updated"
    assert tags_of(fake) == OURS.tags
    assert any("is taken over" in line for line in fake.listener.lines)


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "UPDATE_COMPLETE"])
def test_no_status_makes_another_stack_ours(status: str) -> None:
    fake = FakeRun()
    fake.cfn.put(NAME, status, TEMPLATE, tags=Ownership("billing", "dev").tags)
    assert fake.deploy(context=context(fake)).exit_code == 6
    assert fake.cfn.count("DeleteStack") == 0


def test_a_stack_of_an_older_version_is_deployed_with_one_line_said() -> None:
    fake = FakeRun()
    deployed_by_an_older_version(fake)
    assert fake.deploy(context=context(fake), Size="2").outcome == "updated"
    assert tags_of(fake) == OURS.tags
    assert len([line for line in fake.listener.lines if "its next change also adds the tags" in line]) == 1


def test_an_upgrade_of_the_tool_alone_changes_no_stack() -> None:
    fake = FakeRun()
    deployed_by_an_older_version(fake)
    assert fake.deploy(context=context(fake)).outcome == "unchanged"
    assert tags_of(fake) == {}


def test_a_stack_that_an_older_version_deployed_for_another_environment_is_not_ours() -> None:
    fake = FakeRun()
    other = fake.context()
    fake.deploy(context=replace(other, environment=replace(other.environment, name="test")))
    assert fake.deploy(context=context(fake)).exit_code == 6


def test_a_stack_that_is_taken_over_gets_our_tags_though_nothing_else_changes() -> None:
    fake = FakeRun()
    deployed_by_an_older_version(fake)
    assert fake.deploy(context=context(fake, NAME)).outcome == "updated"
    assert tags_of(fake) == OURS.tags


@pytest.mark.parametrize("tags", [{"Team": "a"}, {}])
def test_a_stack_of_an_older_version_whose_tags_change_gets_ours_too(tags: dict[str, str]) -> None:
    fake = FakeRun()
    assert fake.deploy(stack(tags={"Team": "b"}), context=fake.context()).outcome == "created"
    assert fake.deploy(stack(tags=tags), context=context(fake)).outcome == "updated"
    assert tags_of(fake) == tags | OURS.tags


def test_a_template_that_is_only_written_differently_is_the_same() -> None:
    fake = FakeRun()
    deployed_by_an_older_version(fake)
    rewritten = f"# A comment.\n{TEMPLATE}"
    assert fake.deploy(stack(template=rewritten), context=context(fake)).outcome == "unchanged"
    assert tags_of(fake) == {}


def test_a_stack_that_no_change_set_made_is_not_asked_for_one() -> None:
    # DescribeChangeSet takes no empty name: botocore would refuse the call itself.
    fake = FakeRun()
    fake.cfn.put(NAME, "CREATE_COMPLETE", TEMPLATE, tags={})
    assert fake.deploy(context=context(fake)).exit_code == 6
    assert fake.cfn.count("DescribeChangeSet") == 0
