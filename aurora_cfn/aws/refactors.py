"""The port StackRefactors on botocore."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import every_row
from aurora_cfn.aws.session import Session
from aurora_cfn.model.stack_refactor import RefactorAction, ResourceMove, ResourcePlace, StackDefinition, StackRefactor


@dataclass(frozen=True, slots=True)
class AwsStackRefactors:
    """The port StackRefactors on CloudFormation."""

    session: Session

    def create_refactor(
        self, definitions: Sequence[StackDefinition], moves: Sequence[ResourceMove], *, description: str
    ) -> str:
        with translated("CreateStackRefactor"):
            answer = self.session.cloudformation.create_stack_refactor(
                Description=description,
                # The stacks exist: one that this call made could have neither parameters nor conditions of its own.
                EnableStackCreation=False,
                ResourceMappings=[
                    {"Source": _place(move.source), "Destination": _place(move.destination)} for move in moves
                ],
                StackDefinitions=[_definition(row) for row in definitions],
            )
            return answer["StackRefactorId"]

    def refactor(self, identifier: str) -> StackRefactor:
        with translated("DescribeStackRefactor"):
            answer = self.session.cloudformation.describe_stack_refactor(StackRefactorId=identifier)
            return _refactor(answer)

    def refactor_actions(self, identifier: str) -> Sequence[RefactorAction]:
        client, key = self.session.cloudformation, "StackRefactorActions"
        return every_row(client, "list_stack_refactor_actions", key, _action, StackRefactorId=identifier)

    def execute_refactor(self, identifier: str) -> None:
        """Start the execution; the call has no token, so a second one is refused by the refactor's status."""
        with translated("ExecuteStackRefactor"):
            self.session.cloudformation.execute_stack_refactor(StackRefactorId=identifier)

    def executing_refactors(self) -> Sequence[StackRefactor]:
        """Those in progress; each is described, as the list has no stacks."""
        found = every_row(
            self.session.cloudformation, "list_stack_refactors", "StackRefactorSummaries",
            itemgetter("StackRefactorId"), ExecutionStatusFilter=["EXECUTE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"],
        )  # fmt: skip
        return [self.refactor(identifier) for identifier in found]


def _place(place: ResourcePlace) -> Any:
    return {"StackName": place.stack, "LogicalResourceId": place.logical_id}


def _definition(row: StackDefinition) -> Any:
    template = {"TemplateURL": row.template_url} if row.template_url else {"TemplateBody": row.template}
    return {"StackName": row.stack, **template}


def _refactor(row: Mapping[str, Any]) -> StackRefactor:
    return StackRefactor(
        id=row["StackRefactorId"],
        status=row.get("Status", ""),
        reason=row.get("StatusReason", ""),
        execution=row.get("ExecutionStatus", ""),
        execution_reason=row.get("ExecutionStatusReason", ""),
        description=row.get("Description", ""),
        stacks=tuple(row.get("StackIds", ())),
    )


def _action(row: Mapping[str, Any]) -> RefactorAction:
    mapping = row.get("ResourceMapping")
    move = None
    if mapping:
        ends = (mapping["Source"], mapping["Destination"])
        move = ResourceMove(*(ResourcePlace(end["StackName"], end["LogicalResourceId"]) for end in ends))
    return RefactorAction(
        action=row.get("Action", ""),
        entity=row.get("Entity", ""),
        physical_id=row.get("PhysicalResourceId", ""),
        description=row.get("Description", ""),
        move=move,
    )
