from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import left_off
from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.world import World


class IamAuthentication(AuroraRule):
    """IAM database authentication is off.

    With IAM authentication, people and programs connect with short-lived tokens instead of passwords; it has no price.
    Security Hub RDS.12, checkov CKV_AWS_162.
    """

    id = "W9027"
    fix = "set EnableIAMDatabaseAuthentication to true"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.html"
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for cluster, place in left_off(world, "EnableIAMDatabaseAuthentication"):
            if not cluster.is_express:  # which has no passwords
                yield Problem(place, f"{cluster.resource.name} takes passwords only")
