"""The port StackSets on botocore."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import every_row
from aurora_cfn.aws.session import Session
from aurora_cfn.aws.stack_set_members import (
    call_as,
    definition_members,
    instance_of,
    operation_of,
    preference_members,
    request_members,
    result_of,
    stack_set_of,
)
from aurora_cfn.errors import NO_OPERATION, NO_STACK_SET, OPERATION_EXISTS
from aurora_cfn.model.stack_set import (
    CallAs,
    InstanceResult,
    InstancesRequest,
    Preferences,
    SetDefinition,
    SetOperation,
    StackInstance,
    StackSet,
)


@dataclass(frozen=True, slots=True)
class AwsStackSets:
    """The port StackSets on CloudFormation, as the administrator account or as a delegated one."""

    session: Session
    caller: CallAs = "self"

    def stack_set(self, name: str) -> StackSet | None:
        with translated("DescribeStackSet", absent={NO_STACK_SET}):
            answer = self._client.describe_stack_set(StackSetName=name, **self._as)
            return stack_set_of(answer["StackSet"])
        return None

    def create_set(self, wanted: SetDefinition, *, token: str) -> None:
        """Create the StackSet, whose operations queue when one runs (managed execution)."""
        with translated("CreateStackSet"):
            self._client.create_stack_set(ClientRequestToken=token, **definition_members(wanted), **self._as)

    def update_set(self, wanted: SetDefinition, preferences: Preferences, *, identifier: str) -> None:
        """Start the update; an operation of that id is this one, whose answer was lost."""
        with _once("UpdateStackSet"):
            self._client.update_stack_set(
                OperationId=identifier,
                OperationPreferences=preference_members(preferences),
                **definition_members(wanted),
                **self._as,
            )

    def delete_set(self, name: str) -> None:
        with translated("DeleteStackSet"):
            self._client.delete_stack_set(StackSetName=name, **self._as)

    def stack_instances(self, name: str) -> Sequence[StackInstance]:
        asked = {"StackSetName": name, **self._as}
        return every_row(self._client, "list_stack_instances", "Summaries", instance_of, **asked)

    def stack_instance(self, name: str, account: str, region: str) -> StackInstance:
        with translated("DescribeStackInstance"):
            answer = self._client.describe_stack_instance(
                StackSetName=name, StackInstanceAccount=account, StackInstanceRegion=region, **self._as
            )
            return instance_of(answer["StackInstance"], described=True)

    def create_instances(self, request: InstancesRequest) -> None:
        with _once("CreateStackInstances"):
            self._client.create_stack_instances(**request_members(request), **self._as)

    def update_instances(self, request: InstancesRequest) -> None:
        with _once("UpdateStackInstances"):
            self._client.update_stack_instances(**request_members(request), **self._as)

    def delete_instances(self, request: InstancesRequest, *, retain: bool) -> None:
        with _once("DeleteStackInstances"):
            self._client.delete_stack_instances(RetainStacks=retain, **request_members(request), **self._as)

    def operation(self, name: str, identifier: str) -> SetOperation | None:
        with translated("DescribeStackSetOperation", absent={NO_OPERATION}):
            answer = self._client.describe_stack_set_operation(StackSetName=name, OperationId=identifier, **self._as)
            return operation_of(answer["StackSetOperation"])
        return None

    def operations(self, name: str) -> Sequence[SetOperation]:
        asked = {"StackSetName": name, **self._as}
        return every_row(self._client, "list_stack_set_operations", "Summaries", operation_of, **asked)

    def results(self, name: str, identifier: str) -> Sequence[InstanceResult]:
        asked = {"StackSetName": name, "OperationId": identifier, **self._as}
        return every_row(self._client, "list_stack_set_operation_results", "Summaries", result_of, **asked)

    def stop_operation(self, name: str, identifier: str) -> None:
        with translated("StopStackSetOperation"):
            self._client.stop_stack_set_operation(StackSetName=name, OperationId=identifier, **self._as)

    @property
    def _client(self) -> Any:
        return self.session.cloudformation

    @property
    def _as(self) -> dict[str, str]:
        return call_as(self.caller)


def _once(operation: str) -> AbstractContextManager[None]:
    """A block as `translated`, without the refusal that an operation of this id exists: the first call made it."""
    # botocore repeats a call whose answer was lost; ids are random, so no other operation has this one.
    return translated(operation, absent={OPERATION_EXISTS})
