"""Selections of AWS Backup over ministack's Backup API."""

from __future__ import annotations

from typing import Any

from ministack.services import backup

from aurora_cfn.local.query import json_of
from aurora_cfn.local.types.handlers import Created, Handlers, Properties


def handlers(_provisioners: Any) -> dict[str, Handlers]:
    """The handlers by type."""
    return {"AWS::Backup::BackupSelection": Handlers(_create, _delete)}


def _create(_logical_id: str, properties: Properties, _stack: str) -> Created:
    plan = properties["BackupPlanId"]
    wanted = {"BackupSelection": dict(properties["BackupSelection"])}
    answer = json_of("Backup", backup._create_selection(plan, wanted))
    name = f"{answer['SelectionId']}_{plan}"
    return name, {"Id": name, "SelectionId": answer["SelectionId"], "BackupPlanId": plan}


def _delete(physical_id: str, _properties: Properties) -> None:
    selection, _, plan = physical_id.partition("_")
    backup._delete_selection(plan, selection)
