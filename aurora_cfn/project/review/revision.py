"""The templates and environments of one git revision, for a review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from aurora_cfn.errors import InputError
from aurora_cfn.model.change import Change
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.project.files import TEMPLATES, environment_files
from aurora_cfn.project.git import Revision
from aurora_cfn.project.review.fleet_stacks import fleet_stacks
from aurora_cfn.project.review.nested_files import NestedFiles, Nesting, may_nest
from aurora_cfn.project.templates import template_name
from aurora_cfn.project.user_cache import offered
from aurora_cfn.review.changes import changes
from aurora_cfn.review.imports import Imports, imports
from aurora_cfn.template.parsed import ParsedTemplate, kept
from aurora_cfn.template.side import EMPTY, Side, template_of
from aurora_cfn.template.summary import TemplateSummary, summary_of
from aurora_cfn.yamltext import read_template


def side_of(revision: Revision, name: str) -> Side:
    """The template of that revision without values, EMPTY if it does not exist. Raises InputError."""
    if name not in revision.blobs:
        return EMPTY
    return replace(_read(revision, name), offered=offered())


def _read(revision: Revision, name: str) -> Side:
    try:
        side = _side(revision.text(name), name)
    except InputError as error:
        if revision.commit is None:
            raise
        raise InputError([replace(row, path=f"{revision.label}:{name}") for row in error.complaints]) from None
    return replace(side, nested=NestedFiles(revision, _read))


@lru_cache(maxsize=4)  # for all environments of a review
def nesting(revision: Revision) -> Nesting:
    """Which files the templates of the revision nest."""
    return Nesting(revision, _read)


def is_changed(before: Revision, after: Revision, name: str, old: str = "") -> bool:
    """Whether a template or a file that it nests differs; `old` is its name before."""
    old = old or name
    if before.blobs.get(old) != after.blobs.get(name):
        return True
    # The texts are equal, so one of them says whether anything can be nested.
    if name not in after.blobs or not may_nest(after, name):
        return False
    files = nesting(before).below(old) | nesting(after).below(name)
    return any(before.blob(path) != after.blob(path) for path in files)


def old_side_of(revision: Revision, name: str) -> tuple[Side, tuple[str, ...]]:
    """The template before the change; EMPTY with a note when it cannot be read, so that its repair can be reviewed."""
    try:
        return side_of(revision, name), ()
    except InputError as error:
        note = f"before the change the template cannot be read, so all of it counts as new: {error.complaints[0]}"
        return EMPTY, (note,)


def is_template(revision: Revision, name: str) -> bool:
    """Whether a file of templates/ is a template."""
    return name in revision.blobs and "Resources" in revision.text(name)


def compared(sides: tuple[Side, Side], imported: Callable[[], Imports]) -> tuple[Change, ...]:
    """The changes; with those of exports that other stacks import, for which all other templates are read."""
    found = changes(*sides)
    if any(change.section == "Outputs" and change.kind != "add" for change in found):
        others = imported()
        return changes(*sides, others) if others else found
    return found


@lru_cache(maxsize=256)  # several environments and both revisions use the same templates, and parsing one takes long
def _side(text: str, name: str) -> Side:
    document = read_template(text, name)
    return Side(ParsedTemplate(template_of(document, name)), lines=document.lines, path=name, aliases=document.aliases)


@dataclass(slots=True)
class EnvironmentSide:
    """The stacks of an environment, and their sides by key."""

    environment: Environment
    sides: Mapping[str, Side]
    notes: tuple[str, ...] = ()
    imports: Imports | None = None
    _stacks: Mapping[str, EnvironmentStack] = field(init=False)
    """By key, in the order of the file; those of its fleet come last."""

    def __post_init__(self) -> None:
        stacks = (*self.environment.stacks, *fleet_stacks(self.environment))
        self._stacks = {stack.key: stack for stack in stacks}

    def keys(self) -> tuple[str, ...]:
        """Keys of the stacks in the order of the file, and of those of its fleet."""
        return tuple(self._stacks)

    def stack(self, key: str) -> EnvironmentStack:
        """The stack under that key; KeyError if there is none."""
        return self._stacks[key]

    def side(self, key: str) -> Side:
        """The side of that stack, EMPTY if there is none."""
        found = self._stacks.get(key)
        if found is None:
            return EMPTY
        return _with_values(found, self.environment, self.sides.get(found.template, EMPTY))

    def imported(self, key: str) -> Imports:
        """The imports of the other stacks."""
        if self.imports is None:
            stacks = self.environment.stacks
            self.imports = Imports(one for row in stacks for one in imports(self.side(row.key), row.name))
        return self.imports.without(self.stack(key).name)


def environment_side(revision: Revision, name: str, *, lenient: bool = False) -> EnvironmentSide | None:
    """The environment of that name, None if its file does not exist.

    It is checked against the templates of the same revision. Raises InputError with every complaint; with `lenient`
    a file that does not fit is a note instead, and what fits is compared.
    """
    files = [path.as_posix() for path in environment_files(name)]
    file = next((file for file in files if file in revision.blobs), None)
    if file is None:
        return None
    sides, notes = _templates(revision, lenient=lenient)
    path = file if revision.commit is None else f"{revision.label}:{file}"
    try:
        return EnvironmentSide(_loaded(revision.text(file), path, name, sides), sides, notes)
    except InputError as error:
        if not lenient:
            raise
        note = f"{path} has faults, so its values are compared only as far as they are clear: {error.complaints[0]}"
        return EnvironmentSide(_drafted(revision.text(file), path, name, sides), sides, (*notes, note))


def _loaded(text: str, path: str, name: str, sides: Mapping[str, Side]) -> Environment:
    from aurora_cfn.environment import load

    return load(text, path, name, _summaries(sides))


def _drafted(text: str, path: str, name: str, sides: Mapping[str, Side]) -> Environment:
    from aurora_cfn.environment.keys import environment_record
    from aurora_cfn.environment.loader import drafts
    from aurora_cfn.yamltext import read_with_faults

    tables = _summaries(sides)
    document = read_with_faults(text, path)
    faulty = {fault.path for fault in environment_record(tables).faults(document.value, ())}
    root: Any = document.value if isinstance(document.value, dict) else {}
    return Environment(name, path, str(root.get("region", "")), drafts(document, name, tables, faulty))


def _summaries(sides: Mapping[str, Side]) -> dict[str, TemplateSummary]:
    return {key: _summary(key, side) for key, side in sides.items()}


def _summary(key: str, side: Side) -> TemplateSummary:
    return kept(side.template, ("summary", key, side.path), lambda: summary_of(key, side.template, side.path))


@lru_cache(maxsize=8)  # for all environments of a review
def _templates(revision: Revision, *, lenient: bool) -> tuple[Mapping[str, Side], tuple[str, ...]]:
    """The templates by name; with `lenient` those that cannot be read are left out, with a note each."""
    found: dict[str, Side] = {}
    notes: tuple[str, ...] = ()
    for name in revision.names(TEMPLATES, below=True):
        if is_template(revision, name):
            side, more = old_side_of(revision, name) if lenient else (side_of(revision, name), ())
            notes += more
            if not more:
                found[template_name(Path(name))] = side
    return found, notes


def _with_values(stack: EnvironmentStack, environment: Environment, side: Side) -> Side:
    return replace(
        side,
        parameters=stack.with_names(environment.stack),
        tags={**environment.tags, **stack.tags},
        stack=stack.name,
        region=environment.region or None,
        account=environment.account,
    )
