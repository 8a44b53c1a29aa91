"""The actions of stack refactors over the wire, answered by the fake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aurora_cfn.model.stack_refactor import ResourceMove, ResourcePlace, StackDefinition, StackRefactor
from tests.fakes.refactors import FakeStackRefactors
from tests.scripted.wire import rows

Fields = Mapping[str, str]
ACTIONS = frozenset(
    {
        "CreateStackRefactor", "DescribeStackRefactor", "ListStackRefactorActions", "ListStackRefactors",
        "ExecuteStackRefactor",
    }
)  # fmt: skip


def refactor_answer(fake: FakeStackRefactors, action: str, fields: Fields) -> dict[str, Any]:
    if action == "CreateStackRefactor":
        return {"StackRefactorId": _created(fake, fields)}
    if action == "ListStackRefactors":
        return {"StackRefactorSummaries": [_row(row) for row in fake.executing_refactors()]}
    identifier = fields["StackRefactorId"]
    if action == "DescribeStackRefactor":
        found = fake.refactor(identifier)
        return {**_row(found), "StackIds": list(found.stacks)}
    if action == "ListStackRefactorActions":
        return {"StackRefactorActions": [
            {
                "Action": row.action, "Entity": row.entity, "PhysicalResourceId": row.physical_id or None,
                "Description": row.description or None,
                "ResourceMapping": {"Source": _place(row.move.source), "Destination": _place(row.move.destination)}
                if row.move else None,
            }
            for row in fake.refactor_actions(identifier)
        ]}  # fmt: skip
    fake.execute_refactor(identifier)
    return {}


def _created(fake: FakeStackRefactors, fields: Fields) -> str:
    definitions = [
        StackDefinition(row["StackName"], row.get("TemplateBody", ""), row.get("TemplateURL", ""))
        for row in rows(fields, "StackDefinitions")
    ]
    moves = [
        ResourceMove(*(
            ResourcePlace(row[f"{end}.StackName"], row[f"{end}.LogicalResourceId"]) for end in ("Source", "Destination")
        ))
        for row in rows(fields, "ResourceMappings")
    ]  # fmt: skip
    return fake.create_refactor(definitions, moves, description=fields.get("Description", ""))


def _row(row: StackRefactor) -> dict[str, Any]:
    return {
        "StackRefactorId": row.id, "Description": row.description or None, "Status": row.status,
        "StatusReason": row.reason or None, "ExecutionStatus": row.execution,
        "ExecutionStatusReason": row.execution_reason or None,
    }  # fmt: skip


def _place(place: ResourcePlace) -> dict[str, str]:
    return {"StackName": place.stack, "LogicalResourceId": place.logical_id}
