from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aurora_cfn.lint.iam import statements
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World

_OF_DATA_API: Final = frozenset({"dsql:executestatement", "dsql:batchexecutestatement"})
_LOGINS: Final = frozenset({"dsql:dbconnect", "dsql:dbconnectadmin"})


class DsqlActions(AuroraRule):
    """A DSQL action that does not exist.

    The actions for a login are dsql:DbConnect and dsql:DbConnectAdmin. Others such as dsql:Connect or
    dsql:ExecuteStatement do not exist in IAM, so the role cannot connect.
    """

    id = "E9045"
    fix = "use dsql:DbConnect for a custom database role, dsql:DbConnectAdmin for admin"
    source_url = "https://docs.aws.amazon.com/aurora-dsql/latest/userguide/authentication-authorization.html"
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        for statement in statements(world):
            for found in statement.actions or ():
                action = (found.text or "").lower()
                spelled = action.startswith("dsql:") and "connect" in action and not action.endswith("*")
                if action in _OF_DATA_API or (spelled and action not in _LOGINS and "?" not in action):
                    yield at(found, f"there is no action {found.text}")
