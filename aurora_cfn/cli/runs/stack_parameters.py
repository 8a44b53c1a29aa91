"""The parameters of each stack of a run: the params file, outputs of other stacks, SSM, the shell, and its code."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.runs.upload import Code
from aurora_cfn.deploy.context import Context
from aurora_cfn.deploy.desired import Inputs
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


@dataclass(frozen=True, slots=True)
class StackParameters:
    """Where the values come from; what may be a secret is masked in all output from then on."""

    target: Target
    known: KnownStacks
    code: Code

    def of(self, wanted: DesiredStack) -> dict[str, str]:
        """Every parameter as text. Raises InputError with everything that is missing or out of bounds."""
        environment = self.target.environment
        ssm = self.target.ssm_parameters
        found = Inputs(environment, self.target.templates, self.known.deployed, ssm, os.environ).of(wanted)
        # NoEcho parameters may also take the output of another stack.
        self.target.secrets.hide([value for name, value in found.items() if wanted.hides(name)])
        return found | self.code.parameters(wanted.key)

    def uploading(self, context: Context, *, only_early: bool = False) -> Callable[[DesiredStack], dict[str, str]]:
        """As `of`, but the files of the stack are uploaded before its parameters or its template name them.

        `only_early`: what CloudFormation reads while it makes a change set, for a run that executes none. The function
        also raises what `Uploads.upload` raises.
        """

        def uploaded(wanted: DesiredStack) -> dict[str, str]:
            found = self.of(wanted)
            assert context.uploads is not None
            self.code.upload(wanted.key, context.uploads, context.listener.step, only_early=only_early)
            return found

        return uploaded
