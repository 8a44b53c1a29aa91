"""Selections of AWS Backup over ministack's Backup API."""

from __future__ import annotations

import json
from typing import Any

from aurora_cfn.local.query import ServiceError
from aurora_cfn.local.types.handlers import Created, Handlers, Properties


def handlers(_provisioners: Any) -> dict[str, Handlers]:
    """The handlers by type."""
    return {
        "AWS::Backup::BackupSelection": Handlers(_create, _delete),
    }


def _create(_logical_id: str, properties: Properties, _stack: str) -> Created:
    from ministack.services import backup

    plan = properties["BackupPlanId"]
    answer = _read(backup._create_selection(plan, {"BackupSelection": dict(properties["BackupSelection"])}))
    name = f"{answer['SelectionId']}_{plan}"
    return name, {"Id": name, "SelectionId": answer["SelectionId"], "BackupPlanId": plan}


def _delete(physical_id: str, _properties: Properties) -> None:
    from ministack.services import backup

    selection, _, plan = physical_id.partition("_")
    backup._delete_selection(plan, selection)


def _read(answer: tuple[int, Any, Any]) -> dict[str, Any]:
    status, _, body = answer
    found: dict[str, Any] = json.loads(body) if body else {}
    if status >= 400:
        raise ServiceError("Backup", status, str(found.get("Code", status)), str(found.get("Message", found)))
    return found
