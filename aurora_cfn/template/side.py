"""A side of a comparison: one template with the values and tags that it is, or would be, deployed with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.facts.offered import NOTHING_OFFERED, Offered
from aurora_cfn.model.environment import ParameterValue
from aurora_cfn.model.stack import Stack
from aurora_cfn.model.value import Path, Value
from aurora_cfn.template.parsed import section_of
from aurora_cfn.yamltext import Document, read_template

SECTIONS = ("Parameters", "Mappings", "Conditions", "Resources", "Outputs", "Metadata", "Rules")


@dataclass(frozen=True, slots=True)
class Side:
    """Before or after. A template without resources is a stack that does not exist there.

    `parameters` are the values given (defaults fill the rest; what has neither stays unknown). `stack`, `region` and
    `account` are None where they are not known; `lines` and `path` give the place in the file. `offered` is
    what RDS itself offers: engine versions and parameters. `aliases` are the lines of YAML aliases and merge keys.
    `nested` reads the templates of nested stacks, None where they are not looked at.
    """

    template: Mapping[str, Value]
    parameters: Mapping[str, ParameterValue | Value] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[Path, int] = field(default_factory=dict)
    path: str = ""
    stack: str | None = None
    region: str | None = None
    account: str | None = None
    offered: Offered = NOTHING_OFFERED
    aliases: tuple[int, ...] = ()
    nested: NestedTemplates | None = field(default=None, repr=False, compare=False)

    def line(self, path: Path) -> int:
        """Line of the path, or of its nearest known ancestor, or 1."""
        return Document(None, self.lines).line(path)

    def section(self, name: str) -> Mapping[str, Value]:
        """That section, empty when the template has none."""
        return section_of(self.template, name)


@dataclass(frozen=True, slots=True)
class NestedAddress:
    """Where the template of a nested stack is, in normal form, and the names of the parameters that it is given."""

    logical_id: str
    location: Value
    given: frozenset[str]


@dataclass(frozen=True, slots=True)
class NestedTemplate:
    """The template of a nested stack, without values. `local`: its address is a path, so it is what is uploaded."""

    side: Side
    local: bool = False


class NestedTemplates(Protocol):
    """Where the templates of nested stacks are read."""

    def template(self, parent: str, address: NestedAddress) -> NestedTemplate | None:
        """That of a nested stack of the template at the path `parent`, None where it cannot be read."""

    def identity(self, address: NestedAddress) -> str:
        """A text that is equal for equal content of a template that cannot be read; empty where nothing is known."""


EMPTY = Side({})
"""The side of a stack that does not exist."""


def deployed_side(stack: Stack, text: str) -> Side:
    """The template of a deployed stack with the stack's values. Raises InputError when the text is no template."""
    template = template_of(read_template(text, stack.name), stack.name)
    return Side(template, stack.parameters, stack=stack.name, region=stack.region, account=stack.account)


def template_of(document: Document, path: str) -> Mapping[str, Value]:
    """The document as a template; raises InputError, every complaint at once, when its shape is not a template's."""
    value = document.value
    if not isinstance(value, Mapping):
        raise InputError((Complaint("this is no template: it must be a mapping with Resources", path, 1),))
    complaints = [
        Complaint(f"{name} must be a mapping", path, document.line((name,)), name)
        for name in SECTIONS
        if name in value and not isinstance(value[name], Mapping)
    ]
    if "Resources" not in value:
        complaints.append(Complaint("this is no template: Resources is missing", path, 1))
    if not complaints:
        complaints = [*_resource_complaints(value, document, path), *_entry_complaints(value, document, path)]
    if complaints:
        raise InputError(complaints)
    return value


def _resource_complaints(template: Mapping[str, Value], document: Document, path: str) -> list[Complaint]:
    resources = template["Resources"]
    assert isinstance(resources, Mapping)
    found = []
    for name, entry in resources.items():
        what = _resource_problem(name, entry)
        if what:
            found.append(Complaint(what, path, document.line(("Resources", name)), f"Resources.{name}"))
    return found


def _resource_problem(name: str, entry: Value) -> str:
    # A loop or a macro in place of a resource.
    if name.startswith("Fn::"):
        return ""
    if not isinstance(entry, Mapping):
        return "a resource must be a mapping"
    if not isinstance(entry.get("Type"), str):
        return "a resource needs a Type"
    if not isinstance(entry.get("Properties") or {}, Mapping):  # `Properties:` without a value is allowed
        return "Properties must be a mapping"
    return ""


def _entry_complaints(template: Mapping[str, Value], document: Document, path: str) -> list[Complaint]:
    found = []
    for section in ("Parameters", "Outputs"):
        entries = template.get(section)
        assert entries is None or isinstance(entries, Mapping)
        for name, entry in (entries or {}).items():
            if not isinstance(entry, Mapping) and not name.startswith("Fn::"):
                key = f"{section}.{name}"
                found.append(Complaint("must be a mapping", path, document.line((section, name)), key))
    return found
