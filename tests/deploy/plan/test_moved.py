"""What counts as moved since a plan was made, and what does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aurora_cfn.deploy.plan.apply import moved_inputs, moved_stack, moved_values
from aurora_cfn.deploy.plan.file import planned_stack
from aurora_cfn.model.change_set import ChangeSet
from aurora_cfn.model.environment import EnvRef, SsmRef
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.model.stack import Stack
from tests.deploy.toys import TEMPLATE, entry, stack
from tests.fakes.clock import START

ARN = "arn:aws:cloudformation:eu-west-1:123456789012:stack/db-dev/1"
BEFORE = Stack(ARN, "db-dev", "UPDATE_COMPLETE", created=START, updated=START)
DESIRED = replace(
    stack(),
    tags={"team": "data"},
    capabilities=("CAPABILITY_IAM",),
    role_arn="arn:role",
    notification_arns=("arn:topic",),
    secrets=frozenset({"Password"}),
)
PLAN = StackPlan(DESIRED, {"Size": "1", "Password": "canary"}, BEFORE, since="event-1")
PLANNED = planned_stack(PLAN, None)


@pytest.mark.parametrize(
    ("desired", "parameters", "said"),
    [
        ({}, {}, []),
        # A value that is hidden is compared with the change set, not here.
        ({}, {"Password": "another"}, []),
        ({"template": f"{TEMPLATE}\n"}, {}, ["the template templates/toy.yaml has changed"]),
        ({}, {"Size": "2"}, ["the parameter Size was 1 and is 2"]),
        ({}, {"Size": None}, ["the parameter Size is not given any more"]),
        ({}, {"More": "3"}, ["the parameter More is new"]),
        ({"tags": {"team": "web"}}, {}, ["the tag team was data and is web"]),
        ({"tags": {}}, {}, ["the tag team is not given any more"]),
        ({"tags": {"team": "data", "cost": "7"}}, {}, ["the tag cost is new"]),
        ({"protect": True}, {}, ["the setting termination_protection was False and is True"]),
        ({"role_arn": None}, {}, ["the setting role_arn was arn:role and is None"]),
        ({"notification_arns": ()}, {}, ["the setting notification_arns was ['arn:topic'] and is []"]),
        ({"capabilities": ()}, {}, ["the setting capabilities was ['CAPABILITY_IAM'] and is []"]),
    ],
)
def test_inputs(desired: dict[str, Any], parameters: dict[str, str | None], said: list[str]) -> None:
    given = {name: value for name, value in {**PLAN.parameters, **parameters}.items() if value is not None}
    now = replace(PLAN, desired=replace(DESIRED, **desired), parameters=given)
    found = list(moved_inputs(PLANNED, now))
    assert found == said
    assert "canary" not in "".join(found)


@pytest.mark.parametrize(
    ("value", "message", "moved"),
    [
        ("same", "same", False),
        ("new", "old", True),
        ("new", "****", False),
        ("new", None, False),
    ],
)
@pytest.mark.parametrize(
    ("name", "given", "hidden"),
    [
        ("Password", None, True),
        ("Size", SsmRef("/db/size"), True),
        ("Size", EnvRef("SIZE"), True),
        # What is in the file as it is was compared with the file.
        ("Size", "1", False),
    ],
)
def test_values_behind_references(
    value: str, message: str | None, moved: bool, name: str, given: Any, hidden: bool
) -> None:
    desired = replace(DESIRED, entry=entry(parameters={name: given} if given else {}))
    parameters = {name: message} if message is not None else {}
    change_set = ChangeSet("arn", "set", ARN, "CREATE_COMPLETE", "AVAILABLE", parameters=parameters)
    found = list(moved_values(replace(PLAN, desired=desired, parameters={name: value}), change_set))
    assert found == ([f"the value behind the parameter {name} has changed"] if moved and hidden else [])


LATER = START + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("creates", "now", "newest", "said"),
    [
        (False, BEFORE, "event-1", []),
        (False, None, None, ["the stack was deleted"]),
        (True, None, None, ["the stack was deleted"]),
        (False, replace(BEFORE, status="DELETE_COMPLETE"), "event-1", ["the stack was deleted"]),
        (True, replace(BEFORE, status="REVIEW_IN_PROGRESS"), None, []),
        (True, BEFORE, None, ["the stack was to be created and is in UPDATE_COMPLETE"]),
        (
            False,
            replace(BEFORE, status="UPDATE_ROLLBACK_COMPLETE"),
            "event-1",
            ["the stack was changed since: it went from UPDATE_COMPLETE to UPDATE_ROLLBACK_COMPLETE"],
        ),
        (
            False,
            replace(BEFORE, updated=LATER),
            "event-1",
            [f"the stack was changed since (last at {LATER.isoformat()})"],
        ),
        (False, BEFORE, "event-2", [f"the stack was changed since (last at {START.isoformat()})"]),
        (
            False,
            replace(BEFORE, created=None, updated=None),
            "event-1",
            ["the stack was changed since (last at an unknown time)"],
        ),
    ],
)
def test_the_stack(creates: bool, now: Stack | None, newest: str | None, said: list[str]) -> None:
    assert list(moved_stack(replace(PLANNED, creates=creates), now, newest)) == said
