from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aurora_cfn.lint.found import Reference
from aurora_cfn.lint.iam import statements
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World

_IDENTIFIED: Final = frozenset({"AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::RDS::DBProxy"})


class ConnectResource(AuroraRule):
    """rds-db:connect names resource ids, not identifiers.

    The ARN for IAM authentication holds the resource id (cluster-ABC..., db-ABC..., prx-ABC...); with the identifier
    the policy allows nothing.
    """

    id = "E9044"
    fix = "use DBClusterResourceId of a cluster, DbiResourceId of an instance, or the last part of a proxy's ARN"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for statement in statements(world):
            if statement.actions is not None and any(row.text == "rds-db:connect" for row in statement.actions):
                for found in statement.resources:
                    for piece in found.pieces:
                        owner = world.resource(piece.logical_id) if isinstance(piece, Reference) else None
                        if owner and owner.type in _IDENTIFIED and piece == Reference(owner.name):
                            yield at(found, f"Ref of {owner.name} is its identifier")
