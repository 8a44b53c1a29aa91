"""One environment at one revision: its stacks with the templates and tables of that same revision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from aurora_cfn.cli.environments import environment_files
from aurora_cfn.cli.project import TEMPLATES
from aurora_cfn.cli.revision_sides import is_template, side_of
from aurora_cfn.cli.revisions import Revision
from aurora_cfn.errors import InputError
from aurora_cfn.model.environment import Environment, EnvironmentStack, ParameterValue, StackRef
from aurora_cfn.review import EMPTY, Import, Side, imports


@dataclass(slots=True)
class EnvironmentSide:
    """The stacks of an environment, and their sides by key."""

    environment: Environment
    sides: Mapping[str, Side]
    notes: tuple[str, ...] = ()

    def keys(self) -> tuple[str, ...]:
        """Keys of the stacks in the order of the file."""
        return tuple(stack.key for stack in self.environment.stacks)

    def stack(self, key: str) -> EnvironmentStack:
        """The stack under that key; KeyError when there is none."""
        found = self.environment.stack(key)
        if found is None:
            raise KeyError(key)
        return found

    def side(self, key: str) -> Side:
        """The side of that stack, EMPTY when it is not there."""
        found = self.environment.stack(key)
        if found is None:
            return EMPTY
        return _with_values(found, self.environment, self.sides.get(found.template, EMPTY))

    def imported(self, key: str) -> tuple[Import, ...]:
        """What the other stacks import."""
        others = (other for other in self.keys() if other != key)
        return tuple(one for other in others for one in imports(self.side(other), self.stack(other).name))


def environment_side(revision: Revision, name: str, *, lenient: bool = False) -> EnvironmentSide | None:
    """The environment of that name, None when its file is not there.

    It is checked against the templates of the same revision. Raises InputError with every complaint; with `lenient`
    a file that does not fit is a note instead, and what fits is compared.
    """
    files = [path.as_posix() for path in environment_files(name)]
    file = next((file for file in files if file in revision.blobs), None)
    if file is None:
        return None
    sides = dict(_templates(revision))
    path = file if revision.commit is None else f"{revision.label}:{file}"
    try:
        return EnvironmentSide(_loaded(revision.text(file), path, name, sides), sides)
    except InputError as error:
        if not lenient:
            raise
        note = f"{path} has faults, so its values are compared only as far as they are clear: {error.complaints[0]}"
        return EnvironmentSide(_drafted(revision.text(file), path, name, sides), sides, (note,))


def _loaded(text: str, path: str, name: str, sides: Mapping[str, Side]) -> Environment:
    from aurora_cfn.cli.template_table import table_of
    from aurora_cfn.environment import load

    return load(text, path, name, {key: table_of(key, side.template) for key, side in sides.items()})


def _drafted(text: str, path: str, name: str, sides: Mapping[str, Side]) -> Environment:
    from aurora_cfn.cli.template_table import table_of
    from aurora_cfn.environment.drafts import drafts
    from aurora_cfn.environment.keys import environment_record
    from aurora_cfn.yamltext import read_with_faults

    tables = {key: table_of(key, side.template) for key, side in sides.items()}
    document = read_with_faults(text, path)
    faulty = {fault.path for fault in environment_record(tables).faults(document.value, ())}
    root: Any = document.value if isinstance(document.value, dict) else {}
    return Environment(name, path, str(root.get("region", "")), drafts(document, name, tables, faulty))


def _templates(revision: Revision) -> Iterator[tuple[str, Side]]:
    for name in revision.names(TEMPLATES):
        if is_template(revision, name):
            yield name.removeprefix(f"{TEMPLATES}/").rpartition(".")[0], side_of(revision, name)


def _with_values(stack: EnvironmentStack, environment: Environment, side: Side) -> Side:
    values: dict[str, ParameterValue] = {}
    for name, value in stack.parameters.items():
        other = environment.stack(value.stack) if isinstance(value, StackRef) else None
        values[name] = other.name if other else value
    return replace(
        side,
        parameters=values,
        tags={**environment.tags, **stack.tags},
        stack=stack.name,
        region=environment.region or None,
        account=environment.account,
    )
