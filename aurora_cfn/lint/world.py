"""A template under one set of parameter values: its conditions decided, its intrinsics resolved as far as possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aurora_cfn.facts.offered import NOTHING_OFFERED, Offered
from aurora_cfn.lint.found import ABSENT, PERHAPS, UNKNOWN, Found, Reference
from aurora_cfn.lint.intrinsics import evaluate, placeholders
from aurora_cfn.lint.logic import decide
from aurora_cfn.model.value import Path


@dataclass(frozen=True, eq=False)
class World:
    """`values` holds every parameter; `change` says which one differs from what was given or is the default."""

    template: Mapping[str, Any]
    values: Mapping[str, Any]
    change: str = ""
    offered: Offered = NOTHING_OFFERED
    _conditions: dict[str, bool | None] = field(default_factory=dict)
    _resolved: dict[Path, Found] = field(default_factory=dict)
    _resources: dict[str, Resource] = field(default_factory=dict)

    def resolve(self, node: Any, path: Path) -> Found:
        """What stands at a path, with Fn::If followed into its branch and other intrinsics computed."""
        known = self._resolved.get(path)
        if known is None:
            known = self._resolved[path] = evaluate(node, path, self)
        return known

    def condition(self, name: object) -> bool | None:
        """Whether a condition holds; None when that is not known, or when it is circular or missing."""
        if not isinstance(name, str):
            return None
        if name not in self._conditions:
            self._conditions[name] = None  # a circle ends here
            self._conditions[name] = decide(section(self.template, "Conditions").get(name), self)
        return self._conditions[name]

    def parameter(self, name: str) -> Any:
        """The value of a parameter: text, list or Unknown; Absent when there is no such parameter."""
        return self.values.get(name, ABSENT)

    def has_resource(self, name: str) -> bool:
        """Whether the template declares the resource."""
        return name in section(self.template, "Resources")

    def mapped(self, name: str, first: str, second: str) -> Any:
        """A value of the Mappings section, Unknown when it is not there."""
        value: Any = section(self.template, "Mappings").get(name)
        for key in (first, second):
            value = value.get(key, UNKNOWN) if isinstance(value, Mapping) else UNKNOWN
        return value

    def resources(self, *types: str) -> tuple[Resource, ...]:
        """Resources of the types that are made, or may be made, in this world."""
        return tuple(row for row in self._made().values() if row.type in types)

    def resource(self, name: str) -> Resource | None:
        """The resource, None when there is none of this name or its condition does not hold."""
        return self._made().get(name)

    def _made(self) -> Mapping[str, Resource]:
        """All resources of this world by name, found once for all rules."""
        if not self._resources:
            for name, body in section(self.template, "Resources").items():
                if isinstance(body, Mapping) and isinstance(body.get("Type"), str):
                    made = True if "Condition" not in body else self.condition(body["Condition"])
                    if made is not False:
                        self._resources[name] = Resource(name, body["Type"], made is True, self, body)
        return self._resources

    def target(self, found: Found) -> Resource | None:
        """The resource that a value refers to."""
        return self.resource(found.reference.logical_id) if found.reference else None

    @property
    def metadata(self) -> Mapping[str, Any]:
        """The template's own Metadata."""
        return section(self.template, "Metadata")


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One resource in its world; `certain` is False when its condition could not be decided."""

    name: str
    type: str
    certain: bool
    world: World
    body: Mapping[str, Any]

    @property
    def path(self) -> Path:
        """Where the resource is declared."""
        return ("Resources", self.name)

    def get(self, *keys: str | int) -> Found:
        """What a property holds, such as `get("ServerlessV2ScalingConfiguration", "MinCapacity")`."""
        found = self.world.resolve(self.body.get("Properties", ABSENT), (*self.path, "Properties"))
        for key in keys:
            found = step(found, key, self.world)
        return found

    def written(self, name: str) -> Any:
        """A property as it is written, unresolved; None when it is not there."""
        properties = self.body.get("Properties")
        return properties.get(name) if isinstance(properties, Mapping) else None

    def attribute(self, name: str) -> Found:
        """What stands beside Properties: DeletionPolicy, UpdateReplacePolicy, DependsOn."""
        return self.world.resolve(self.body.get(name, ABSENT), (*self.path, name))

    def items(self, *keys: str | int) -> tuple[Found, ...] | None:
        """The entries of a list property: none when it is absent, None when the list itself is not known."""
        return items(self.get(*keys), self.world)

    def depends_on(self) -> frozenset[str]:
        """Logical ids that this resource waits for: by DependsOn, or by a reference anywhere in it."""
        named = self.body.get("DependsOn", ())
        listed = [named] if isinstance(named, str) else named if isinstance(named, Sequence) else []
        return frozenset(str(name) for name in listed) | frozenset(references(self.body.get("Properties")))

    def refers_to(self, other: Resource) -> bool:
        """Whether the other resource is named anywhere in this one's properties."""
        return other.name in references(self.body.get("Properties"))


def section(template: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A section of a template, empty when it is missing or not a mapping."""
    found = template.get(name)
    return found if isinstance(found, Mapping) else {}


def step(found: Found, key: str | int, world: World) -> Found:
    """What stands one key or position below."""
    value, path = found.value, (*found.path, key)
    if isinstance(value, Mapping):
        # A macro in place may add what is not written.
        missing = PERHAPS if "Fn::Transform" in value else ABSENT
        return world.resolve(value.get(key, missing), path)
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return world.resolve(value[key], path)
    return Found(ABSENT if found.absent else PERHAPS, path)


def items(found: Found, world: World) -> tuple[Found, ...] | None:
    """The entries of a list that are there; a single value counts as a list of one; None when it is not known."""
    if found.absent:
        return ()
    if isinstance(found.value, list):
        rows = (world.resolve(row, (*found.path, number)) for number, row in enumerate(found.value))
        return tuple(row for row in rows if not row.absent)
    return None if found.unknown or isinstance(found.value, Reference) else (found,)


def references(node: Any) -> Iterator[str]:
    """Every name that Ref, Fn::GetAtt and Fn::Sub mention below a node, in any branch."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _named(key, value)
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def _named(key: object, value: Any) -> Iterator[str]:
    if key == "Ref" and isinstance(value, str):
        yield value
    elif key == "Fn::GetAtt":
        yield str(value[0] if isinstance(value, list) and value else value).partition(".")[0]
    elif key == "Fn::Sub":
        text = value[0] if isinstance(value, list) and value else value
        yield from (name.partition(".")[0] for name in placeholders(str(text)))
