"""A DSQL action that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.iam import statements
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class DsqlActions(AuroraRule):
    """A DSQL action that does not exist."""

    id = "E9045"
    shortdesc = "A DSQL action that does not exist"
    description = (
        "Tutorials name dsql:ExecuteStatement and dsql:Connect; IAM knows neither, so the role cannot connect."
    )
    fix = "use dsql:DbConnect for a custom database role, dsql:DbConnectAdmin for admin"
    source_url = "https://docs.aws.amazon.com/aurora-dsql/latest/userguide/authentication-authorization.html"

    def look(self, world: World) -> Iterator[Problem]:
        for statement in statements(world):
            for found in statement.actions or ():
                if (found.text or "").lower() in {
                    "dsql:executestatement",
                    "dsql:connect",
                    "dsql:batchexecutestatement",
                }:
                    yield at(found, f"there is no action {found.text}")
