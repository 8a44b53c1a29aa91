"""The state of a client, for every status of its stack and every claim."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aurora_cfn.deploy.stack_status import STATUSES
from aurora_cfn.fleet.client_state import ADVICE, USABLE, client_state
from aurora_cfn.model.fleet_client import OWN_PARAMETERS, FleetClient
from tests.fleet.toys import client_stack

EXPECTED = {
    "CREATE_COMPLETE": "ready",
    "UPDATE_COMPLETE": "ready",
    "IMPORT_COMPLETE": "ready",
    "UPDATE_ROLLBACK_COMPLETE": "rolled back",
    "IMPORT_ROLLBACK_COMPLETE": "rolled back",
    "ROLLBACK_COMPLETE": "failed",
    "REVIEW_IN_PROGRESS": "claimed",
    "DELETE_COMPLETE": "claimed",
}


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_is_a_state(status: str) -> None:
    otherwise = "pending" if status.endswith("_IN_PROGRESS") else "stuck"
    client = FleetClient("acme", "eu-west-1", "eu-west-1", client_stack("acme", "eu-west-1", status))
    assert client_state(client) == EXPECTED.get(status, otherwise)


@pytest.mark.parametrize(
    ("claimed", "region", "state"),
    [("eu-west-1", None, "claimed"), ("", "eu-west-1", "unclaimed"), ("eu-west-1", "eu-central-1", "elsewhere")],
)
def test_a_claim_and_a_stack_may_disagree(claimed: str, region: str | None, state: str) -> None:
    stack = client_stack("acme", region) if region else None
    assert client_state(FleetClient("acme", region or claimed, claimed, stack)) == state
    assert state in ADVICE


def test_what_is_usable_and_at_the_version_needs_no_advice() -> None:
    assert "ready" not in ADVICE
    assert "ready" in USABLE


def test_a_clients_own_parameters_are_those_that_its_tag_names() -> None:
    stack = client_stack("acme", "eu-west-1", **{OWN_PARAMETERS: "MaxCapacity Gone"})
    stack = replace(stack, parameters={"MaxCapacity": "8", "MinCapacity": "0"})
    assert FleetClient("acme", "eu-west-1", "eu-west-1", stack).own_parameters == {"MaxCapacity": "8"}
    assert FleetClient("acme", "eu-west-1", "eu-west-1", None).own_parameters == {}
