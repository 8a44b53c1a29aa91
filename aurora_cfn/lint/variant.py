"""A template under one set of parameter values: its conditions decided, its intrinsics resolved as far as possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aurora_cfn.facts.offered import NOTHING_OFFERED, Offered
from aurora_cfn.lint.found import ABSENT, PERHAPS, UNKNOWN, Found, Partial, Reference, Unknown
from aurora_cfn.model.value import Path, Value, member
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.forms import NO_VALUE, intrinsic, joined_parts, may_be_nothing, parameter_of
from aurora_cfn.template.mentions import mentioned
from aurora_cfn.template.parsed import section_of


@dataclass(frozen=True, eq=False)
class Variant:
    """The template with one value for each parameter; `change` names the one that is neither given nor the default."""

    evaluator: Evaluator
    change: str = ""
    offered: Offered = NOTHING_OFFERED
    _resolved: dict[Path, Found] = field(default_factory=dict)
    _resources: dict[str, Resource] = field(default_factory=dict)

    @property
    def template(self) -> Mapping[str, Any]:
        """The template as it is written, its loops written out."""
        return self.evaluator.side.template

    def resolve(self, node: Any, path: Path) -> Found:
        """What is at a path, with Fn::If followed into its branch and other intrinsics evaluated.

        A mapping or list that is no intrinsic comes back as it is written, to be resolved key by key: the path of what
        is found in it then has its place.
        """
        known = self._resolved.get(path)
        if known is None:
            known = self._resolved[path] = self._find(node, path)
        return known

    def _find(self, node: Any, path: Path) -> Found:
        name = intrinsic(node)
        if name is None:
            return Found(node, path)
        if name == "Fn::If" and isinstance(node[name], list) and len(node[name]) == 3:
            return self._branch(node[name], (*path, name))
        return Found(self._read(self.evaluator.value(node)), path)

    def _branch(self, argument: list[Any], path: Path) -> Found:
        holds = self.condition(argument[0])
        if holds is None:
            branches = [self.resolve(argument[number], (*path, number)) for number in (1, 2)]
            # With AWS::NoValue in one branch there may be no property at all.
            return Found(UNKNOWN if all(branch.given for branch in branches) else PERHAPS, path[:-1])
        number = 1 if holds else 2
        return self.resolve(argument[number], (*path, number))

    def _read(self, form: Value) -> Any:
        """A normal form in the terms of rules: data, or what is known of it."""
        name = intrinsic(form)
        if name is None or not isinstance(form, Mapping):
            return form
        if form == NO_VALUE:
            return ABSENT
        parts = joined_parts(form)
        if parts is not None:
            pieces = [row if isinstance(row, str) else self._read(row) for row in parts]
            return Partial(tuple(row if isinstance(row, str | Reference) else UNKNOWN for row in pieces))
        parameter, inner = parameter_of(form), form[name]
        if parameter:
            return Unknown(parameter) if self.evaluator.differs_from_literals(parameter) else UNKNOWN
        if name in {"Ref", "Fn::GetAtt"} and isinstance(inner, str):
            return self._reference(name, inner)
        return PERHAPS if may_be_nothing(form) else UNKNOWN

    def _reference(self, function: str, name: str) -> Reference | Unknown:
        owner, _, attribute = name.partition(".")
        if not self.has_resource(owner) or (function == "Fn::GetAtt" and not attribute):
            return UNKNOWN
        return Reference(owner, attribute) if attribute else Reference(owner)

    def condition(self, name: object) -> bool | None:
        """Whether a condition holds; None when that is not known, or when it is circular or missing."""
        truth = self.evaluator.condition(name) if isinstance(name, str) else None
        return truth if isinstance(truth, bool) else None

    def parameter(self, name: str) -> Any:
        """The value of a parameter or pseudo parameter: text, list or Unknown."""
        return self._read(self.evaluator.ref(name))

    def parameters(self) -> Mapping[str, Any]:
        """The value of every declared parameter."""
        return {name: self.parameter(name) for name in section_of(self.template, "Parameters")}

    def has_resource(self, name: str) -> bool:
        """Whether the template declares the resource."""
        return name in section_of(self.template, "Resources")

    def resources(self, *types: str) -> tuple[Resource, ...]:
        """Resources of the types that are made, or may be made, in this variant."""
        return tuple(row for row in self._made().values() if row.type in types)

    def resource(self, name: str) -> Resource | None:
        """The resource, None when there is none of this name or its condition does not hold."""
        return self._made().get(name)

    def _made(self) -> Mapping[str, Resource]:
        """All resources of this variant by name, found once for all rules."""
        if not self._resources:
            for name, body in section_of(self.template, "Resources").items():
                if isinstance(body, Mapping) and isinstance(body.get("Type"), str):
                    made = True if "Condition" not in body else self.condition(body["Condition"])
                    if made is not False:
                        self._resources[name] = Resource(name, body["Type"], made is True, self, body)
        return self._resources

    def target(self, found: Found) -> Resource | None:
        """The resource that a value refers to."""
        return self.resource(found.reference.logical_id) if found.reference else None


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One resource in its variant; `certain` is False when its condition could not be decided."""

    name: str
    type: str
    certain: bool
    variant: Variant
    body: Mapping[str, Any]

    @property
    def path(self) -> Path:
        """Where the resource is declared."""
        return ("Resources", self.name)

    def get(self, *keys: str | int) -> Found:
        """What a property holds, such as `get("ServerlessV2ScalingConfiguration", "MinCapacity")`."""
        found = self.variant.resolve(self.body.get("Properties", ABSENT), (*self.path, "Properties"))
        for key in keys:
            found = step(found, key, self.variant)
        return found

    def written(self, name: str) -> Any:
        """A property as it is written, unresolved; None when it is not there."""
        return member(self.body, "Properties", name)

    def place_of(self, found: Found) -> Path:
        """Where a property is written; where the resource is declared when the property is absent."""
        return self.path if found.absent else found.path

    def attribute(self, name: str) -> Found:
        """An attribute of the resource, such as DeletionPolicy, UpdateReplacePolicy or DependsOn."""
        return self.variant.resolve(self.body.get(name, ABSENT), (*self.path, name))

    def items(self, *keys: str | int) -> tuple[Found, ...] | None:
        """The entries of a list property: none when it is absent, None when the list itself is not known."""
        return items(self.get(*keys), self.variant)

    def depends_on(self) -> frozenset[str]:
        """Logical ids that this resource waits for: by DependsOn, or by a reference anywhere in it."""
        named = self.body.get("DependsOn", ())
        listed = [named] if isinstance(named, str) else named if isinstance(named, Sequence) else []
        return frozenset(str(name) for name in listed) | frozenset(mentioned(self.body.get("Properties")))

    def refers_to(self, other: Resource) -> bool:
        """Whether the other resource is named anywhere in this one's properties."""
        return other.name in mentioned(self.body.get("Properties"))


def step(found: Found, key: str | int, variant: Variant) -> Found:
    """The value one key or position below."""
    value, path = found.value, (*found.path, key)
    if isinstance(value, Mapping):
        # A macro in this mapping (Fn::Transform) may add keys that are not written.
        missing = PERHAPS if "Fn::Transform" in value else ABSENT
        return variant.resolve(value.get(key, missing), path)
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return variant.resolve(value[key], path)
    # Inside of an unknown value there may be anything, or nothing.
    return Found(ABSENT if found.absent else PERHAPS, path)


def items(found: Found, variant: Variant) -> tuple[Found, ...] | None:
    """The entries of a list that are there; a single value counts as a list of one; None when it is not known."""
    if found.absent:
        return ()
    if isinstance(found.value, list):
        rows = (variant.resolve(row, (*found.path, number)) for number, row in enumerate(found.value))
        return tuple(row for row in rows if not row.absent)
    return None if found.unknown or isinstance(found.value, Reference) else (found,)
