"""The values of an environment that may be secret: masked in all output as soon as they are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aurora_cfn.cli.terminal.messages import hide, hide_names, masked
from aurora_cfn.environment.resolver import SHORT_NUMBER
from aurora_cfn.model.environment import Environment, EnvironmentStack, EnvRef, SsmRef
from aurora_cfn.model.stack import NO_ECHO, Stack
from aurora_cfn.model.value import Value
from aurora_cfn.ports import Parameters
from aurora_cfn.template.secret_values import secret_names, secret_outputs
from aurora_cfn.template.summary import TemplateSummary


class SecretValues:
    """The secrets of one environment: parameters that are NoEcho, or read from SSM or the shell."""

    def __init__(self, environment: Environment, templates: Mapping[str, TemplateSummary]) -> None:
        """Nothing is masked yet."""
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
        """Mask the values that the stack is deployed with, and the physical ids that are made of secrets."""
        entry = next((row for row in self._environment.stacks if row.name == stack.name), None)
        if entry is None:
            return
        secrets = self._secrets(entry, stack)
        known = [stack.parameters.get(name, NO_ECHO) for name in secrets]
        self.hide([value for value in known if value != NO_ECHO])
        # Events of earlier deployments have physical ids with values that are written nowhere else any more.
        hide_names((stack.name, name) for name in secret_names(self._template(entry), secrets))

    def shown_outputs(self, stack: Stack, template: Mapping[str, Value] | None = None) -> dict[str, str]:
        """The stack's outputs, masked where they hold a secret; `template` is the deployed one, where it was read."""
        entry = next((row for row in self._environment.stacks if row.name == stack.name), None)
        found = stack.output_values
        secret: frozenset[str] = frozenset()
        if entry is not None:
            secret = secret_outputs(template or self._template(entry), self._secrets(entry, stack), found)
        return {key: NO_ECHO if key in secret else masked(value) for key, value in found.items()}

    def _secrets(self, entry: EnvironmentStack, stack: Stack) -> frozenset[str]:
        """Names of the parameters; a short number from SSM or the shell, such as a port, is no secret."""
        declared = {row.name for row in self._templates[entry.template].parameters if row.no_echo}
        declared |= {name for name, value in stack.parameters.items() if value == NO_ECHO}
        read = {name for name, value in entry.parameters.items() if isinstance(value, SsmRef | EnvRef)}
        short = {name for name in read if SHORT_NUMBER.fullmatch(stack.parameters.get(name, ""))}
        return frozenset(declared | (read - short))

    def _template(self, entry: EnvironmentStack) -> Mapping[str, Value]:
        return self._templates[entry.template].template


class MaskedParameters:
    """The port Parameters of a command: what it reads is masked from then on."""

    def __init__(self, parameters: Parameters, secrets: SecretValues) -> None:
        """Nothing is called yet."""
        self._parameters, self._secrets = parameters, secrets

    def values(self, names: Sequence[str]) -> Mapping[str, str]:
        """Values of the parameters that exist, decrypted; missing names are absent."""
        found = self._parameters.values(names)
        self._secrets.hide(list(found.values()))
        return found
