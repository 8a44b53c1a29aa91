"""The calls of StackSets, as CloudFormation answers them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from ministack.core.responses import new_uuid, now_iso
from ministack.services.cloudformation import handlers
from ministack.services.cloudformation.helpers import _error, _extract_string_members, _p, _resolve_template

from aurora_cfn.local.cloudformation.records import Record, answered
from aurora_cfn.local.stack_sets import progress, records
from aurora_cfn.local.stack_sets.records import PATTERN, RUNNING, all_sets, begun, pairs, settle, values

Answer = Any
Handler = Callable[[Record, Any], Answer]


def install() -> None:
    """Add them to ministack's table of actions, and keep the records with the state of CloudFormation."""
    records.install()
    progress.install()
    found: dict[str, Handler] = {
        "DescribeStackSet": _describe,
        "UpdateStackSet": _update,
        "DeleteStackSet": _delete,
        "CreateStackInstances": partial(_instances, "CREATE"),
        "UpdateStackInstances": partial(_instances, "UPDATE"),
        "DeleteStackInstances": partial(_instances, "DELETE"),
        "ListStackInstances": _list_instances,
        "DescribeStackInstance": _describe_instance,
        "DescribeStackSetOperation": lambda row, given: {"StackSetOperation": _operation(row, given)},
        "ListStackSetOperations": lambda row, _: {"Summaries": row["Operations"][::-1]},  # the newest first
        "ListStackSetOperationResults": lambda row, given: {
            "Summaries": [*_operation(row, given)["_Results"].values()]
        },
        "StopStackSetOperation": _stop,
    }
    handlers._ACTION_HANDLERS |= {name: partial(_on_set, name, handler) for name, handler in found.items()}
    handlers._ACTION_HANDLERS |= {"CreateStackSet": _create, "ListStackSets": _list}


class Refusal(Exception):  # noqa: N818 # an answer, not a fault of the program
    """The code and the message of an error of CloudFormation."""


def _on_set(name: str, handler: Handler, parameters: Any) -> Answer:
    row = all_sets().get(_p(parameters, "StackSetName"))
    try:
        if row is None:
            raise Refusal("StackSetNotFoundException", f"StackSet {_p(parameters, 'StackSetName')} not found")
        settle(row)
        found = handler(row, parameters)
    except Refusal as refusal:
        code, message = refusal.args
        return _error(code, message, 404 if code.endswith("NotFoundException") else 409)
    return answered(name, found)


def _create(parameters: Any) -> Answer:
    name, token = _p(parameters, "StackSetName"), _p(parameters, "ClientRequestToken")
    there = all_sets().get(name)
    if there is not None and (not token or there["_Token"] != token):
        return _error("NameAlreadyExistsException", f"The Name {name} already exists", 409)
    if not PATTERN.fullmatch(name):
        return _error("ValidationError", f"StackSet name {name!r} must fit {PATTERN.pattern}")
    body, refused = _resolve_template(parameters)
    if refused:
        return refused
    if not body:
        return _error("ValidationError", "Either Template URL or Template Body must be specified.")
    row = there or {"StackSetName": name, "StackSetId": f"{name}:{new_uuid()}", "Instances": {}, "Operations": []}
    all_sets()[name] = row | _definition(parameters, body) | {"_Token": token}
    return answered("CreateStackSet", {"StackSetId": row["StackSetId"]})


def _list(parameters: Any) -> Answer:
    shown = {
        "StackSetName",
        "StackSetId",
        "Description",
        "Status",
        "AutoDeployment",
        "PermissionModel",
        "ManagedExecution",
    }
    # A deleted StackSet leaves no record here, so that all of them are active.
    rows = all_sets().values() if _p(parameters, "Status") in ("", "ACTIVE") else []
    return answered("ListStackSets", {"Summaries": [{key: row[key] for key in row if key in shown} for row in rows]})


def _definition(parameters: Any, body: str) -> Record:
    return {
        "Status": "ACTIVE",
        "TemplateBody": body,
        "Description": _p(parameters, "Description") or None,
        "_Parameters": values(parameters, "Parameters") or {},
        "_Tags": values(parameters, "Tags") or {},
        "Capabilities": _extract_string_members(parameters, "Capabilities"),
        "PermissionModel": _p(parameters, "PermissionModel") or "SELF_MANAGED",
        "AdministrationRoleARN": _p(parameters, "AdministrationRoleARN") or None,
        "ExecutionRoleName": _p(parameters, "ExecutionRoleName") or None,
        "AutoDeployment": {
            "Enabled": _p(parameters, "AutoDeployment.Enabled") == "true",
            "RetainStacksOnAccountRemoval": _p(parameters, "AutoDeployment.RetainStacksOnAccountRemoval") == "true",
        },
        "ManagedExecution": {"Active": _p(parameters, "ManagedExecution.Active") == "true"},
    }


def _describe(row: Record, _: Any) -> Record:
    shown = {key: value for key, value in row.items() if key not in {"Instances", "Operations"}}
    return {"StackSet": shown | {"Parameters": pairs(row["_Parameters"]), "Tags": pairs(row["_Tags"], "Tag")}}


def _update(row: Record, parameters: Any) -> Record:
    _refuse_busy(row, parameters)
    body, refused = _resolve_template(parameters)
    if refused:
        raise Refusal("ValidationError", refused[2].decode().partition("<Message>")[2].partition("</Message>")[0])
    if _p(parameters, "UsePreviousTemplate") == "true":
        body = row["TemplateBody"]
    row |= _definition(parameters, body)
    for instance in row["Instances"].values():
        instance["Status"] = "OUTDATED"
    return _start(row, parameters, "UPDATE", list(row["Instances"]))


def _delete(row: Record, _: Any) -> Record:
    if row["Instances"]:
        raise Refusal("StackSetNotEmptyException", "StackSet is not empty")
    all_sets().pop(row["StackSetName"], None)
    return {}


def _instances(action: str, row: Record, parameters: Any) -> Record:
    _refuse_busy(row, parameters)
    regions = _extract_string_members(parameters, "Regions")
    accounts = _extract_string_members(parameters, "Accounts")
    unit = _p(parameters, "DeploymentTargets.OrganizationalUnitIds.member.1")
    if _p(parameters, "DeploymentTargets.AccountFilterType") == "INTERSECTION":
        accounts = _extract_string_members(parameters, "DeploymentTargets.Accounts")
    elif unit:
        # This emulator has no AWS Organizations: what is deployed already is all that is known of a unit.
        accounts = [one["Account"] for one in row["Instances"].values() if one["OrganizationalUnitId"] == unit]
    overrides = values(parameters, "ParameterOverrides")
    keys = [f"{account}/{region}" for region in regions for account in dict.fromkeys(accounts)]
    for key in keys:
        if action == "CREATE":
            row["Instances"].setdefault(key, _made(row, key, unit))
        elif key not in row["Instances"] and action == "UPDATE":
            raise Refusal("StackInstanceNotFoundException", f"Stack instance {key} not found")
    keys = [key for key in keys if key in row["Instances"]]
    if overrides is not None:
        for key in keys:
            row["Instances"][key]["_Overrides"] = overrides
    return _start(row, parameters, action, keys)


def _made(row: Record, key: str, unit: str) -> Record:
    account, region = key.split("/")
    return {
        "StackSetId": row["StackSetId"], "Account": account, "Region": region, "Status": "OUTDATED",
        "StackInstanceStatus": {"DetailedStatus": "PENDING"}, "OrganizationalUnitId": unit, "_Overrides": {},
        "StackId": None, "DriftStatus": "NOT_CHECKED",
    }  # fmt: skip


def _refuse_busy(row: Record, parameters: Any) -> None:
    identifier = _p(parameters, "OperationId")
    if any(operation["OperationId"] == identifier for operation in row["Operations"]):
        raise Refusal("OperationIdAlreadyExistsException", f"Operation {identifier} already exists")
    managed = row["ManagedExecution"]["Active"]
    if not managed and any(operation["Status"] in RUNNING for operation in row["Operations"]):
        raise Refusal("OperationInProgressException", "Another Operation on StackSet is in progress")


def _start(row: Record, parameters: Any, action: str, keys: list[str]) -> Record:
    def amount(name: str, usual: str) -> str:
        percent = _p(parameters, f"OperationPreferences.{name}Percentage")
        return f"{percent}%" if percent else _p(parameters, f"OperationPreferences.{name}Count") or usual

    operation: Record = {
        "OperationId": _p(parameters, "OperationId") or new_uuid(),
        "StackSetId": row["StackSetId"],
        "Action": action,
        "Status": "QUEUED" if any(one["Status"] in RUNNING for one in row["Operations"]) else "RUNNING",
        "RetainStacks": action == "DELETE" and _p(parameters, "RetainStacks") == "true",
        "CreationTimestamp": now_iso(),
        "_Order": _extract_string_members(parameters, "OperationPreferences.RegionOrder"),
        "_Parallel": _p(parameters, "OperationPreferences.RegionConcurrencyType") == "PARALLEL",
        "_Soft": _p(parameters, "OperationPreferences.ConcurrencyMode") == "SOFT_FAILURE_TOLERANCE",
        "_Tolerate": amount("FailureTolerance", "0"),
        "_Concurrency": amount("MaxConcurrent", "1"),
        "_Exceeded": False,
        "_Results": {
            key: dict(zip(("Account", "Region"), key.split("/"), strict=True), Status="PENDING") for key in keys
        },
    }
    for key in keys:
        row["Instances"][key]["LastOperationId"] = operation["OperationId"]
    row["Operations"].append(operation)
    begun(operation)
    asyncio.get_event_loop().create_task(progress.run(row, operation))
    return {"OperationId": operation["OperationId"]}


def _list_instances(row: Record, parameters: Any) -> Record:
    wanted = {"Account": _p(parameters, "StackInstanceAccount"), "Region": _p(parameters, "StackInstanceRegion")}
    rows = row["Instances"].values()
    return {"Summaries": [one for one in rows if all(not text or one[key] == text for key, text in wanted.items())]}


def _describe_instance(row: Record, parameters: Any) -> Record:
    key = "/".join(_p(parameters, name) for name in ("StackInstanceAccount", "StackInstanceRegion"))
    if key not in row["Instances"]:
        raise Refusal("StackInstanceNotFoundException", f"Stack instance {key} not found")
    found = row["Instances"][key]
    return {"StackInstance": found | {"ParameterOverrides": pairs(found["_Overrides"])}}


def _operation(row: Record, parameters: Any) -> Record:
    wanted = _p(parameters, "OperationId")
    found: Record | None = next((one for one in row["Operations"] if one["OperationId"] == wanted), None)
    if found is None:
        raise Refusal("OperationNotFoundException", f"Operation {wanted} not found")
    return found


def _stop(row: Record, parameters: Any) -> Record:
    found = _operation(row, parameters)
    if found["Status"] not in RUNNING:
        raise Refusal("InvalidOperationException", f"Operation {found['OperationId']} is not running")
    found["Status"] = "STOPPING"
    return {}
