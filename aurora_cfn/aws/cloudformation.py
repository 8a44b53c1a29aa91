"""The CloudFormation port on botocore: stacks and their events."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, TypeAlias

from aurora_cfn.aws.change_sets import AwsChangeSets
from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import every_page, every_row
from aurora_cfn.aws.parse import read_event, read_operation_failure, read_resource, read_stack
from aurora_cfn.errors import VALIDATION, AwsError
from aurora_cfn.model.change_set import ChangeSet, ResourceChange
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.stack import Stack, StackResource
from aurora_cfn.ports import CloudFormation

Listed: TypeAlias = StackEvent | StackResource | ResourceChange
"""What names a resource of a stack by logical and physical id."""


@dataclass(frozen=True, slots=True)
class AwsCloudFormation(AwsChangeSets):
    """The port CloudFormation.

    `seen` is called with each stack that is read, and `listed` with its events, resources and changes: parameters and
    physical ids may hold what must not be shown.
    """

    seen: Callable[[Stack], None] = lambda _: None
    listed: Callable[[CloudFormation, str, Sequence[Listed]], None] = lambda *_: None

    def stack(self, name: str) -> Stack | None:
        if not name:
            # Without a name AWS describes every stack.
            return None
        try:
            with translated("DescribeStacks"):
                found = self.session.cloudformation.describe_stacks(StackName=name).get("Stacks", ())
                stack = read_stack(found[0]) if found else None
        except AwsError as error:
            # AWS has no error code of its own for a missing stack.
            # Words, because other mistakes in the call have the same code.
            if error.code == VALIDATION and "does not exist" in str(error):
                return None
            raise
        if stack is not None:
            self.seen(stack)
        return stack

    def change_set(self, arn: str) -> ChangeSet:
        """As in AwsChangeSets; its changes name resources, and count as listed."""
        found = self._whole(arn)
        if found.changes:
            self.listed(self, found.stack_arn, found.changes)
        return found

    def root_stacks(self) -> Sequence[Stack]:
        """All stacks of the account in the region, but for nested ones, which inherit the tags of their parents."""
        # DescribeStacks, because ListStacks returns no tags.
        rows = every_row(self.session.cloudformation, "describe_stacks", "Stacks", dict)
        with translated("DescribeStacks"):
            return [read_stack(row) for row in rows if not row.get("ParentId")]

    def events(self, stack: str, *, since: str | None = None) -> Sequence[StackEvent]:
        # Not the paginator: AWS sends the newest first, so reading stops at the page that has `since`.
        pages = every_page(self.session.cloudformation, "describe_stack_events", _events, StackName=stack)
        newer = takewhile(lambda event: event.id != since, (event for page in pages for event in page))
        return self._shown(stack, [*newer])

    def recent_events(self, stack: str) -> Sequence[StackEvent]:
        """The newest events, at most 100, oldest first: one call."""
        with translated("DescribeStackEvents"):
            answer = self.session.cloudformation.describe_stack_events(StackName=stack)
            return self._shown(stack, _events(answer))

    def _shown(self, stack: str, newest_first: list[StackEvent]) -> Sequence[StackEvent]:
        self.listed(self, stack, newest_first)
        return newest_first[::-1]

    def operation_failures(self, operation: str) -> Sequence[StackEvent]:
        client, asked = self.session.cloudformation, {"OperationId": operation, "Filters": {"FailedEvents": True}}
        found = every_row(client, "describe_events", "OperationEvents", read_operation_failure, **asked)
        events = sorted((row for row in found if row is not None), key=lambda event: event.at)
        for arn in dict.fromkeys(row.stack_arn for row in events if row.stack_arn):
            self.listed(self, arn, [row for row in events if row.stack_arn == arn])
        return events

    def newest_event(self, stack: str) -> str | None:
        # Only the first page: the newest events are in it.
        with translated("DescribeStackEvents"):
            rows = self.session.cloudformation.describe_stack_events(StackName=stack).get("StackEvents", [])
            return rows[0]["EventId"] if rows else None

    def delete_stack(self, stack: str, *, token: str, retain: Sequence[str] = (), role_arn: str | None = None) -> None:
        asked = _given(RetainResources=list(retain), RoleARN=role_arn)
        with translated("DeleteStack"):
            self.session.cloudformation.delete_stack(StackName=stack, ClientRequestToken=token, **asked)

    def resources(self, stack: str) -> Sequence[StackResource]:
        method, key = "list_stack_resources", "StackResourceSummaries"
        found = every_row(self.session.cloudformation, method, key, read_resource, StackName=stack)
        self.listed(self, stack, found)
        return found

    def template(self, stack: str) -> str:
        # Original: what was submitted. Processed has macros carried out, and would differ from the committed file.
        with translated("GetTemplate"):
            body = self.session.cloudformation.get_template(StackName=stack, TemplateStage="Original")
            # botocore parses a JSON template, and leaves YAML as text.
            text = body["TemplateBody"]
        return text if isinstance(text, str) else json.dumps(text, indent=2)

    def set_protection(self, stack: str, *, on: bool) -> None:
        with translated("UpdateTerminationProtection"):
            self.session.cloudformation.update_termination_protection(StackName=stack, EnableTerminationProtection=on)

    def cancel_update(self, stack: str, *, token: str) -> None:
        with translated("CancelUpdateStack"):
            self.session.cloudformation.cancel_update_stack(StackName=stack, ClientRequestToken=token)

    def continue_rollback(
        self, stack: str, *, token: str, skip: Sequence[str] = (), role_arn: str | None = None
    ) -> None:
        asked = _given(ResourcesToSkip=list(skip), RoleARN=role_arn)
        with translated("ContinueUpdateRollback"):
            self.session.cloudformation.continue_update_rollback(StackName=stack, ClientRequestToken=token, **asked)

    def roll_back(self, stack: str, *, token: str, role_arn: str | None = None) -> None:
        # RetainExceptOnCreate stays at its default: true would delete resources that the update created even where
        # their DeletionPolicy is Retain (API reference of RollbackStack, read 2026-11).
        with translated("RollbackStack"):
            self.session.cloudformation.rollback_stack(
                StackName=stack, ClientRequestToken=token, **_given(RoleARN=role_arn)
            )

    def stack_policy(self, stack: str) -> str:
        with translated("GetStackPolicy"):
            return self.session.cloudformation.get_stack_policy(StackName=stack).get("StackPolicyBody", "")

    def set_stack_policy(self, stack: str, body: str) -> None:
        with translated("SetStackPolicy"):
            self.session.cloudformation.set_stack_policy(StackName=stack, StackPolicyBody=body)


def _events(answer: Any) -> list[StackEvent]:
    return [read_event(row) for row in answer.get("StackEvents", ())]


def _given(**arguments: Any) -> dict[str, Any]:
    """The arguments that are not empty; AWS refuses empty ones, and has defaults for missing ones."""
    return {name: value for name, value in arguments.items() if value}
