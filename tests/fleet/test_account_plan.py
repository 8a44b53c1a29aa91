"""What is to be done for a fleet of accounts, from what is there and what the params file says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from aurora_cfn.fleet.account_plan import AccountPlan, Step, account_plan
from aurora_cfn.model.fleet_accounts import AccountClient, FleetAccounts
from aurora_cfn.model.stack import NO_ECHO
from aurora_cfn.model.stack_set import SetDefinition, StackInstance, StackSet, Targets
from tests.fakes.stack_sets import as_set

R1, R2 = "eu-west-1", "eu-central-1"
A, B, C = "111111111111", "222222222222", "333333333333"
ACME, GLOBEX = AccountClient("acme", (R1, R2), A), AccountClient("globex", (R1,), B, parameters={"Size": "2"})
WANTED = SetDefinition("fleet", "text", {"Size": "1", "Secret": "x"}, {"Project": "p"})
HERE = as_set(WANTED)
MADE = "arn:aws:cloudformation:eu-west-1:1:stack/x/1"


def instance(account: str, region: str, status: str = "CURRENT", **more: object) -> StackInstance:
    given: dict[str, object] = {"overrides": {}, "stack_id": MADE, "operation": "op"}
    return StackInstance(account, region, status, **(given | more))  # type: ignore[arg-type] # of several types


ALL = (instance(A, R1), instance(A, R2), instance(B, R1, overrides={"Size": "2"}))


def plan(
    before: StackSet | None, *instances: StackInstance, wanted: SetDefinition = WANTED, never: tuple[str, ...] = ()
) -> AccountPlan:
    def own(client: AccountClient) -> Mapping[str, str]:
        return client.parameters

    return account_plan(wanted, before, instances, FleetAccounts((ACME, GLOBEX)), own, frozenset(never))


CREATE_ACME = Step("create", ("acme",), Targets((A,)), (R1, R2))
CREATE_GLOBEX = Step("create", ("globex",), Targets((B,)), (R1,), {"Size": "2"})


def test_a_new_fleet_is_created_with_all_its_stacks_and_one_as_it_should_be_stays() -> None:
    assert plan(None) == AccountPlan(creates=True, updates=False, steps=(CREATE_ACME, CREATE_GLOBEX))
    assert plan(HERE, *ALL).empty


@pytest.mark.parametrize(
    ("instances", "steps"),
    [
        # A new region, an override that differs, a stack whose last operation failed.
        (ALL[1:], (replace(CREATE_ACME, regions=(R1,)),)),
        ((*ALL[:2], instance(B, R1)), (replace(CREATE_GLOBEX, kind="update"),)),
        ((instance(A, R1, "OUTDATED"), *ALL[1:]), (replace(CREATE_ACME, kind="update", regions=(R1,)),)),
        # A creation that failed was rolled back: it is created again.
        ((instance(A, R1, "OUTDATED", operation="first"), *ALL[1:]), (replace(CREATE_ACME, regions=(R1,)),)),
        ((instance(A, R1, "OUTDATED", stack_id=""), *ALL[1:]), (replace(CREATE_ACME, regions=(R1,)),)),
        # What can only be deleted is left out.
        ((instance(A, R1, "INOPERABLE"), *ALL[1:]), ()),
    ],
)
def test_what_differs_is_one_step_for_each_client(
    instances: tuple[StackInstance, ...], steps: tuple[Step, ...]
) -> None:
    assert plan(HERE, *instances, never=("first",)).steps == steps


def test_what_no_client_has_is_shown_and_left() -> None:
    stranger, stuck = instance(C, R1), instance(A, R1, "INOPERABLE")
    found = plan(HERE, stuck, *ALL[1:], stranger)
    assert (found.of_no_client, found.stuck, found.empty) == ((stranger,), (stuck,), True)


@pytest.mark.parametrize(
    ("change", "updates"),
    [
        ({}, False),
        ({"template": "text\n"}, False),
        ({"template": "other"}, True),
        ({"parameters": {"Size": "3", "Secret": "x"}}, True),
        ({"parameters": {"Size": "1", "Secret": NO_ECHO}}, False),
        ({"parameters": {"Size": "1"}}, True),
        ({"tags": {}}, True),
        ({"managed": False}, True),
        # Roles that the file does not name stay.
        ({"execution_role": "Executor"}, False),
    ],
)
def test_the_set_is_updated_for_what_the_file_says(change: dict[str, object], updates: bool) -> None:
    before = replace(HERE, **change)  # type: ignore[arg-type] # of several types
    found = plan(before, *ALL)
    assert (found.updates, found.steps) == (updates, ())
    # The update of the StackSet reaches a stack that is not current too.
    assert plan(before, instance(A, R1, "OUTDATED"), *ALL[1:]).steps == () or not updates


@pytest.mark.parametrize(
    ("there", "updates"),
    [(("Admin", "Executor"), False), (("Other", "Executor"), True), (("Admin", "Other"), True)],
)
def test_either_role_that_differs_updates_the_set(there: tuple[str, str], updates: bool) -> None:
    wanted = replace(WANTED, administration_role="Admin", execution_role="Executor")
    before = replace(HERE, administration_role=there[0], execution_role=there[1])
    assert plan(before, *ALL, wanted=wanted).updates is updates


def test_clients_that_need_the_same_are_one_operation() -> None:
    def own(_: AccountClient) -> Mapping[str, str]:
        return {}

    units = [AccountClient(name, (R1,), unit=f"ou-{name}") for name in ("a", "b")]
    both = FleetAccounts((ACME, replace(GLOBEX, regions=(R1, R2)), *units))
    found = account_plan(WANTED, HERE, (), both, own).steps
    assert [(step.clients, step.targets) for step in found] == [
        (("acme", "globex"), Targets((A, B))),
        (("a", "b"), Targets((), ("ou-a", "ou-b"), only=False)),
    ]
