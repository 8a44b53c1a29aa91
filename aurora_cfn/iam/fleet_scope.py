"""The scope of the commands for a fleet: all of its regions and the claims of its names, or its StackSet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aurora_cfn.iam.scope import Scope
from aurora_cfn.iam.secret_limits import ROLE_SECRETS
from aurora_cfn.iam.stack_resources import CLUSTER_NAME
from aurora_cfn.model.environment import Fleet
from aurora_cfn.model.resource_types import CLUSTER


def of_fleet(scope: Scope, fleet: Fleet, buckets: Sequence[str]) -> Scope:
    """The scope widened to the regions of the fleet; the names of stacks and databases still limit it."""
    claims = f"/aurora-cfn/fleet/{fleet.name}"
    alone = set(fleet.regions) == {scope.region}
    return replace(
        scope,
        region=scope.region if alone else "*",
        parameters=[*scope.parameters, f"{claims}/*"],
        buckets=list(dict.fromkeys([*scope.buckets, *buckets])),
        claims=claims,
    )


def of_client(scope: Scope, fleet: Fleet, client: str) -> Scope:
    """The scope of a command with `--client`, `*` for any client: the regions of the fleet, and the client's claim."""
    claims = f"/aurora-cfn/fleet/{fleet.name}"
    return replace(
        scope,
        region=scope.region if set(fleet.regions) == {scope.region} else "*",
        parameters=[*scope.parameters, f"{claims}/{client}"],
        claims=claims,
    )


def of_pool_login(scope: Scope, role: str) -> Scope:
    """The scope of a login with that role in a shared cluster: the secret of the role in place of the master's."""
    clusters = scope.names(CLUSTER, CLUSTER_NAME)
    return replace(scope, secrets=[f"{ROLE_SECRETS}/{name}/{role}" for name in clusters], managed=False)


def of_accounts(scope: Scope, fleet: Fleet) -> Scope:
    """The scope limited to the fleet's StackSet; that of a delegated administrator is in the management account."""
    delegated = fleet.accounts is not None and fleet.accounts.call_as == "delegated-admin"
    return replace(scope, stack_set=fleet.name, set_account="*" if delegated else "")
