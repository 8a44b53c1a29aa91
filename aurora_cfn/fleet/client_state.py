"""Names of clients, and in which state a client is: read from its claim and its stack, in one table."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from aurora_cfn.deploy.stack_status import SUCCEEDED, stack_status
from aurora_cfn.environment.names import CLIENT_LONGEST, CLIENT_NAME, CLIENT_RULE
from aurora_cfn.errors import InputError
from aurora_cfn.handlers.fleet_names import claim_path as claim_path
from aurora_cfn.handlers.fleet_names import claimed_region as claimed_region
from aurora_cfn.handlers.fleet_names import claims_path as claims_path
from aurora_cfn.handlers.fleet_names import stack_name as stack_name
from aurora_cfn.model.fleet_client import FleetClient
from aurora_cfn.model.resource_types import CLIENT


def check_client(name: str) -> str:
    """The name. Raises InputError for one that cannot be part of a stack's and a cluster's name."""
    if not re.fullmatch(CLIENT_NAME, name) or len(name) > CLIENT_LONGEST:
        raise InputError(f"{name!r} is not the name of a client: {CLIENT_RULE}")
    return name


def stack_key(client: str) -> str:
    """`client:acme`: the key of the stack in its environment, which --stack takes as it takes `branch:pr-812`."""
    return f"{CLIENT}{client}"


State: TypeAlias = Literal[
    "ready", "rolled back", "pending", "failed", "stuck", "claimed", "unclaimed", "elsewhere"
]  # fmt: skip
"""`rolled back`: ready, but its last update failed. `failed`: its creation failed. `stuck`: it needs `recover`.
`claimed`: there is a claim and no stack. `unclaimed`: there is a stack and no claim. `elsewhere`: the stack is in
another region than the claim."""
USABLE: frozenset[State] = frozenset({"ready", "rolled back"})
"""States in which the database answers."""
ADVICE: dict[State, str] = {
    "rolled back": "its last update failed: `clients upgrade` tries again",
    "failed": "its creation failed: `clients create` deletes what is left and creates it again",
    "stuck": "CloudFormation cannot continue with its stack by itself",
    "claimed": "its creation was interrupted: `clients create` continues, `clients delete` frees the name",
    "unclaimed": "another create could take its name: `clients create` with its region claims it again",
    "elsewhere": "its claim names another region: `clients delete` with --region deletes this stack alone",
}


def client_state(client: FleetClient) -> State:
    """The state of the client."""
    stack = client.stack
    if stack is None or not (stack.exists or stack.in_review):
        return "claimed"
    if stack.in_review:
        return "claimed" if client.claimed else "unclaimed"
    if not client.claimed:
        return "unclaimed"
    if client.claimed != stack.region:
        return "elsewhere"
    if stack.status in SUCCEEDED:
        return "ready"
    move = stack_status(stack).move
    # An update may also end rolled back: what ran before it still runs.
    states: dict[str, State] = {"wait": "pending", "update": "rolled back", "recreate": "failed"}
    return states.get(move, "stuck")
