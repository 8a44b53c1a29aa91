"""Names of clients, and those of their stacks and claims, whose home is with the function of the databases API."""

from __future__ import annotations

import re

from aurora_cfn.environment.names import CLIENT_LONGEST, CLIENT_NAME, CLIENT_RULE
from aurora_cfn.errors import InputError
from aurora_cfn.handlers.fleet_names import claim_path as claim_path
from aurora_cfn.handlers.fleet_names import claimed_region as claimed_region
from aurora_cfn.handlers.fleet_names import claims_path as claims_path
from aurora_cfn.handlers.fleet_names import stack_name as stack_name
from aurora_cfn.model.resource_types import CLIENT


def check_client(name: str) -> str:
    """The name. Raises InputError for one that cannot be part of a stack's and a cluster's name."""
    if not re.fullmatch(CLIENT_NAME, name) or len(name) > CLIENT_LONGEST:
        raise InputError(f"{name!r} is not the name of a client: {CLIENT_RULE}")
    return name


def stack_key(client: str) -> str:
    """`client:acme`: the key of the stack in its environment, which --stack takes as it takes `branch:pr-812`."""
    return f"{CLIENT}{client}"
