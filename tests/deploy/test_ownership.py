"""Whose stack it is: what is refused, what is adopted, and which tags a change set gets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aurora_cfn.deploy.context import Choices, Context
from aurora_cfn.model.database_copy import HOLDS
from aurora_cfn.model.ownership import Ownership
from aurora_cfn.model.stack import StackResource
from tests.deploy.toys import TEMPLATE, World, stack

OURS = Ownership("shop", "dev")
NAME = "db-dev"


def context(world: World, *take_over: str) -> Context:
    plain = world.context(Choices(take_over=take_over))
    return replace(plain, environment=replace(plain.environment, project="shop"))


def tags_of(world: World) -> dict[str, str]:
    found = world.cfn.stack(NAME)
    assert found is not None
    return dict(found.tags)


def deployed_by_an_older_version(world: World) -> None:
    """Without a project in the context nothing is tagged, as before there were tags."""
    assert world.deploy(context=world.context()).outcome == "created"
    assert tags_of(world) == {}
    world.listener.lines.clear()


def test_a_new_stack_gets_the_tags_of_its_owner() -> None:
    world = World()
    assert world.deploy(stack(tags={"Team": "a"}), context=context(world)).outcome == "created"
    assert tags_of(world) == {"Team": "a", **OURS.tags}
    assert world.deploy(stack(tags={"Team": "a"}), context=context(world)).outcome == "unchanged"


def test_the_database_that_a_stack_holds_since_a_swap_stays_in_its_tags() -> None:
    world = World()
    world.cfn.put(NAME, "UPDATE_COMPLETE", TEMPLATE, tags={HOLDS: "cluster-ABC", "aurora-cfn:gone": "x", **OURS.tags})
    assert world.deploy(stack(tags={"Team": "a"}), context=context(world)).outcome == "updated"
    assert tags_of(world) == {"Team": "a", HOLDS: "cluster-ABC", **OURS.tags}


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
    world = World()
    world.cfn.put(NAME, "CREATE_COMPLETE", TEMPLATE, tags=tags)
    result = world.deploy(context=context(world))
    assert (result.outcome, result.exit_code) == ("refused", 6)
    assert all(word in result.cause for word in [*words, f"--take-over {NAME}"])
    assert world.cfn.count("CreateChangeSet") == 0


@pytest.mark.parametrize("tags", [Ownership("billing", "dev").tags, {}])
def test_a_stack_that_is_taken_over_by_name_gets_our_tags(tags: dict[str, str]) -> None:
    world = World()
    found = world.cfn.put(NAME, "CREATE_COMPLETE", TEMPLATE, tags=tags)
    for name in ("Cluster", "Writer"):
        world.cfn.put_resource(found, StackResource(name, "AWS::RDS::DBCluster", "CREATE_COMPLETE", name))
    assert world.deploy(context=context(world, NAME), Size="2").outcome == "updated"
    assert tags_of(world) == OURS.tags
    assert any("is taken over" in line for line in world.listener.lines)


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "UPDATE_COMPLETE"])
def test_no_status_makes_another_stack_ours(status: str) -> None:
    world = World()
    world.cfn.put(NAME, status, TEMPLATE, tags=Ownership("billing", "dev").tags)
    assert world.deploy(context=context(world)).exit_code == 6
    assert world.cfn.count("DeleteStack") == 0


def test_a_stack_of_an_older_version_is_deployed_with_one_line_said() -> None:
    world = World()
    deployed_by_an_older_version(world)
    assert world.deploy(context=context(world), Size="2").outcome == "updated"
    assert tags_of(world) == OURS.tags
    assert len([line for line in world.listener.lines if "its next change also adds the tags" in line]) == 1


def test_an_upgrade_of_the_tool_alone_changes_no_stack() -> None:
    world = World()
    deployed_by_an_older_version(world)
    assert world.deploy(context=context(world)).outcome == "unchanged"
    assert tags_of(world) == {}


def test_a_stack_that_an_older_version_deployed_for_another_environment_is_not_ours() -> None:
    world = World()
    other = world.context()
    world.deploy(context=replace(other, environment=replace(other.environment, name="test")))
    assert world.deploy(context=context(world)).exit_code == 6
