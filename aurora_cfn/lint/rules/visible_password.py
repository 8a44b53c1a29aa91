from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import CLUSTER, INSTANCE
from aurora_cfn.lint.mentions import is_secret, written_parameter
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class VisiblePassword(AuroraRule):
    """The master password is readable in the description of the stack.

    A parameter without NoEcho shows its value in the console and in describe-stacks; a plain SSM parameter is not
    encrypted.
    """

    id = "W9018"
    fix = "use ManageMasterUserPassword, or a dynamic reference to a secret: {{resolve:secretsmanager:...}}"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for resource in (*world.resources(CLUSTER), *world.resources(INSTANCE)):
            found = resource.get("MasterUserPassword")
            start = next(iter(found.pieces), "")
            name = written_parameter(world, found.path)
            if isinstance(start, str) and start.startswith("{{resolve:ssm:"):
                yield at(found, "the password is unencrypted in the SSM Parameter Store")
            elif (
                name and not is_secret(world, name) and not (isinstance(start, str) and start.startswith("{{resolve:"))
            ):
                yield at(found, f"the parameter {name} has no NoEcho")
