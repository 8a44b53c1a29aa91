"""Evaluator: any value of a template in normal form, its parameters, conditions and mappings followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass, field

from aurora_cfn.facts.regions import pseudo_parameters
from aurora_cfn.model.environment import EnvRef, ListRef, OutputRef, ParameterValue, SsmRef, StackRef
from aurora_cfn.model.stack import NO_ECHO
from aurora_cfn.model.value import Value
from aurora_cfn.template.conditions import as_truth
from aurora_cfn.template.foreach import has_loop, written_out
from aurora_cfn.template.forms import NO_VALUE, REFERENCE, Hidden, intrinsic, scalar, unknown_parameter
from aurora_cfn.template.functions import FUNCTIONS
from aurora_cfn.template.parsed import kept
from aurora_cfn.template.reader import Truth
from aurora_cfn.template.side import Side

_LISTS = ("List<", "CommaDelimitedList")


@dataclass(slots=True)
class Evaluator:
    """One side evaluated; loops are written out in `side`, and conditions are worked out once.

    `distinct` are parameters whose unknown value counts as different from every literal that it is compared with.
    """

    side: Side
    distinct: frozenset[str] = frozenset()
    loops: InitVar[bool] = True
    _refs: dict[str, Value] = field(init=False)
    _truths: dict[str, Truth] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)
    _circular: set[str] = field(default_factory=set)
    _texts: dict[tuple[str, ...], str] = field(default_factory=dict)

    def __post_init__(self, loops: bool) -> None:
        side = self.side
        known: dict[str, Value] = {"AWS::StackName": side.stack, "AWS::AccountId": side.account}
        known |= pseudo_parameters(side.region) if side.region else {}
        self._refs = {name: value for name, value in known.items() if value is not None}
        if loops and kept(side.template, "loops", lambda: has_loop(side.template)):
            self.side = written_out(side, self.value)
            self._truths.clear()  # a collection may have asked for a condition before the loops were written out

    def value(self, raw: Value) -> Value:
        """The raw value in normal form; a property without value is left out."""
        if isinstance(raw, str):
            return raw
        name = intrinsic(raw)
        if name is not None:
            assert isinstance(raw, Mapping)
            return self._function(name, raw[name])
        if isinstance(raw, Mapping):
            items = ((key, self.value(item)) for key, item in raw.items())
            return {key: item for key, item in items if item is not None and item != NO_VALUE}
        if isinstance(raw, Sequence):
            return [item for item in map(self.value, raw) if item != NO_VALUE]
        return scalar(raw)

    def _function(self, name: str, argument: Value) -> Value:
        """An intrinsic: its result when known, else itself with its arguments in normal form."""
        handler = FUNCTIONS.get(name)
        known = handler(self, argument) if handler else None
        if known is not None:
            return known
        if isinstance(argument, Sequence) and not isinstance(argument, str):
            # Arguments go by position: here AWS::NoValue stays.
            return {name: [self.value(item) for item in argument]}
        return {name: self.value(argument)}

    def ref(self, name: str) -> Value:
        found = self._refs.get(name)
        if found is None:
            declared = name in self.side.section("Parameters")
            found = self._refs[name] = self.parameter(name) if declared else {"Ref": name}
        return found

    def parameter(self, name: str) -> Value:
        """The parameter's value: given, or its default, or unknown."""
        row = self._declared(name)
        given: ParameterValue | Value = self.side.parameters.get(name)
        value = row.get("Default") if given is None else _given(given)
        if value is None or value == NO_ECHO:
            return unknown_parameter(name)
        if isinstance(value, Mapping):
            return value
        kind = str(row.get("Type", "String"))
        if kind.startswith("AWS::SSM::Parameter::Value"):
            return {REFERENCE: f"ssm {value}"}
        return _typed(value, kind, secret=scalar(row.get("NoEcho")) == "true")

    def values_of(self, names: tuple[str, ...]) -> str:
        """The values of these parameters and pseudo parameters as one text, equal where all of them are equal."""
        if names not in self._texts:
            self._texts[names] = repr([self.ref(name) for name in names])
        return self._texts[names]

    def allowed_values(self, parameter: str) -> Sequence[str]:
        values = self._declared(parameter).get("AllowedValues")
        return [str(scalar(value)) for value in values] if isinstance(values, list) else []

    def differs_from_literals(self, parameter: str) -> bool:
        return parameter in self.distinct

    def mapping(self, name: str) -> Mapping[str, Value]:
        content = self.side.section("Mappings").get(name)
        return content if isinstance(content, Mapping) else {}

    def condition(self, name: str) -> Truth:
        """Whether that condition holds; one that is missing, or that refers to itself, is unknown."""
        if name not in self._truths:
            conditions = self.side.section("Conditions")
            if name in self._open:
                self._circular.update(self._open[self._open.index(name) :])
            if name not in conditions or name in self._open:
                return {"Condition": name}
            self._open.append(name)
            truth = self.truth(conditions[name])
            self._open.pop()
            known = isinstance(truth, bool | Mapping) and name not in self._circular
            self._truths[name] = truth if known else {"Condition": name}
        return self._truths[name]

    def truth(self, raw: Value) -> Truth:
        """Whether the expression of a condition or of a Rule holds."""
        return as_truth(self.value(raw))

    def _declared(self, parameter: str) -> Mapping[str, Value]:
        row = self.side.section("Parameters").get(parameter)
        return row if isinstance(row, Mapping) else {}


def _given(value: ParameterValue | Value) -> Value:
    if isinstance(value, StackRef):
        return {REFERENCE: f"stack {value.stack}"}
    if isinstance(value, OutputRef):
        return {REFERENCE: f"output {value.stack}.{value.output}"}
    if isinstance(value, ListRef):
        return {REFERENCE: "a list of outputs"}
    if isinstance(value, SsmRef):
        return {REFERENCE: f"ssm {value.name}"}
    if isinstance(value, EnvRef):
        return {REFERENCE: f"env {value.name}"}
    return value


def _typed(value: Value, kind: str, *, secret: bool) -> Value:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [scalar(item) for item in value]
    text = str(scalar(value)) if not isinstance(value, str) else value
    if not kind.startswith(_LISTS):
        return Hidden(text) if secret else text
    parts = [part.strip() for part in text.split(",")] if text else []
    return [Hidden(part) if secret or isinstance(text, Hidden) else part for part in parts]
