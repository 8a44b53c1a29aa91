"""The parameters of a stack as text, read just before it is deployed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.environment import Sources, resolved, ssm_names
from aurora_cfn.model.environment import Environment, OutputRef
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.model.stack import Stack
from aurora_cfn.ports import Parameters


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where references lead: `deployed` gives a stack of the environment by its key, None before it exists."""

    environment: Environment
    blueprints: Mapping[str, Blueprint]
    deployed: Callable[[str], Stack | None]
    parameters: Parameters
    variables: Mapping[str, str]

    def of(self, desired: DesiredStack) -> dict[str, str]:
        """Every parameter as text. Raises InputError with everything that is missing or out of bounds."""
        entry = desired.entry
        wanted = ssm_names(entry)
        sources = Sources(
            outputs={key: self._outputs(key) for key in _read_from(desired)},
            ssm=self.parameters.values(wanted) if wanted else {},
            variables=self.variables,
        )
        return resolved(entry, self.environment, self.blueprints[entry.template], sources)

    def _outputs(self, key: str) -> dict[str, str]:
        stack = self.deployed(key)
        return {output.key: output.value for output in stack.outputs} if stack else {}


def _read_from(desired: DesiredStack) -> set[str]:
    return {value.stack for value in desired.entry.parameters.values() if isinstance(value, OutputRef)}
