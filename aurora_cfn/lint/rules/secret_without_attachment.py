from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aurora_cfn.lint.rule import AuroraRule, Problem, on
from aurora_cfn.lint.secrets import SECRET, master_secrets
from aurora_cfn.lint.world import World

_ROTATION: Final = "AWS::SecretsManager::RotationSchedule"
_ATTACHMENT: Final = "AWS::SecretsManager::SecretTargetAttachment"


class SecretWithoutAttachment(AuroraRule):
    """A secret is rotated without being attached to its database.

    The rotation functions of AWS read engine and host from the secret, and a SecretTargetAttachment writes them there;
    without it each rotation fails.
    """

    id = "W9074"
    fix = "add an AWS::SecretsManager::SecretTargetAttachment for the secret and the database"
    source_url = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secrettargetattachment.html"
    checked = "2026-11-28"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        attached = {row.get("SecretId").reference for row in world.resources(_ATTACHMENT)}
        for rotation in world.resources(_ROTATION):
            secret = world.target(rotation.get("SecretId"))
            own = [row for _, row in master_secrets(world)]
            if (
                secret
                and secret.type == SECRET
                and secret in own
                and rotation.get("SecretId").reference not in attached
            ):
                yield on(rotation, f"{rotation.name} rotates {secret.name}, which is attached to no database")
