"""Names of clients, of their stacks, and of their claims in SSM."""

from __future__ import annotations

import re

from aurora_cfn.environment.names import CLIENT_LONGEST, CLIENT_NAME, CLIENT_RULE
from aurora_cfn.errors import InputError


def check_client(name: str) -> str:
    """The name. Raises InputError for one that cannot be part of a stack's and a cluster's name."""
    if not re.fullmatch(CLIENT_NAME, name) or len(name) > CLIENT_LONGEST:
        raise InputError(f"{name!r} is not the name of a client: {CLIENT_RULE}")
    return name


def stack_name(fleet: str, client: str) -> str:
    """`clientdb-acme`: the name of the stack, and of the cluster where the template takes one."""
    return f"{fleet}-{client}"


def claims_path(fleet: str) -> str:
    """The path of SSM under which the clients of the fleet are claimed."""
    return f"/aurora-cfn/fleet/{fleet}"


def claim_path(fleet: str, client: str) -> str:
    """The parameter of SSM that holds the region of the client."""
    return f"{claims_path(fleet)}/{client}"
