"""The values of an environment that may be secret: masked in all output as soon as they are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aurora_cfn.cli.terminal.messages import hide, masked
from aurora_cfn.environment.resolver import SHORT_NUMBER
from aurora_cfn.model.environment import Environment, EnvironmentStack, EnvRef, SsmRef
from aurora_cfn.model.stack import NO_ECHO, Stack, stack_name_of
from aurora_cfn.model.value import Value
from aurora_cfn.ports import Parameters
from aurora_cfn.template.secret_values import secret_outputs
from aurora_cfn.template.summary import TemplateSummary


class SecretValues:
    """The secrets of one environment: parameters that are NoEcho, or read from SSM or the shell."""

    def __init__(self, environment: Environment, templates: Mapping[str, TemplateSummary]) -> None:
        self._environment, self._templates = environment, templates
        names = (name for row in environment.stacks for name in (row.key, row.name, row.template))
        # What the project itself is called is written everywhere, and gives nothing away.
        self._words = (environment.name, environment.region, *names)

    def hide(self, values: Sequence[str]) -> None:
        """Mask these values, but for those that are part of the project's own names."""
        hide(values, self._words)

    def hide_written(self, variables: Mapping[str, str]) -> None:
        """Mask what is known offline: variables of the shell, and the defaults of NoEcho parameters."""
        given = [value for row in self._environment.stacks for value in row.parameters.values()]
        found = [variables.get(value.name, "") for value in given if isinstance(value, EnvRef)]
        rows = [row for stack in self._environment.stacks for row in self._templates[stack.template].parameters]
        self.hide([*found, *(row.default_text for row in rows if row.no_echo and row.default_text)])

    def hide_deployed(self, stack: Stack) -> None:
        """Mask the values that the stack is deployed with."""
        if self._named(stack.name) is None:
            return
        known = [stack.parameters.get(name, NO_ECHO) for name in self.parameters(stack)]
        self.hide([value for value in known if value != NO_ECHO])

    def shown_outputs(
        self, stack: Stack, template: Mapping[str, Value] | None, inner: Mapping[tuple[str, str], bool]
    ) -> dict[str, str]:
        """The stack's outputs, masked where they hold a secret; `inner` as in `secret_outputs`."""
        found, none = stack.output_values, frozenset[str]()
        secret = secret_outputs(template, self.parameters(stack), found, inner) if template is not None else none
        return {key: NO_ECHO if key in secret else masked(value) for key, value in found.items()}

    def parameters(self, stack: Stack) -> frozenset[str]:
        """Names of its secret parameters; a short number from SSM or the shell, such as a port, is no secret."""
        declared = {name for name, value in stack.parameters.items() if value == NO_ECHO}
        entry = self._named(stack.name)
        if entry is None:
            return frozenset(declared)
        declared |= {row.name for row in self._templates[entry.template].parameters if row.no_echo}
        read = {name for name, value in entry.parameters.items() if isinstance(value, SsmRef | EnvRef)}
        short = {name for name in read if SHORT_NUMBER.fullmatch(stack.parameters.get(name, ""))}
        return frozenset(declared | (read - short))

    def has_none(self, stack: str) -> bool:
        """Whether a stack, by its name or ARN, is one of the environment that gives it no secret."""
        entry = self._named(stack_name_of(stack))
        if entry is None:
            return False
        read = any(isinstance(value, SsmRef | EnvRef) for value in entry.parameters.values())
        return not read and not any(row.no_echo for row in self._templates[entry.template].parameters)

    def template(self, stack: Stack) -> Mapping[str, Value] | None:
        """The template of the worktree, None for a stack that is not of the environment, as a nested one."""
        entry = self._named(stack.name)
        return None if entry is None else self._templates[entry.template].template

    def _named(self, name: str) -> EnvironmentStack | None:
        return next((row for row in self._environment.stacks if row.name == name), None)


class MaskedParameters:
    """The port Parameters of a command: what it reads is masked from then on."""

    def __init__(self, parameters: Parameters, secrets: SecretValues) -> None:
        self._parameters, self._secrets = parameters, secrets

    def values(self, names: Sequence[str]) -> Mapping[str, str]:
        """Values of the parameters that exist, decrypted; missing names are absent."""
        found = self._parameters.values(names)
        self._secrets.hide(list(found.values()))
        return found
