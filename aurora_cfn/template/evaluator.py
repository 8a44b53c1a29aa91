"""Templates to normal form: parameters, conditions and mappings followed as far as they are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from aurora_cfn.facts.regions import pseudo_parameters
from aurora_cfn.model.environment import EnvRef, OutputRef, ParameterValue, SsmRef, StackRef
from aurora_cfn.model.value import Value
from aurora_cfn.template.forms import NO_VALUE, REFERENCE, Hidden, intrinsic, scalar
from aurora_cfn.template.functions import FUNCTIONS
from aurora_cfn.template.side import Side

Truth: TypeAlias = "bool | Value"
"""True or False when known, else the condition's own expression in normal form."""
UNTOLD = "****"
"""What AWS says instead of the value of a NoEcho parameter."""
_LISTS = ("List<", "CommaDelimitedList")


@dataclass(slots=True)
class Resolver:
    """Reads one side; conditions are worked out once."""

    side: Side
    truths: dict[str, Truth] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)

    def value(self, raw: Value) -> Value:
        """The raw value in normal form; a property without value is left out."""
        name = intrinsic(raw)
        if name is not None:
            assert isinstance(raw, Mapping)
            return self.function(name, raw[name])
        if isinstance(raw, Mapping):
            items = ((key, self.value(item)) for key, item in raw.items())
            return {key: item for key, item in items if item is not None and item != NO_VALUE}
        if isinstance(raw, Sequence) and not isinstance(raw, str):
            return [item for item in map(self.value, raw) if item != NO_VALUE]
        return scalar(raw)

    def function(self, name: str, argument: Value) -> Value:
        """An intrinsic: its result when known, else itself in canonical form."""
        handler = FUNCTIONS.get(name)
        known = handler(self, argument) if handler else None
        return known if known is not None else {name: self.value(argument)}

    def ref(self, name: str) -> Value:
        """The value of `Ref name`."""
        side = self.side
        pseudo = {"AWS::StackName": side.stack, "AWS::AccountId": side.account}
        pseudo |= pseudo_parameters(side.region) if side.region else {}
        if name in pseudo:
            return pseudo[name] or {"Ref": name}
        if name in self.side.section("Parameters"):
            return self.parameter(name)
        return {"Ref": name}

    def parameter(self, name: str) -> Value:
        """The parameter's value: given, or its default, or unknown."""
        row = self.side.section("Parameters")[name]
        row = row if isinstance(row, Mapping) else {}
        given: ParameterValue | Value = self.side.parameters.get(name)
        value = row.get("Default") if given is None else _given(given)
        if value is None or value == UNTOLD:
            return {"Ref": f"parameter {name}"}
        if isinstance(value, Mapping):
            return value
        kind = str(row.get("Type", "String"))
        if kind.startswith("AWS::SSM::Parameter::Value"):
            return {REFERENCE: f"ssm {value}"}
        return _typed(scalar(value), kind, secret=scalar(row.get("NoEcho")) == "true")

    def mapping(self, name: str) -> Mapping[str, Value]:
        """That mapping of the template, empty when there is none."""
        content = self.side.section("Mappings").get(name)
        return content if isinstance(content, Mapping) else {}

    def condition(self, name: str) -> Truth:
        """Whether that condition holds; a circle or a missing condition stays unknown."""
        if name not in self.truths:
            conditions = self.side.section("Conditions")
            if name not in conditions or name in self.open:
                return {"Condition": name}
            self.open.add(name)
            self.truths[name] = as_truth(self.value(conditions[name]))
            self.open.discard(name)
        return self.truths[name]


def as_truth(value: Value) -> Truth:
    """The normal form of a condition as True, False or its expression."""
    return value == "true" if value in ("true", "false") else value


def _given(value: ParameterValue | Value) -> Value:
    if isinstance(value, StackRef):
        return {REFERENCE: f"stack {value.stack}"}
    if isinstance(value, OutputRef):
        return {REFERENCE: f"output {value.stack}.{value.output}"}
    if isinstance(value, SsmRef):
        return {REFERENCE: f"ssm {value.name}"}
    if isinstance(value, EnvRef):
        return {REFERENCE: f"env {value.name}"}
    return value


def _typed(value: Value, kind: str, *, secret: bool) -> Value:
    if not isinstance(value, str):
        return value
    text = Hidden(value) if secret else value
    if not kind.startswith(_LISTS):
        return text
    parts = [part.strip() for part in value.split(",")] if value else []
    return [Hidden(part) if secret else part for part in parts]
