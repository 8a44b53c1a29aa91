"""Answers of CloudFormation as values of `aurora_cfn.model`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from aurora_cfn.aws.clock import utc
from aurora_cfn.model.change_set import ChangeSet, PropertyChange, ResourceChange, ValidationFailure
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.stack import Output, Stack, StackResource, stack_name_of

Answer = Mapping[str, Any]


def read_stack(row: Answer) -> Stack:
    """One entry of DescribeStacks."""
    return Stack(
        arn=row["StackId"],
        name=row["StackName"],
        status=row["StackStatus"],
        reason=row.get("StackStatusReason", ""),
        outputs=tuple(_output(entry) for entry in row.get("Outputs", ())),
        parameters=read_parameters(row.get("Parameters", ())),
        tags=read_tags(row.get("Tags", ())),
        protected=bool(row.get("EnableTerminationProtection")),
        role_arn=row.get("RoleARN"),
        notification_arns=tuple(row.get("NotificationARNs", ())),
        created=utc(row.get("CreationTime")),
        updated=utc(row.get("LastUpdatedTime")),
        change_set_arn=row.get("ChangeSetId", ""),
        # Endpoints that imitate CloudFormation may not have LastOperations, which is rather new.
        operations=tuple(entry["OperationId"] for entry in row.get("LastOperations", ()) if "OperationId" in entry),
        parent=row.get("ParentId", ""),
    )


def read_event(row: Answer) -> StackEvent:
    """One entry of DescribeStackEvents."""
    return _event(
        row, row["StackId"], row["StackName"], row.get("ResourceStatus", ""), row.get("ResourceStatusReason", "")
    )


def _event(row: Answer, arn: str, stack: str, status: str, reason: str) -> StackEvent:
    return StackEvent(
        id=row["EventId"],
        stack_arn=arn,
        stack_name=stack,
        logical_id=row.get("LogicalResourceId", ""),
        physical_id=row.get("PhysicalResourceId", ""),
        type=row.get("ResourceType", ""),
        status=status,
        at=row["Timestamp"].astimezone(UTC),
        reason=reason,
        token=row.get("ClientRequestToken", ""),
        operation_id=row.get("OperationId", ""),
    )


def read_change_set(row: Answer, changes: Sequence[Answer] = ()) -> ChangeSet:
    """An answer of DescribeChangeSet, or an entry of ListChangeSets, with the changes of all pages."""
    return ChangeSet(
        arn=row["ChangeSetId"],
        name=row["ChangeSetName"],
        stack_arn=row["StackId"],
        status=row["Status"],
        execution_status=row["ExecutionStatus"],
        reason=row.get("StatusReason", ""),
        changes=tuple(_change(entry["ResourceChange"]) for entry in changes if "ResourceChange" in entry),
        parameters=read_parameters(row.get("Parameters", ())),
        description=row.get("Description", ""),
        on_failure=row.get("OnStackFailure", ""),
    )


def read_resource(row: Answer) -> StackResource:
    """One entry of ListStackResources."""
    return StackResource(
        logical_id=row["LogicalResourceId"],
        type=row["ResourceType"],
        status=row["ResourceStatus"],
        physical_id=row.get("PhysicalResourceId", ""),
        reason=row.get("ResourceStatusReason", ""),
    )


def read_failure(row: Answer) -> ValidationFailure | None:
    """One entry of DescribeEvents if it is a failure of early validation, else None."""
    # Each kind of event has its own field for the reason.
    reason = row.get("ValidationStatusReason") or row.get("ResourceStatusReason") or row.get("HookStatusReason")
    if row.get("EventType") not in {"VALIDATION_ERROR", "HOOK_INVOCATION_ERROR"} or not reason:
        return None
    return ValidationFailure(
        reason=str(reason),
        path=row.get("ValidationPath", ""),
        logical_id=row.get("LogicalResourceId", ""),
        mode=row.get("ValidationFailureMode", "FAIL"),
    )


def read_operation_failure(row: Answer) -> StackEvent | None:
    """One entry of DescribeEvents as a stack event if it is a failure; None otherwise, also for warnings of hooks."""
    status, reason = _failed(row)
    if not status.endswith("_FAILED") or "WARN" in (row.get("HookFailureMode"), row.get("ValidationFailureMode")):
        return None
    arn = row.get("StackId", "")
    return _event(row, arn, stack_name_of(arn), status, reason)


def _failed(row: Answer) -> tuple[str, str]:
    """Status and reason; hooks and validations have no status, so one is made up."""
    kind = row.get("EventType")
    if kind == "HOOK_INVOCATION_ERROR":
        return "HOOK_FAILED", f"hook {row.get('HookType', '')}: {row.get('HookStatusReason', 'failed')}"
    if kind == "VALIDATION_ERROR":
        place = f" at {row['ValidationPath']}" if row.get("ValidationPath") else ""
        return "VALIDATION_FAILED", f"{row.get('ValidationName', '')}{place}: {row.get('ValidationStatusReason', '')}"
    return row.get("ResourceStatus", ""), row.get("ResourceStatusReason", "")


def read_parameters(rows: Sequence[Answer]) -> dict[str, str]:
    """Parameter values by name; AWS sends `****` for a NoEcho parameter."""
    return {row["ParameterKey"]: row.get("ParameterValue", "") for row in rows}


def read_tags(rows: Sequence[Answer]) -> dict[str, str]:
    """Tag values by key."""
    return {row["Key"]: row["Value"] for row in rows}


def _output(row: Answer) -> Output:
    return Output(row["OutputKey"], row.get("OutputValue", ""), row.get("ExportName", ""))


def _change(row: Answer) -> ResourceChange:
    return ResourceChange(
        action=row.get("Action", ""),
        logical_id=row.get("LogicalResourceId", ""),
        type=row.get("ResourceType", ""),
        physical_id=row.get("PhysicalResourceId", ""),
        replacement=row.get("Replacement", ""),
        policy_action=row.get("PolicyAction", ""),
        properties=tuple(_property(detail) for detail in row.get("Details", ())),
        before_context=row.get("BeforeContext", ""),
        after_context=row.get("AfterContext", ""),
    )


def _property(row: Answer) -> PropertyChange:
    target = row.get("Target", {})
    return PropertyChange(
        attribute=target.get("Attribute", ""),
        name=target.get("Name", ""),
        path=target.get("Path", ""),
        recreation=target.get("RequiresRecreation", "Never"),
        evaluation=row.get("Evaluation", ""),
        causing_entity=row.get("CausingEntity", ""),
        before=target.get("BeforeValue"),
        after=target.get("AfterValue"),
    )
