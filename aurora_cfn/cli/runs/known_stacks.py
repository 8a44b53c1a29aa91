"""The stacks of an environment while a run works on them: as they are deployed now, and which ones would change."""

from __future__ import annotations

from aurora_cfn.model.environment import Environment
from aurora_cfn.model.plan import DesiredStack, Outcome, StackResult
from aurora_cfn.model.stack import Stack
from aurora_cfn.ports import CloudFormation

PENDING: frozenset[Outcome] = frozenset({"previewed", "planned", "deferred"})
"""Outcomes of a stack that would change and that this run does not execute."""


class KnownStacks:
    """Threads of dependent stacks read here what the stacks before them have become; `pending` would change."""

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
        """The same result, known from now on to the stacks that wait for this one."""
        if result.stack is not None:
            self._finished[result.key] = result.stack
        if result.outcome in PENDING:
            self.pending[result.key] = wanted
        return result
