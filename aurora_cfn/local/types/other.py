"""Rotation schedules: the secret says that it rotates, and by which rules; nothing turns it."""

from __future__ import annotations

from typing import Any

from aurora_cfn.local.types.handlers import Created, Handlers, Properties


def handlers(_provisioners: Any) -> dict[str, Handlers]:
    """The handlers by type."""
    return {"AWS::SecretsManager::RotationSchedule": Handlers(_create, _delete, _update)}


def _create(_logical_id: str, properties: Properties, _stack: str) -> Created:
    secret = _secret(properties["SecretId"])
    secret["RotationEnabled"] = True
    for key in ("RotationLambdaARN", "RotationRules"):
        if properties.get(key):
            secret[key] = properties[key]
    return secret["ARN"], {"Id": secret["ARN"]}


def _update(physical_id: str, old: Properties, new: Properties, stack: str) -> Created:
    _delete(physical_id, old)
    return _create(physical_id, new, stack)


def _delete(physical_id: str, _properties: Properties) -> None:
    try:
        secret = _secret(physical_id)
    except ValueError:
        return
    secret["RotationEnabled"] = False
    secret["RotationRules"] = None


def _secret(name: str) -> dict[str, Any]:
    from ministack.services import secretsmanager

    _, secret = secretsmanager._resolve(name)
    if secret is None:
        raise ValueError("Secrets Manager can't find the specified secret.")
    found: dict[str, Any] = secret
    return found
