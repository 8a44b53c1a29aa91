"""The stacks of an environment during a run: as they are deployed now, and which of them would change."""

from __future__ import annotations

from aurora_cfn.model.environment import Environment
from aurora_cfn.model.plan import DesiredStack, Outcome, StackResult
from aurora_cfn.model.stack import Stack
from aurora_cfn.ports import CloudFormation

PENDING: frozenset[Outcome] = frozenset({"previewed", "planned", "deferred"})
"""Outcomes of a stack that would change and that this run does not execute."""


class KnownStacks:
    """The deployed stacks, with the results of this run; `pending` are stacks that would change and are not executed.

    Threads read here what the stacks that they depend on have become.
    """

    def __init__(self, environment: Environment, cloudformation: CloudFormation) -> None:
        """Nothing is read yet."""
        self._names = {row.key: row.name for row in environment.stacks}
        self._cloudformation = cloudformation
        self._finished: dict[str, Stack] = {}
        self.pending: dict[str, DesiredStack] = {}

    def deployed(self, key: str) -> Stack | None:
        """The stack of that key as it is, or as this run has left it; None when it does not exist."""
        return self._finished.get(key) or self._cloudformation.stack(self._names[key])

    def noted(self, wanted: DesiredStack, result: StackResult) -> StackResult:
        """The result, kept for the stacks that depend on this one."""
        if result.stack is not None:
            self._finished[result.key] = result.stack
        if result.outcome in PENDING:
            self.pending[result.key] = wanted
        return result
