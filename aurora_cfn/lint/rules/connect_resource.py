from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aurora_cfn.lint.found import Found, Reference
from aurora_cfn.lint.iam import statements
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World

_IDENTIFIED: Final = frozenset({"AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::RDS::DBProxy"})
_ARNS: Final = frozenset({"DBClusterArn", "DBInstanceArn", "DBProxyArn"})
_RESOURCE_ID: Final = ("cluster-", "db-", "prx-", "*")


class ConnectResource(AuroraRule):
    """rds-db:connect names resource ids, not identifiers.

    The ARN for IAM authentication is arn:aws:rds-db:REGION:ACCOUNT:dbuser:RESOURCE-ID/USER with a resource id such as
    cluster-ABC..., db-ABC... or prx-ABC...; with an identifier, or with the ARN of the database, the policy allows
    nothing.
    """

    id = "E9044"
    fix = "use DBClusterResourceId of a cluster, DbiResourceId of an instance, or the last part of a proxy's ARN"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html"
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        for statement in statements(world):
            if statement.actions is not None and any(row.text == "rds-db:connect" for row in statement.actions):
                for found in statement.resources:
                    yield from _problems(world, found)


def _problems(world: World, found: Found) -> Iterator[Problem]:
    pieces = found.pieces
    for piece in pieces:
        owner = world.resource(piece.logical_id) if isinstance(piece, Reference) else None
        if owner and owner.type in _IDENTIFIED and piece == Reference(owner.name):
            yield at(found, f"Ref of {owner.name} is its identifier")
            return
    first = pieces[0] if pieces else ""
    if isinstance(first, Reference) and first.attribute in _ARNS and len(pieces) == 1:
        yield at(found, f"{first.attribute} of {first.logical_id} is no ARN of rds-db")
    text = "".join(piece if isinstance(piece, str) else "?" for piece in pieces)
    parts = text.split(":", 6)
    if len(parts) == 6 or (len(parts) == 7 and parts[2] != "rds-db" and "?" not in parts[2]):
        if parts[0] == "arn" and parts[2] == "rds":
            yield at(found, "the ARN is of rds, and rds-db:connect needs one of rds-db")
    elif len(parts) == 7 and parts[2] == "rds-db" and parts[5] == "dbuser":
        name = parts[6].partition("/")[0]
        if name and not name.startswith(_RESOURCE_ID) and "?" not in name:
            yield at(found, f"{name} is no resource id, which begins with cluster-, db- or prx-")
