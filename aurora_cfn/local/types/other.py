"""Rotation schedules of Secrets Manager, and selections of AWS Backup over ministack's Backup API.

A secret with a schedule says that it rotates and by which rules; nothing rotates it.
"""

from __future__ import annotations

import json
from typing import Any

from aurora_cfn.local.query import ServiceError
from aurora_cfn.local.types.handlers import Created, Handlers, Properties


def handlers(_provisioners: Any) -> dict[str, Handlers]:
    """The handlers by type."""
    return {
        "AWS::SecretsManager::RotationSchedule": Handlers(_create_schedule, _delete_schedule, _update_schedule),
        "AWS::Backup::BackupSelection": Handlers(_create_selection, _delete_selection),
    }


def _create_schedule(_logical_id: str, properties: Properties, _stack: str) -> Created:
    secret = _secret(properties["SecretId"])
    secret["RotationEnabled"] = True
    for key in ("RotationLambdaARN", "RotationRules"):
        if properties.get(key):
            secret[key] = properties[key]
    return secret["ARN"], {"Id": secret["ARN"]}


def _update_schedule(physical_id: str, old: Properties, new: Properties, stack: str) -> Created:
    _delete_schedule(physical_id, old)
    return _create_schedule(physical_id, new, stack)


def _delete_schedule(physical_id: str, _properties: Properties) -> None:
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


def _create_selection(_logical_id: str, properties: Properties, _stack: str) -> Created:
    from ministack.services import backup

    plan = properties["BackupPlanId"]
    answer = _read(backup._create_selection(plan, {"BackupSelection": dict(properties["BackupSelection"])}))
    name = f"{answer['SelectionId']}_{plan}"
    return name, {"Id": name, "SelectionId": answer["SelectionId"], "BackupPlanId": plan}


def _delete_selection(physical_id: str, _properties: Properties) -> None:
    from ministack.services import backup

    selection, _, plan = physical_id.partition("_")
    backup._delete_selection(plan, selection)


def _read(answer: tuple[int, Any, Any]) -> dict[str, Any]:
    status, _, body = answer
    found: dict[str, Any] = json.loads(body) if body else {}
    if status >= 400:
        raise ServiceError("Backup", status, str(found.get("Code", status)), str(found.get("Message", found)))
    return found
