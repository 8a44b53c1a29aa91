"""Stack refactors: resources get another logical id or another stack, and nothing else; ministack 1.5.33 has none.

A refactor is validated in the call that makes it. ministack makes the name of a resource from its stack and logical id,
and replaces a database whose name is another one. After a refactor the name stays that of the place where the resource
was created, as on AWS.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ministack.core.responses import new_uuid, now_iso
from ministack.services.cloudformation import _exports, handlers, helpers, provisioners, stacks

from aurora_cfn.local.cloudformation.records import Record, answered
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
from aurora_cfn.local.replacing import Inner, replace
from aurora_cfn.model.event import STACK_TYPE

NAMES = "_named_after"
"""In the record of a stack: the place that gave a resource its name, by logical id."""
_refactors: dict[str, Refactor] = {}


def install() -> None:
    """Add the five actions, and replace the function that makes names."""
    handlers._ACTION_HANDLERS |= {
        "CreateStackRefactor": _create,
        "DescribeStackRefactor": partial(_on_refactor, "DescribeStackRefactor", _described),
        "ListStackRefactorActions": partial(_on_refactor, "ListStackRefactorActions", _actions),
        "ListStackRefactors": _list,
        "ExecuteStackRefactor": partial(_on_refactor, "ExecuteStackRefactor", _execute),
    }
    replace(provisioners, "_physical_name", _after_refactors)


def touched(_kind: str, _physical: str, _old: Any, _new: Any, _stack: str, _logical: str) -> None:
    """Called for each resource that is moved; the simulation of faults and delays stands before it."""


def _create(parameters: Any) -> Any:
    rows = list(members(parameters, "StackDefinitions"))
    if not rows:
        return helpers._error("ValidationError", "StackDefinitions must not be empty")
    ids = [stack_id(row.get("StackName", "")) for row in rows]
    made = Refactor(new_uuid(), helpers._p(parameters, "Description"), ids)
    _refactors[made.id] = made
    try:
        validate(made, rows, list(members(parameters, "ResourceMappings")))
    except ValueError as error:
        made.status, made.reason, made.execution = "CREATE_FAILED", str(error), "UNAVAILABLE"
    return answered("CreateStackRefactor", {"StackRefactorId": made.id})


def _on_refactor(action: str, result: Callable[[Refactor], Record], parameters: Any) -> Any:
    found = _refactors.get(helpers._p(parameters, "StackRefactorId"))
    if found is None:
        return helpers._error("StackRefactorNotFoundException", "the stack refactor does not exist", 404)
    try:
        return answered(action, result(found))
    except ValueError as error:
        return helpers._error("ValidationError", str(error))


def _described(found: Refactor) -> Record:
    return {**_summary(found), "StackIds": found.stacks}


def _summary(found: Refactor) -> Record:
    rows = {
        "StackRefactorId": found.id, "Description": found.description, "Status": found.status,
        "StatusReason": found.reason, "ExecutionStatus": found.execution,
        "ExecutionStatusReason": found.execution_reason,
    }  # fmt: skip
    return {key: value for key, value in rows.items() if value}


def _list(parameters: Any) -> Any:
    wanted = helpers._extract_string_members(parameters, "ExecutionStatusFilter")
    rows = [row for row in _refactors.values() if not wanted or row.execution in wanted]
    return answered("ListStackRefactors", {"StackRefactorSummaries": [_summary(row) for row in rows]})


def _actions(found: Refactor) -> Record:
    return {"StackRefactorActions": [_action(found, *ends) for ends in found.moves.items()]}


def _action(found: Refactor, source: Place, destination: Place) -> Record:
    version = next(row for row in found.versions if row.name == destination[0])
    ends = {"Source": source, "Destination": destination}
    return {
        "Action": "MOVE",
        "Entity": "RESOURCE",
        "PhysicalResourceId": version.resources.get(destination[1], {}).get("PhysicalResourceId", ""),
        "Description": f"{'.'.join(source)} to {'.'.join(destination)}",
        "Detection": "MANUAL" if source in found.mapped else "AUTO",
        "ResourceMapping": {
            end: dict(zip(("StackName", "LogicalResourceId"), place, strict=True)) for end, place in ends.items()
        },
    }


def _execute(found: Refactor) -> Record:
    """Begin to move the resources. Raises ValueError where the refactor cannot be executed."""
    stacks_now = [stack_record(version.name) for version in found.versions]
    # Being worked on, or deleted since the refactor was made.
    changed = any(row.get("StackStatus") not in READY or not row.get("_resources") for row in stacks_now)
    if found.execution == "AVAILABLE" and changed:
        found.execution = "OBSOLETE"
    if found.execution != "AVAILABLE":
        raise ValueError(f"StackRefactor {found.id} is in {found.execution} execution status")
    found.execution = "EXECUTE_IN_PROGRESS"
    for version in found.versions:
        _event(version, "UPDATE_IN_PROGRESS")
    stacks._create_stack_task_in_region(_run(found), stacks_now[0])
    return {}


def _event(version: Version, status: str, reason: str = "") -> None:
    stack = stack_record(version.name)
    stack["StackStatus"], stack["StackStatusReason"], stack["LastUpdatedTime"] = status, reason, now_iso()
    stacks._add_event(stack["StackId"], version.name, version.name, STACK_TYPE, status, reason, stack["StackId"])


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


def _after_refactors(inner: Inner, stack: str, logical: str, *more: Any, **named: Any) -> Any:
    place = stack_record(stack).get(NAMES, {}).get(logical, (stack, logical))
    return inner(*place, *more, **named)


def keep_names(moves: Mapping[Place, Place]) -> None:
    """Give the destinations the names of their sources; what is created at a source later gets another one."""
    given = {source: stack_record(source[0]).get(NAMES, {}).get(source[1], source) for source in moves}
    for stack, logical in moves:
        stack_record(stack).setdefault(NAMES, {})[logical] = [stack, f"{logical}-2"]
    for source, (stack, logical) in moves.items():
        stack_record(stack).setdefault(NAMES, {})[logical] = list(given[source])
