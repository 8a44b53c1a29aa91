from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.iam import statements
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World

_LOGINS = {"dsql:dbconnect", "dsql:dbconnectadmin", "dsql:dbconnect*"}
_ROLE = "make a database role for the program, and allow dsql:DbConnect in place of it"


class DsqlAdmin(AuroraRule):
    """A program connects to DSQL as admin, or to every cluster.

    dsql:DbConnectAdmin gives all rights in the database; a resource * reaches every cluster of the account.
    """

    id = "W9045"
    fix = "make a database role for the program, allow dsql:DbConnect, and name the cluster's ARN"
    source_url = "https://docs.aws.amazon.com/aurora-dsql/latest/userguide/authentication-authorization.html"
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for statement in statements(world):
            rows = [row for row in statement.actions or () if (row.text or "").lower() in _LOGINS]
            yield from (
                at(row, "admin may do everything", _ROLE) for row in rows if (row.text or "").lower().endswith("admin")
            )
            if rows:
                every = (row for row in statement.resources if row.text == "*")
                yield from (at(row, "every DSQL cluster is reached", "name the cluster's ARN") for row in every)
