"""Stack refactors: resources get another logical id or another stack, and nothing else; ministack 1.5.33 has none.

A refactor is validated in the call that makes it.
"""

from __future__ import annotations

import asyncio
from typing import Any
from xml.sax.saxutils import escape

from ministack.core.responses import new_uuid, now_iso
from ministack.services.cloudformation import _exports, handlers, stacks
from ministack.services.cloudformation.helpers import _error, _p, _xml

from aurora_cfn.local.cloudformation.generated_names import keep_names
from aurora_cfn.local.cloudformation.refactor_versions import (
    READY,
    Place,
    Refactor,
    Version,
    members,
    stack_id,
    stack_record,
    validate,
)

STACK = "AWS::CloudFormation::Stack"
_refactors: dict[str, Refactor] = {}


def install() -> None:
    """Add the five actions."""
    handlers._ACTION_HANDLERS |= {
        "CreateStackRefactor": _create,
        "DescribeStackRefactor": _describe,
        "ListStackRefactorActions": _actions,
        "ListStackRefactors": _list,
        "ExecuteStackRefactor": _execute,
    }


def touched(_kind: str, _physical: str, _old: Any, _new: Any, _stack: str, _logical: str) -> None:
    """Called for each resource that is moved; the simulation of faults and delays stands before it."""


def _create(parameters: Any) -> Any:
    rows = list(members(parameters, "StackDefinitions"))
    if not rows:
        return _error("ValidationError", "StackDefinitions must not be empty")
    made = Refactor(new_uuid(), _p(parameters, "Description"), [stack_id(row.get("StackName", "")) for row in rows])
    _refactors[made.id] = made
    try:
        validate(made, rows, list(members(parameters, "ResourceMappings")))
    except ValueError as error:
        made.status, made.reason, made.execution = "CREATE_FAILED", str(error), "UNAVAILABLE"
    body = f"<CreateStackRefactorResult><StackRefactorId>{made.id}</StackRefactorId></CreateStackRefactorResult>"
    return _xml(200, "CreateStackRefactorResponse", body)


def _found(parameters: Any) -> Refactor | None:
    return _refactors.get(_p(parameters, "StackRefactorId"))


def _missing() -> Any:
    return _error("StackRefactorNotFoundException", "the stack refactor does not exist", 404)


def _describe(parameters: Any) -> Any:
    found = _found(parameters)
    if found is None:
        return _missing()
    ids = "".join(f"<member>{escape(name)}</member>" for name in found.stacks)
    body = f"{_summary(found)}<StackIds>{ids}</StackIds>"
    return _xml(
        200, "DescribeStackRefactorResponse", f"<DescribeStackRefactorResult>{body}</DescribeStackRefactorResult>"
    )


def _summary(found: Refactor) -> str:
    rows = {
        "StackRefactorId": found.id, "Description": found.description, "Status": found.status,
        "StatusReason": found.reason, "ExecutionStatus": found.execution,
        "ExecutionStatusReason": found.execution_reason,
    }  # fmt: skip
    return "".join(f"<{key}>{escape(value)}</{key}>" for key, value in rows.items() if value)


def _list(parameters: Any) -> Any:
    wanted = {
        value[0] if isinstance(value, list) else value
        for key, value in parameters.items()
        if key.startswith("ExecutionStatusFilter.")
    }
    rows = [row for row in _refactors.values() if not wanted or row.execution in wanted]
    body = "".join(f"<member>{_summary(row)}</member>" for row in rows)
    inner = f"<StackRefactorSummaries>{body}</StackRefactorSummaries>"
    return _xml(200, "ListStackRefactorsResponse", f"<ListStackRefactorsResult>{inner}</ListStackRefactorsResult>")


def _actions(parameters: Any) -> Any:
    found = _found(parameters)
    if found is None:
        return _missing()
    body = "".join(f"<member>{_action(found, *ends)}</member>" for ends in found.moves.items())
    inner = f"<StackRefactorActions>{body}</StackRefactorActions>"
    return _xml(
        200, "ListStackRefactorActionsResponse",
        f"<ListStackRefactorActionsResult>{inner}</ListStackRefactorActionsResult>",
    )  # fmt: skip


def _action(found: Refactor, source: Place, destination: Place) -> str:
    version = next(row for row in found.versions if row.name == destination[0])
    physical = str(version.resources.get(destination[1], {}).get("PhysicalResourceId", ""))
    ends = "".join(
        f"<{end}><StackName>{place[0]}</StackName><LogicalResourceId>{place[1]}</LogicalResourceId></{end}>"
        for end, place in (("Source", source), ("Destination", destination))
    )
    detection = "MANUAL" if source in found.mapped else "AUTO"
    return (
        f"<Action>MOVE</Action><Entity>RESOURCE</Entity><PhysicalResourceId>{escape(physical)}</PhysicalResourceId>"
        f"<Description>{'.'.join(source)} to {'.'.join(destination)}</Description>"
        f"<Detection>{detection}</Detection><ResourceMapping>{ends}</ResourceMapping>"
    )


def _execute(parameters: Any) -> Any:
    found = _found(parameters)
    if found is None:
        return _missing()
    if found.execution == "AVAILABLE" and any(_moved_on(version) for version in found.versions):
        found.execution = "OBSOLETE"
    if found.execution != "AVAILABLE":
        return _error("ValidationError", f"StackRefactor {found.id} is in {found.execution} execution status")
    found.execution = "EXECUTE_IN_PROGRESS"
    for version in found.versions:
        _event(version, "UPDATE_IN_PROGRESS")
    stacks._create_stack_task_in_region(_run(found), stack_record(found.versions[0].name))
    return _xml(200, "ExecuteStackRefactorResponse", "")


def _moved_on(version: Version) -> bool:
    """Whether the stack is being worked on, or was changed since the refactor was made."""
    stack = stack_record(version.name)
    names = {record["PhysicalResourceId"] for record in stack.get("_resources", {}).values()}
    return stack.get("StackStatus") not in READY or not names


def _event(version: Version, status: str, reason: str = "") -> None:
    stack = stack_record(version.name)
    stack["StackStatus"], stack["StackStatusReason"], stack["LastUpdatedTime"] = status, reason, now_iso()
    stacks._add_event(stack["StackId"], version.name, version.name, STACK, status, reason, stack["StackId"])


async def _run(found: Refactor) -> None:
    """Move the resources; a fault puts back everything, which was not moved before all faults had their chance."""
    try:
        for source in found.moves:
            record = stack_record(source[0])["_resources"][source[1]]
            physical = record["PhysicalResourceId"]
            await asyncio.to_thread(touched, record["ResourceType"], physical, {}, {}, *source)
    except ValueError as error:
        found.execution_reason, found.execution = str(error), "ROLLBACK_IN_PROGRESS"
        for version in found.versions:
            _event(version, "UPDATE_ROLLBACK_IN_PROGRESS", str(error))
            _event(version, "UPDATE_ROLLBACK_COMPLETE")
        found.execution = "ROLLBACK_COMPLETE"
        return
    for version in found.versions:
        _apply(version)
    keep_names(found.moves)
    found.execution = "EXECUTE_COMPLETE"
    # On AWS the refactor is complete some seconds before its stacks are (aws-cdk-cli issue 1804).
    await asyncio.sleep(0.3)
    for version in found.versions:
        _event(version, "UPDATE_COMPLETE")


def _apply(version: Version) -> None:
    stack = stack_record(version.name)
    known = {record["PhysicalResourceId"]: name for name, record in stack["_resources"].items()}
    for name, record in version.resources.items():
        physical = record["PhysicalResourceId"]
        if known.get(physical) != name:
            for status in ("IMPORT_IN_PROGRESS", "IMPORT_COMPLETE"):
                stacks._add_event(
                    stack["StackId"], version.name, name, record["ResourceType"], status, physical_id=physical
                )
            record["ResourceStatus"] = "UPDATE_COMPLETE"
    stack["_resources"], stack["_template"], stack["_template_body"] = version.resources, version.template, version.body
    stack["_conditions"], stack["Outputs"] = version.conditions, version.outputs
    for export in [name for name, row in _exports.items() if row.get("StackId") == stack["StackId"]]:
        _exports.pop(export, None)
    _exports.update(version.exports)
