from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import CLUSTER, INSTANCE
from aurora_cfn.lint.mentions import mentions
from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.world import World


class ManagedSecret(AuroraRule):
    """There is a managed secret only with ManageMasterUserPassword.

    MasterUserSecret.SecretArn is empty unless RDS manages the master password; the attribute SecretArn does not exist.
    """

    id = "E9019"
    fix = "set ManageMasterUserPassword to true on the database, or take the ARN of your own secret"
    source_url = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-rds-dbcluster-masterusersecret.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        databases = ((row, row.get("ManageMasterUserPassword")) for row in world.resources(CLUSTER, INSTANCE))
        without = {row.name for row, managed in databases if managed.absent or managed.flag is False}
        # Reading all references of a template is the slowest part of any rule, so only where there may be a finding.
        for reference, path in mentions(world) if without else ():
            if reference.logical_id in without and reference.attribute == "MasterUserSecret.SecretArn":
                yield Problem(path, f"{reference.logical_id} has no managed secret")
