from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.iam import statements
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class DsqlActions(AuroraRule):
    """A DSQL action that does not exist.

    Tutorials name dsql:ExecuteStatement and dsql:Connect; neither exists in IAM, so the role cannot connect.
    """

    id = "E9045"
    fix = "use dsql:DbConnect for a custom database role, dsql:DbConnectAdmin for admin"
    source_url = "https://docs.aws.amazon.com/aurora-dsql/latest/userguide/authentication-authorization.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for statement in statements(world):
            for found in statement.actions or ():
                if (found.text or "").lower() in {
                    "dsql:executestatement",
                    "dsql:connect",
                    "dsql:batchexecutestatement",
                }:
                    yield at(found, f"there is no action {found.text}")
