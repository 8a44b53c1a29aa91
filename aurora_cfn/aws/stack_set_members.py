"""Members of the requests and answers of StackSets, from and to our own values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aurora_cfn.aws.pages import tag_rows
from aurora_cfn.aws.parse import read_parameters, read_tags
from aurora_cfn.model.stack_set import (
    CallAs,
    InstanceResult,
    InstancesRequest,
    Preferences,
    SetDefinition,
    SetOperation,
    StackInstance,
    StackSet,
    Targets,
)

SELF, SERVICE = "SELF_MANAGED", "SERVICE_MANAGED"


def call_as(caller: CallAs) -> dict[str, str]:
    """CallAs for a delegated administrator; nothing for the default."""
    return {"CallAs": "DELEGATED_ADMIN"} if caller == "delegated-admin" else {}


def definition_members(wanted: SetDefinition) -> dict[str, Any]:
    """Members of CreateStackSet and UpdateStackSet."""
    template = {"TemplateURL": wanted.template_url} if wanted.template_url else {"TemplateBody": wanted.template}
    service = wanted.permissions == "service-managed"
    roles = {"AdministrationRoleARN": wanted.administration_role, "ExecutionRoleName": wanted.execution_role}
    automatic = {"Enabled": wanted.automatic} | (
        {"RetainStacksOnAccountRemoval": wanted.retain_on_removal} if wanted.automatic else {}
    )
    return {
        "StackSetName": wanted.name,
        **template,
        **({"Description": wanted.description} if wanted.description else {}),
        "Parameters": _pairs(wanted.parameters),
        "Capabilities": list(wanted.capabilities),
        "Tags": tag_rows(wanted.tags),
        "PermissionModel": SERVICE if service else SELF,
        # Without it a second operation is refused while one runs; with it they queue (API reference).
        "ManagedExecution": {"Active": True},
        **({"AutoDeployment": automatic} if service else {key: text for key, text in roles.items() if text}),
    }


def preference_members(wanted: Preferences) -> dict[str, Any]:
    """OperationPreferences."""
    return {
        "RegionConcurrencyType": "PARALLEL" if wanted.parallel_regions else "SEQUENTIAL",
        # An order of regions means nothing where all run at once.
        **({"RegionOrder": list(wanted.region_order)} if wanted.region_order and not wanted.parallel_regions else {}),
        **_amount("FailureTolerance", wanted.tolerate),
        **_amount("MaxConcurrent", wanted.concurrency),
        "ConcurrencyMode": "SOFT_FAILURE_TOLERANCE" if wanted.soft else "STRICT_FAILURE_TOLERANCE",
    }


def request_members(request: InstancesRequest) -> dict[str, Any]:
    """Members that creating, updating and deleting instances have in common."""
    overrides = {} if request.overrides is None else {"ParameterOverrides": _pairs(request.overrides)}
    return {
        "StackSetName": request.name,
        **_targets(request.targets),
        "Regions": list(request.regions),
        "OperationPreferences": preference_members(request.preferences),
        "OperationId": request.id,
        **overrides,
    }


def stack_set_of(row: Mapping[str, Any]) -> StackSet | None:
    """The StackSet of DescribeStackSet; None for a deleted one."""
    # The API has ACTIVE and DELETED (StackSet, API reference).
    if row.get("Status") == "DELETED":
        return None
    automatic = row.get("AutoDeployment") or {}
    return StackSet(
        name=row["StackSetName"],
        template=row.get("TemplateBody", ""),
        parameters=read_parameters(row.get("Parameters", ())),
        tags=read_tags(row.get("Tags", ())),
        administration_role=row.get("AdministrationRoleARN", ""),
        execution_role=row.get("ExecutionRoleName", ""),
        automatic=bool(automatic.get("Enabled")),
        retain_on_removal=bool(automatic.get("RetainStacksOnAccountRemoval")),
        managed=bool((row.get("ManagedExecution") or {}).get("Active")),
    )


def instance_of(row: Mapping[str, Any], *, described: bool = False) -> StackInstance:
    """An instance of ListStackInstances, or of DescribeStackInstance, which has the overrides."""
    return StackInstance(
        account=row["Account"],
        region=row["Region"],
        status=row.get("Status", ""),
        detail=(row.get("StackInstanceStatus") or {}).get("DetailedStatus", ""),
        reason=" ".join(row.get("StatusReason", "").split()),
        stack_id=row.get("StackId", ""),
        unit=row.get("OrganizationalUnitId", ""),
        operation=row.get("LastOperationId", ""),
        overrides=read_parameters(row.get("ParameterOverrides", ())) if described else None,
    )


def operation_of(row: Mapping[str, Any]) -> SetOperation:
    """An operation of DescribeStackSetOperation or ListStackSetOperations."""
    return SetOperation(
        id=row["OperationId"],
        action=row.get("Action", ""),
        status=row.get("Status", ""),
        reason=" ".join(row.get("StatusReason", "").split()),
    )


def result_of(row: Mapping[str, Any]) -> InstanceResult:
    """A row of ListStackSetOperationResults."""
    reason = " ".join(row.get("StatusReason", "").split())
    return InstanceResult(row["Account"], row["Region"], row.get("Status", ""), reason)


def _amount(name: str, text: str) -> dict[str, int]:
    number = int(text.removesuffix("%"))
    return {f"{name}Percentage" if text.endswith("%") else f"{name}Count": number}


def _targets(targets: Targets) -> dict[str, Any]:
    accounts = list(targets.accounts)
    if not targets.units:
        return {"Accounts": accounts}
    limits: dict[str, Any] = {"OrganizationalUnitIds": list(targets.units)}
    if accounts:
        limits |= {"Accounts": accounts, "AccountFilterType": "INTERSECTION" if targets.only else "DIFFERENCE"}
    return {"DeploymentTargets": limits}


def _pairs(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"ParameterKey": name, "ParameterValue": text} for name, text in values.items()]
