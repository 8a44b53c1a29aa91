"""The templates of nested stacks in one git revision, and which templates of the project nest which files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from aurora_cfn.errors import InputError
from aurora_cfn.model.resource_types import LOCATIONS
from aurora_cfn.project.git import Revision
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.nested import NestedSides, required
from aurora_cfn.template.side import NestedAddress, NestedTemplate, Side
from aurora_cfn.template.template_url import NamedFile, in_submodule, named_file

Read = Callable[[Revision, str], Side]
"""Reads a template of a revision; raises InputError for one that cannot be read."""


@dataclass(frozen=True, slots=True, eq=False)
class NestedFiles:
    """The templates of nested stacks among the files of a revision."""

    revision: Revision
    side_of: Read

    def template(self, parent: str, address: NestedAddress) -> NestedTemplate | None:
        """The file that the address names; None where none is named, or where it is no template.

        Where only the name of the file is the same, its parameters have to be those that the parent gives too.
        """
        found = named_file(address.location, parent, self.revision.files)
        if found is None:
            return None
        try:
            side = self.side_of(self.revision, found.path)
        except InputError:
            return None
        return NestedTemplate(side, found.local) if _fits(found, side, address.given) else None

    def identity(self, address: NestedAddress) -> str:
        """The file of a submodule with its commit."""
        return in_submodule(address.location, self.revision.files)


def _fits(found: NamedFile, side: Side, names: frozenset[str]) -> bool:
    return found.local or found.certain or (names <= side.section("Parameters").keys() and names >= {*required(side)})


def may_nest(revision: Revision, name: str) -> bool:
    """Whether a template may have nested stacks, by its text."""
    return any(kind in revision.text(name) for kind in LOCATIONS)


@dataclass(slots=True)
class Nesting:
    """Which files the templates of a revision nest, with the defaults of their parameters."""

    revision: Revision
    side_of: Read
    _found: dict[str, frozenset[str]] = field(default_factory=dict)

    def below(self, name: str) -> frozenset[str]:
        """The paths of the templates that the template nests, at any depth; none where it cannot be read."""
        if name not in self._found:
            self._found[name] = frozenset()  # of what nests itself
            self._found[name] = frozenset(self._below(name))
        return self._found[name]

    def _below(self, name: str) -> Iterator[str]:
        if not self.revision.blob(name) or not may_nest(self.revision, name):
            return
        try:
            sides = NestedSides(Evaluator(self.side_of(self.revision, name)))
        except InputError:
            return
        for one in sides.names:
            found = sides.template(one)
            if found is not None:
                yield found.side.path
                yield from self.below(found.side.path)
