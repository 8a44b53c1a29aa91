"""The stacks of one file while they are checked against one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.errors import Complaint
from aurora_cfn.model.environment import EnvironmentStack


@dataclass(frozen=True, slots=True)
class Scope:
    """`declared` are all keys under `stacks`, also of entries too faulty to be in `stacks`."""

    path: str
    stacks: tuple[EnvironmentStack, ...]
    declared: tuple[str, ...]
    blueprints: Mapping[str, Blueprint]

    def stack(self, key: str) -> EnvironmentStack | None:
        """The stack under that key."""
        return next((stack for stack in self.stacks if stack.key == key), None)

    def blueprint(self, stack: EnvironmentStack | None) -> Blueprint | None:
        """The blueprint of a stack, None when its template is unknown."""
        return self.blueprints.get(stack.template) if stack else None

    def outputs(self, stack: EnvironmentStack | None) -> tuple[str, ...] | None:
        """Keys of the outputs that a stack will have, in the order of its template; None when that is unknown."""
        blueprint = self.blueprint(stack)
        return tuple(str(output.title) for output in blueprint.outputs()) if blueprint else None

    def complaint(self, stack: EnvironmentStack, what: str, hint: str = "", *, name: str = "") -> Complaint:
        """A complaint about a stack, or about its parameter (or `depends_on`) of that name."""
        place = f".{name}" if name == "depends_on" else f".parameters.{name}" if name else ""
        return Complaint(what, self.path, stack.lines.get(name, stack.line), f"stacks.{stack.key}{place}", hint)
