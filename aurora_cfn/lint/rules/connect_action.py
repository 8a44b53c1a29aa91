from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.iam import statements
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class ConnectAction(AuroraRule):
    """The action for IAM database authentication is written with the wrong service.

    A login with a token needs rds-db:connect; rds:connect does not exist, so the policy allows nothing.
    """

    id = "W9044"
    fix = "write rds-db:connect"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html"
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        for statement in statements(world):
            for found in statement.actions or ():
                if (found.text or "").lower() == "rds:connect":
                    yield at(found, f"there is no action {found.text}")
