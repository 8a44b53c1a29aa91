"""The port of stack refactors. Every method raises AwsError, as all ports do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aurora_cfn.model.stack_refactor import RefactorAction, ResourceMove, StackDefinition, StackRefactor


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
