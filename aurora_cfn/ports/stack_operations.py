"""Ports to StackSets, to stack refactors, and to the schedules that delete stacks. Every method raises AwsError."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aurora_cfn.model.branch import StackEnd
    from aurora_cfn.model.stack_refactor import RefactorAction, ResourceMove, StackDefinition, StackRefactor
    from aurora_cfn.model.stack_set import (
        InstanceResult,
        InstancesRequest,
        Preferences,
        SetDefinition,
        SetOperation,
        StackInstance,
        StackSet,
    )


class StackSets(Protocol):
    """StackSets of one administrator account and region, their instances and operations."""

    def stack_set(self, name: str) -> StackSet | None:
        """The StackSet; None when there is none."""

    def create_set(self, wanted: SetDefinition, *, token: str) -> None:
        """Create the StackSet, without instances; the same token again changes nothing."""

    def update_set(self, wanted: SetDefinition, preferences: Preferences, *, identifier: str) -> None:
        """Start an update of the StackSet and of all its instances, as the operation of that id."""

    def delete_set(self, name: str) -> None:
        """Delete the StackSet, which must have no instances."""

    def stack_instances(self, name: str) -> Sequence[StackInstance]:
        """All instances, without their overrides."""

    def stack_instance(self, name: str, account: str, region: str) -> StackInstance:
        """One instance with its overrides."""

    def create_instances(self, request: InstancesRequest) -> None:
        """Start to create the instances; those that exist are updated."""

    def update_instances(self, request: InstancesRequest) -> None:
        """Start to update the instances to the StackSet's template; overrides that are not listed are dropped."""

    def delete_instances(self, request: InstancesRequest, *, retain: bool) -> None:
        """Start to delete the instances, with their stacks unless these are retained."""

    def operation(self, name: str, identifier: str) -> SetOperation | None:
        """The operation; None when there is none of that id."""

    def operations(self, name: str) -> Sequence[SetOperation]:
        """The operations of the last 90 days."""

    def results(self, name: str, identifier: str) -> Sequence[InstanceResult]:
        """What the operation has done in each account and region so far."""

    def stop_operation(self, name: str, identifier: str) -> None:
        """Begin no further instance; those in progress continue to their end."""


class StackRefactors(Protocol):
    """Making, reading and executing stack refactors; they cannot be deleted."""

    def create_refactor(
        self, definitions: Sequence[StackDefinition], moves: Sequence[ResourceMove], *, description: str
    ) -> str:
        """Ask for a refactor; its id. CloudFormation validates it afterwards, and changes nothing."""

    def refactor(self, identifier: str) -> StackRefactor:
        """The refactor as it is now."""

    def refactor_actions(self, identifier: str) -> Sequence[RefactorAction]:
        """What its execution would do, all pages."""

    def execute_refactor(self, identifier: str) -> None:
        """Start the execution."""

    def executing_refactors(self) -> Sequence[StackRefactor]:
        """The refactors of the region that are being executed or rolled back, with their stacks."""


class StackEnds(Protocol):
    """Schedules of one group, each of which deletes one stack."""

    def end_of(self, name: str) -> StackEnd | None:
        """The schedule of that name, None where there is none: it was never made, or has fired."""

    def set_end(self, name: str, *, stack_arn: str, at: datetime | None) -> None:
        """Make or replace the schedule: the stack is deleted `at` that time in UTC; None keeps it."""

    def remove_end(self, name: str) -> None:
        """Delete the schedule, if there is one."""
