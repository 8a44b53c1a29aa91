"""A plan as JSON: what it keeps, that it comes back the same, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from aurora_cfn.deploy.plan.file import moment, plan_json, planned_stack, read_plan, sha256, shown_parameters
from aurora_cfn.errors import InputError
from aurora_cfn.model.change import Change, Effect, Verdict
from aurora_cfn.model.change_set import ChangeSet, ResourceChange
from aurora_cfn.model.environment import EnvRef, ParameterValue, SsmRef
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.model.plan_file import FORMAT, PlanFile, PlannedStack
from aurora_cfn.model.review import StackReview
from aurora_cfn.model.stack import Stack
from tests.deploy.toys import TEMPLATE, entry, stack
from tests.fakes.clock import START

ARN = "arn:aws:cloudformation:eu-west-1:123456789012:stack/db-dev/1"
BEFORE = Stack(ARN, "db-dev", "UPDATE_COMPLETE", created=START, updated=START + timedelta(hours=1))
REFERENCES: dict[str, ParameterValue] = {"Path": SsmRef("/db/password"), "Shell": EnvRef("DB_PASSWORD")}
DESIRED = replace(
    stack(),
    entry=entry(parameters=REFERENCES),
    tags={"team": "data"},
    capabilities=("CAPABILITY_IAM",),
    role_arn="arn:role",
    notification_arns=("arn:topic",),
    secrets=frozenset({"Password"}),
    protect=True,
)
SECRET = "canary-51c2"
PARAMETERS = {"Size": "1", "Password": SECRET, "Path": SECRET, "Shell": SECRET}
SET = ChangeSet(
    "arn:set", "set", ARN, "CREATE_COMPLETE", "AVAILABLE",
    changes=(ResourceChange("Add", "A", "X::Y::Z"), ResourceChange("Add", "B", "X::Y::Z")),
)  # fmt: skip
PLAN = StackPlan(DESIRED, PARAMETERS, BEFORE, SET, "event-1", True, ("a note",), "open -> closed", ("Cluster",))
PLANNED = PlannedStack(
    key="db",
    name="db-dev",
    arn=ARN,
    creates=False,
    made_stack=True,
    change_set="arn:set",
    template="toy",
    template_sha256=sha256(TEMPLATE),
    parameters={
        "Size": "1",
        "Password": {"hidden": True},
        "Path": {"ssm": "/db/password"},
        "Shell": {"env": "DB_PASSWORD"},
    },
    tags={"team": "data"},
    settings={
        "termination_protection": True,
        "role_arn": "arn:role",
        "notification_arns": ["arn:topic"],
        "capabilities": ["CAPABILITY_IAM"],
    },
    status="UPDATE_COMPLETE",
    updated="2026-11-21T13:00:00+00:00",
    event="event-1",
    verdicts={},
    notes=("a note",),
    policy="open -> closed",
    opened=("Cluster",),
)  # fmt: skip
FILE = PlanFile(
    environment="dev", region="eu-west-1", account="123456789012", git_commit="0" * 40, dirty=True,
    created="2026-11-21T12:00:00+00:00", allow=("db.Cluster",), stacks=(PLANNED,),
    deferred={"web": "later"},
)  # fmt: skip


def test_everything_but_secrets_is_kept() -> None:
    assert planned_stack(PLAN, None) == PLANNED
    assert SECRET not in plan_json(replace(FILE, stacks=(planned_stack(PLAN, None),)))
    assert shown_parameters(PLAN) == PLANNED.parameters


@pytest.mark.parametrize(
    ("more", "kept"),
    [
        ({"change_set": None}, {"change_set": "", "arn": ARN}),
        ({"before": None}, {"creates": True, "status": "", "updated": "", "verdicts": {"new": 2}}),
        ({"before": None, "change_set": replace(SET, changes=())}, {"creates": True, "status": "", "updated": ""}),
        (
            {"before": None, "change_set": None},
            {"creates": True, "status": "", "updated": "", "arn": "", "change_set": ""},
        ),
    ],
)
def test_what_a_plan_without_one_or_the_other_keeps(more: dict[str, Any], kept: dict[str, Any]) -> None:
    assert planned_stack(replace(PLAN, **more), None) == replace(PLANNED, **kept)


def change(*verdicts: Verdict) -> Change:
    return Change("modify", "Resources", "Cluster", tuple(Effect(verdict, "it changes") for verdict in verdicts))


@pytest.mark.parametrize(
    ("changes", "counted"),
    [
        ((), []),
        ((change(Verdict.IN_PLACE),), [("in-place", 1)]),
        (
            (change(Verdict.IN_PLACE), change(Verdict.DATA_LOSS, Verdict.METADATA), change(Verdict.IN_PLACE)),
            [("data-loss", 1), ("in-place", 2)],
        ),
    ],
)
def test_verdicts_are_counted_worst_first(changes: tuple[Change, ...], counted: list[tuple[str, int]]) -> None:
    review = StackReview("db-dev", "toy", changes)
    assert list(planned_stack(PLAN, review).verdicts.items()) == counted


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (None, ""),
        (BEFORE, "2026-11-21T13:00:00+00:00"),
        (replace(BEFORE, updated=None), "2026-11-21T12:00:00+00:00"),
        (replace(BEFORE, updated=None, created=None), ""),
    ],
)
def test_when_a_stack_was_last_changed(found: Stack | None, text: str) -> None:
    assert moment(found) == text


texts = some.text(max_size=20)


@given(some.dictionaries(texts, texts), some.lists(texts), some.one_of(some.none(), texts), some.booleans())
def test_whatever_is_written_comes_back(pairs: dict[str, str], words: list[str], event: str | None, flag: bool) -> None:
    row = replace(PLANNED, parameters=pairs, tags=pairs, notes=tuple(words), opened=tuple(words), event=event)
    file = replace(FILE, stacks=(row, replace(row, made_stack=flag)), allow=tuple(words), deferred=pairs, dirty=flag)
    assert read_plan(plan_json(file), "plan.json") == file


def as_written_before(**more: Any) -> str:
    """The plan as a version wrote it that had these fields too, with its digest."""
    document = {**json.loads(plan_json(FILE)), **more}
    del document["digest"]
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return json.dumps({**document, "digest": f"sha256:{sha256(canonical)}"}, indent=2)


@pytest.mark.parametrize("more", [{}, {"tool": "0.1.0"}])
def test_plans_of_earlier_versions_are_read(more: dict[str, Any]) -> None:
    assert read_plan(as_written_before(**more), "plan.json") == FILE


@pytest.mark.parametrize(
    "more",
    [
        {"tools": "0.1.0"},
        {"tool": "0.1.0", "maker": "x"},
        # Values of another type, by an editor that has renewed the digest too.
        {"account": 123456789012},
        {"allow": "Cluster"},
        {"dirty": "no"},
    ],
)
def test_a_field_that_no_version_wrote_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="damaged or was edited"):
        read_plan(as_written_before(**more), "plan.json")


def edited(**more: Any) -> str:
    return json.dumps({**json.loads(plan_json(FILE)), **more})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "plan.json: not a plan, or cut off"),
        (plan_json(FILE)[:-20], "plan.json: not a plan, or cut off"),
        ("[" * 100_000, "plan.json: not a plan, or cut off"),
        ("[]", "plan.json: not a plan"),
        ("{}", "plan.json: not a plan"),
        (edited(account="999999999999"), "plan.json: the plan is damaged or was edited"),
        (edited(digest=""), "plan.json: the plan is damaged or was edited"),
        (edited(format=0), "plan.json: the plan is damaged or was edited"),
        (edited(format="1"), "plan.json: the plan is damaged or was edited"),
        (edited(format=FORMAT + 1), f"plan.json: plan format {FORMAT + 1} is newer than this version reads ({FORMAT})"),
    ],
)
def test_what_is_no_plan_of_ours_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_plan(text, "plan.json")
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)
