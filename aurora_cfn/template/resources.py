"""The resources and outputs of a side, in normal form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, KeysView, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from aurora_cfn.model.environment import ParameterValue
from aurora_cfn.model.value import Value, member
from aurora_cfn.template.entries import Entries, Entry, entries
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.forms import intrinsic
from aurora_cfn.template.parsed import kept
from aurora_cfn.template.reader import Truth
from aurora_cfn.template.sharing import shared
from aurora_cfn.template.side import Side, template_of
from aurora_cfn.yamltext import read_template

T = TypeVar("T")

RETAINING = frozenset({"Retain", "RetainExceptOnCreate"})


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource that exists on this side, or may exist (`exists` is then the condition's expression)."""

    logical_id: str
    type: str
    properties: Mapping[str, Value]
    attributes: Mapping[str, Value]
    depends_on: frozenset[str]
    exists: Truth
    line: int

    @property
    def certain(self) -> bool:
        """Whether it surely exists on this side."""
        return self.exists is True

    def policy(self, name: str) -> str | None:
        """`DeletionPolicy` or `UpdateReplacePolicy` as text, None when not given; an unknown one counts as Delete."""
        value = self.attributes.get(name)
        return value if value is None or isinstance(value, str) else "Delete"


@dataclass(frozen=True, slots=True, eq=False)  # equal as mappings are
class Existing(Mapping[str, T]):
    """The resources or outputs that exist, or may, by name in the order of the template; evaluated when asked for."""

    entries: Entries
    evaluate: Callable[[Entry], T]
    found: dict[str, T] = field(default_factory=dict)

    def __getitem__(self, name: str) -> T:
        if name not in self.found:
            self.found[name] = self.evaluate(self.entries[name])
        return self.found[name]

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def names(self) -> KeysView[str]:
        """The names, to ask for many of them at once."""
        return self.entries.rows.keys()

    def of_type(self, kind: str) -> list[T]:
        """Those of that type, without evaluating the others."""
        return [self[entry.name] for entry in self.entries.types.get(kind, ())]


def resources(evaluator: Evaluator) -> Existing[Resource]:
    """The resources whose condition is not known to be false, by logical id."""
    return Existing(_existing(evaluator, "Resources"), shared(evaluator, "Resources", _resource))


def unconditional(evaluator: Evaluator) -> list[Resource]:
    """The resources that every stack of the template has: those without a condition, loops written out."""
    rows = resources(evaluator)
    return [rows[entry.name] for entry in rows.entries.values() if entry.condition is None]


def written_resources(
    text: str, path: str, parameters: Mapping[str, ParameterValue] | None = None
) -> dict[str, Mapping[str, Value]]:
    """The resources of a template's text as they are written, by logical id, whether their conditions hold or not.

    Loops (Fn::ForEach) are written out with the parameter values. Raises InputError when it is not a template.
    """
    side = Evaluator(Side(template_of(read_template(text, path), path), parameters or {})).side
    rows = side.section("Resources").items()
    return {name: row for name, row in rows if isinstance(row, Mapping) and not name.startswith("Fn::")}


def outputs(evaluator: Evaluator) -> Existing[Mapping[str, Value]]:
    """Outputs whose condition is not known to be false: Description, Value, Export, in normal form."""
    return Existing(_existing(evaluator, "Outputs"), shared(evaluator, "Outputs", _output))


def _existing(evaluator: Evaluator, section: str) -> Entries:
    template = evaluator.side.template
    rows = entries(template, section)
    conditions = kept(template, ("conditions", section), lambda: _conditions(rows))
    out = frozenset(name for name in conditions if evaluator.condition(name) is False)
    if not out:
        return rows
    return kept(template, (section, out), lambda: rows.without(out))


def export_name(output: Mapping[str, Value]) -> Value:
    """Name of the export in normal form, None when the output is not exported."""
    name: Value = member(output, "Export", "Name")
    return name


def imported_names(evaluator: Evaluator) -> list[Value]:
    """Every name that the side imports with Fn::ImportValue, in normal form."""
    found = [name for row in _importing(resources(evaluator)) for name in _imports(row.properties)]
    return found + [name for row in _importing(outputs(evaluator)) for name in _imports(row)]


def _importing(rows: Existing[T]) -> list[T]:
    return [rows[entry.name] for entry in rows.entries.values() if "Fn::ImportValue" in entry.text]


def _imports(value: Value) -> list[Value]:
    if intrinsic(value) == "Fn::ImportValue" and isinstance(value, Mapping):
        return [value["Fn::ImportValue"]]
    if isinstance(value, Mapping):
        return [name for item in value.values() for name in _imports(item)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [name for item in value for name in _imports(item)]
    return []


def _conditions(rows: Mapping[str, Entry]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.condition for row in rows.values() if row.condition is not None))


def _output(evaluator: Evaluator, entry: Entry) -> Mapping[str, Value]:
    value = evaluator.value({key: item for key, item in entry.raw.items() if key != "Condition"})
    return value if isinstance(value, Mapping) else {}


def _resource(evaluator: Evaluator, entry: Entry) -> Resource:
    raw = entry.raw
    properties = evaluator.value(raw.get("Properties") or {})
    others = {key: item for key, item in raw.items() if key not in {"Properties", "Type", "Condition", "DependsOn"}}
    attributes = evaluator.value(others)
    depends = raw.get("DependsOn")
    depends = (depends,) if isinstance(depends, str) else depends
    depends = depends if isinstance(depends, Sequence) else ()
    # Properties that are one unknown function as a whole, such as Fn::If, are compared as a whole.
    return Resource(
        logical_id=entry.name,
        type=entry.type,
        properties=properties if isinstance(properties, Mapping) and not intrinsic(properties) else {"*": properties},
        attributes=attributes if isinstance(attributes, Mapping) else {},
        depends_on=frozenset(str(item) for item in depends),
        exists=True if entry.condition is None else evaluator.condition(entry.condition),
        line=evaluator.side.line(("Resources", entry.name)),
    )
