from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aurora_cfn.lint.databases import CLUSTER, INSTANCE
from aurora_cfn.lint.rule import AuroraRule, Problem, on
from aurora_cfn.lint.secrets import SECRET
from aurora_cfn.lint.world import World

_ATTACHMENT: Final = "AWS::SecretsManager::SecretTargetAttachment"


class UnusedSecret(AuroraRule):
    """A secret is attached to a database whose password RDS manages.

    The secret holds another password than the database, so a login with it fails; the managed secret has the right one.
    """

    id = "W9075"
    fix = "leave the secret and its attachment out, or take MasterUserPassword from the secret"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html"
    checked = "2026-11-28"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for attachment in world.resources(_ATTACHMENT):
            secret, database = world.target(attachment.get("SecretId")), world.target(attachment.get("TargetId"))
            if secret and database and secret.type == SECRET and database.type in {CLUSTER, INSTANCE}:
                user = secret.get("GenerateSecretString", "SecretStringTemplate")
                master = database.get("MasterUsername").text
                names_master = master is not None and f'"{master}"' in "".join(map(str, user.pieces))
                if database.get("ManageMasterUserPassword").flag is True and names_master:
                    yield on(attachment, f"{database.name} does not have the password of {secret.name}")
