"""The parameters of each stack of a run: the params file, outputs of other stacks, SSM, the shell, and its code."""

from __future__ import annotations

import os
from dataclasses import dataclass

from aurora_cfn.aws.ssm import SsmParameters
from aurora_cfn.cli.runs.known_stacks import KnownStacks
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.runs.upload import Code
from aurora_cfn.cli.terminal.messages import hide
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
        ssm = SsmParameters(self.target.session)
        found = Inputs(environment, self.target.templates, self.known.deployed, ssm, os.environ).of(wanted)
        names = [name for row in environment.stacks for name in (row.key, row.name)]
        secrets = [value for name, value in found.items() if wanted.hides(name)]
        hide(secrets, [environment.name, environment.region, *names])
        return found | self.code.parameters(wanted.key)


@dataclass(frozen=True, slots=True)
class UploadedParameters:
    """The same, with the code of the stack uploaded before its parameters name it."""

    parameters: StackParameters
    context: Context

    def of(self, wanted: DesiredStack) -> dict[str, str]:
        """Every parameter as text. Raises InputError as above, and what `Uploads.upload` raises."""
        found = self.parameters.of(wanted)
        assert self.context.uploads is not None
        self.parameters.code.upload(wanted.key, self.context.uploads, self.context.listener.step)
        return found
