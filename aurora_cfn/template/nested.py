"""Nested stacks whose templates can be read: each as a side with the values that its parent gives it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from aurora_cfn.model.resource_types import LOCATIONS
from aurora_cfn.model.value import Value
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.forms import REFERENCE, Hidden, hidden, intrinsic, join, joined_parts, references
from aurora_cfn.template.resources import Existing, Resource, outputs, resources
from aurora_cfn.template.side import NestedAddress, NestedTemplate, Side


def nests(rows: Existing[Resource]) -> bool:
    """Whether there is a nested stack among the resources."""
    return any(kind in rows.entries.types for kind in LOCATIONS)


def is_nested(resource: Resource) -> bool:
    """Whether the resource is a stack with a template of its own."""
    return resource.type in LOCATIONS


def address(resource: Resource) -> NestedAddress:
    """Where the template of a nested stack is, and what it is given."""
    names = frozenset(given(resource) or ())
    return NestedAddress(resource.logical_id, resource.properties.get(LOCATIONS[resource.type]), names)


def given(resource: Resource) -> Mapping[str, Value] | None:
    """The parameters that a nested stack gets, None where a function makes all of them."""
    found = resource.properties.get("Parameters") or {}
    known = isinstance(found, Mapping) and intrinsic(found) is None and "*" not in resource.properties
    return found if known and isinstance(found, Mapping) else None


def required(template: Side) -> list[str]:
    """The parameters without a default, in the order of the template; none where a macro may declare them."""
    rows = template.section("Parameters")
    if any(name.startswith("Fn::") for name in rows):
        return []
    return [name for name, row in rows.items() if isinstance(row, Mapping) and row.get("Default") is None]


@dataclass(slots=True)
class NestedSides:
    """The nested stacks of one side by logical id; `above` are the paths of the templates around it."""

    evaluator: Evaluator
    above: frozenset[str] = frozenset()
    rows: Existing[Resource] = field(init=False)
    _templates: dict[str, NestedTemplate | None] = field(default_factory=dict)
    _outputs: dict[str, Mapping[str, Value]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows = resources(self.evaluator)

    @property
    def names(self) -> list[str]:
        """The logical ids of all nested stacks, also of those whose templates cannot be read."""
        return [entry.name for kind in LOCATIONS for entry in self.rows.entries.types.get(kind, ())]

    def template(self, name: str) -> NestedTemplate | None:
        """The template of that nested stack; None where it cannot be read, or nests itself."""
        if name not in self._templates:
            self._templates[name] = self._found_template(name)
        return self._templates[name]

    def identity(self, name: str) -> str:
        """A text that is equal for equal content of the template of that nested stack; empty where none is known."""
        here = self.evaluator.side
        # The other side may have a resource of another type under that name.
        return here.nested.identity(address(self.rows[name])) if here.nested and name in self.names else ""

    def side(self, name: str, moved: Mapping[str, bool]) -> Side | None:
        """The template with its values, None where it cannot be read.

        A value that is made of a resource or output in `moved` counts as another one than before.
        """
        found = self.template(name)
        if found is None:
            return None
        here = self.evaluator.side
        values = {key: self._value(value, moved) for key, value in (given(self.rows[name]) or {}).items()}
        return replace(found.side, parameters=values, region=here.region, account=here.account, offered=here.offered)

    def below(self, name: str) -> NestedSides | None:
        """The nested stacks of that nested stack, None where its template cannot be read."""
        side = self.side(name, {})
        return None if side is None else NestedSides(Evaluator(side), self.above | {self.evaluator.side.path})

    def _found_template(self, name: str) -> NestedTemplate | None:
        here, resource = self.evaluator.side, self.rows[name]
        if here.nested is None or given(resource) is None:
            return None
        found = here.nested.template(here.path, address(resource))
        # Deployed ones have no path, and an end.
        circular = found is not None and found.side.path and found.side.path in {here.path, *self.above}
        return None if circular else found

    def _value(self, form: Value, moved: Mapping[str, bool]) -> Value:
        """A value as the nested template sees it: known text, or a reference, as the names in it mean nothing there."""
        form = self._with_outputs(form)
        if isinstance(form, str) or (isinstance(form, list) and all(isinstance(one, str) for one in form)):
            return form
        new = "new " if replaced_among(form, moved) else ""
        text = f"the parent's {new}{_words(form)}"
        return {REFERENCE: Hidden(text) if hidden(form) else text}

    def _with_outputs(self, form: Value) -> Value:
        """The form with outputs of other nested stacks in place of references to them, where they are known."""
        parts = joined_parts(form)
        if parts is not None:
            return join([self._with_outputs(part) for part in parts])
        for name, attribute in references(form) if intrinsic(form) == "Fn::GetAtt" else ():
            return self._known(name).get(attribute, form)
        return form

    def _known(self, name: str) -> Mapping[str, Value]:
        """The outputs of that nested stack whose values are known text, as `Outputs.NAME`."""
        if name not in self._outputs:
            self._outputs[name] = {}  # of stacks that refer to each other in a circle nothing is known
            side = self.side(name, {}) if name in self.rows.names and is_nested(self.rows[name]) else None
            rows = outputs(Evaluator(side)) if side else {}
            values = {f"Outputs.{key}": row.get("Value") for key, row in rows.items()}
            self._outputs[name] = {key: value for key, value in values.items() if isinstance(value, str)}
        return self._outputs[name]


def replaced_among(value: Value, replaced: Mapping[str, bool]) -> list[str]:
    """What a value refers to of these resources and outputs (`Network.Outputs.VpcId`), sorted, each once."""
    named = {one for name, attribute in references(value) for one in (name, f"{name}.{attribute}")}
    return sorted(named & replaced.keys())


def owners(names: Iterable[str]) -> set[str]:
    """The logical ids of resources, and of the nested stacks whose outputs are named."""
    return {name.partition(".")[0] for name in names}


def moved_outputs(before: Evaluator, after: Evaluator, replaced: Mapping[str, bool]) -> Iterator[tuple[str, bool]]:
    """The outputs of both sides that get another value, and whether that is only maybe so."""
    left, right = outputs(before), outputs(after)
    for name in left:
        old, new = left[name].get("Value"), right[name].get("Value") if name in right else None
        hits = replaced_among(new, replaced)
        if name in right and (old != new or hits):
            yield name, old == new and all(replaced[one] for one in hits)


def _words(form: Value) -> str:
    """A form in a few words: `VpcId`, `Network.Outputs.VpcId`, or as JSON."""
    if isinstance(form, Mapping) and len(form) == 1:
        inner = next(iter(form.values()))
        if isinstance(inner, str):
            return inner.removeprefix("the parent's ")
    return json.dumps(form, sort_keys=True, default=str)
