"""The scope of the commands for a fleet's clients: all of its regions, and the claims of their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aurora_cfn.iam.scope import Scope
from aurora_cfn.model.environment import Fleet


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
