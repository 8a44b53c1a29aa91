"""The parameters of each stack of a run: the params file, outputs of other stacks, SSM, the shell, and its code."""

from __future__ import annotations

import os
from dataclasses import dataclass

from aurora_cfn.cli.runs.known_stacks import KnownStacks
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.runs.upload import Code
from aurora_cfn.deploy.context import Context
from aurora_cfn.deploy.desired import Inputs
from aurora_cfn.model.plan import DesiredStack


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


@dataclass(frozen=True, slots=True)
class UploadedParameters:
    """The same, with the files of the stack uploaded before its parameters or its template name them.

    `only_early`: what CloudFormation reads while it makes a change set, for a run that executes none.
    """

    parameters: StackParameters
    context: Context
    only_early: bool = False

    def of(self, wanted: DesiredStack) -> dict[str, str]:
        """Every parameter as text. Raises InputError as above, and what `Uploads.upload` raises."""
        found = self.parameters.of(wanted)
        assert self.context.uploads is not None
        code, step = self.parameters.code, self.context.listener.step
        code.upload(wanted.key, self.context.uploads, step, only_early=self.only_early)
        return found
