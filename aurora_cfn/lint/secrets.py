"""Secrets of a world and the databases that take their password from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aurora_cfn.lint.databases import CLUSTER, INSTANCE
from aurora_cfn.lint.found import Reference
from aurora_cfn.lint.world import Resource, World

SECRET: Final = "AWS::SecretsManager::Secret"


def master_secrets(world: World) -> Iterator[tuple[Resource, Resource]]:
    """Databases whose master password a secret of the template generates, each with that secret."""
    for database in world.resources(CLUSTER, INSTANCE):
        pieces = database.get("MasterUserPassword").pieces
        for piece in pieces if "{{resolve:secretsmanager:" in str(pieces[:1]) else ():
            secret = world.resource(piece.logical_id) if isinstance(piece, Reference) else None
            if secret and secret.type == SECRET and secret.get("GenerateSecretString").mapping:
                yield database, secret
