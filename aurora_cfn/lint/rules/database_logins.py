"""Rules about IAM policies that allow logins to Aurora and DSQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aurora_cfn.lint.found import Found, Reference
from aurora_cfn.lint.iam import statements
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.variant import Variant


class ConnectAction(AuroraRule):
    """The action for IAM database authentication is written with the wrong service.

    A login with a token needs rds-db:connect; rds:connect does not exist, so the policy allows nothing.
    """

    id = "W9044"
    fix = "write rds-db:connect"
    page = "UsingWithRDS.IAMDBAuth.IAMPolicy"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for found in _actions(variant):
            if (found.text or "").lower() == "rds:connect":
                yield at(found, f"there is no action {found.text}")


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
    page = "UsingWithRDS.IAMDBAuth.IAMPolicy"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for statement in statements(variant):
            if statement.actions is not None and any(row.text == "rds-db:connect" for row in statement.actions):
                for found in statement.resources:
                    yield from _problems(variant, found)


def _problems(variant: Variant, found: Found) -> Iterator[Problem]:
    pieces = found.pieces
    for piece in pieces:
        owner = variant.resource(piece.logical_id) if isinstance(piece, Reference) else None
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


_OF_DATA_API: Final = frozenset({"dsql:executestatement", "dsql:batchexecutestatement"})
_LOGINS: Final = frozenset({"dsql:dbconnect", "dsql:dbconnectadmin"})


class DsqlActions(AuroraRule):
    """A DSQL action that does not exist.

    The actions for a login are dsql:DbConnect and dsql:DbConnectAdmin. Others such as dsql:Connect or
    dsql:ExecuteStatement do not exist in IAM, so the role cannot connect.
    """

    id = "E9045"
    fix = "use dsql:DbConnect for a custom database role, dsql:DbConnectAdmin for admin"
    page = "authentication-authorization"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for found in _actions(variant):
            action = (found.text or "").lower()
            spelled = action.startswith("dsql:") and "connect" in action and not action.endswith("*")
            if action in _OF_DATA_API or (spelled and action not in _LOGINS and "?" not in action):
                yield at(found, f"there is no action {found.text}")


def _actions(variant: Variant) -> Iterator[Found]:
    """Every action that a statement of the template allows by name or pattern."""
    for statement in statements(variant):
        yield from statement.actions or ()


_ROLE = "make a database role for the program, and allow dsql:DbConnect in place of it"


class DsqlAdmin(AuroraRule):
    """A program connects to DSQL as admin, or to every cluster.

    dsql:DbConnectAdmin gives all rights in the database; a resource * reaches every cluster of the account.
    """

    id = "W9045"
    fix = "make a database role for the program, allow dsql:DbConnect, and name the cluster's ARN"
    page = "authentication-authorization"
    every_variant = False

    def look(self, variant: Variant) -> Iterator[Problem]:
        for statement in statements(variant):
            rows = [row for row in statement.actions or () if (row.text or "").lower() in {*_LOGINS, "dsql:dbconnect*"}]
            yield from (
                at(row, "admin may do everything", _ROLE) for row in rows if (row.text or "").lower().endswith("admin")
            )
            if rows:
                every = (row for row in statement.resources if row.text == "*")
                yield from (at(row, "every DSQL cluster is reached", "name the cluster's ARN") for row in every)
