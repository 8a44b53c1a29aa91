"""The one module that reaches into cfn-lint: the same findings for less work.

cfn-lint 1.58 spends a third of its time on conditions that it solved before, a fifth on copying small objects field by
field, walks tables of several megabytes again for each RDS instance, and all resources again for each that refers to
another. What is replaced here is pure: the same
arguments give the same result. Another version of cfn-lint is left as it is, and a test fails until these are compared
with it: `python -m tests.lint.same_findings` runs both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

import cfnlint.context.conditions._conditions as conditions_module
from cfnlint.context.conditions._conditions import Conditions
from cfnlint.context.conditions.exceptions import Unsatisfiable
from cfnlint.context.context import Context
from cfnlint.graph import Graph
from cfnlint.helpers import FUNCTIONS
from cfnlint.jsonschema import validators as validators_module
from cfnlint.rules import Rules
from cfnlint.rules.jsonschema.Base import BaseJsonSchema
from cfnlint.schema.resolver import RefResolver
from cfnlint.template import Template
from cfnlint.template.getatts import GetAtts
from cfnlint.version import __version__

VERSION: Final = "1.58.0"
"""The version whose functions are replaced."""
LONG_TABLE: Final = 10
"""Entries of a schema's `allOf` from which on sorting them by engine pays."""


@cache
def install() -> bool:
    """Replace the slow functions, once; False where this cfn-lint is another version."""
    if __version__ != VERSION:
        return False
    Conditions.evolve = _remembered(Conditions.evolve)
    # Without a named algorithm sympy looks for three other solvers on disk at every call.
    conditions_module.satisfiable = partial(conditions_module.satisfiable, algorithm="dpll2")
    Context.evolve = _evolved_context
    BaseJsonSchema.extend_validator = _extended
    for name in ("CfnTemplateValidator", "StandardValidator"):
        getattr(validators_module, name).evolve = _evolved
    validators_module.create = _creating(validators_module.create)
    type(Context().path).descend = _descended
    Template.get_valid_getatts = _getatts
    Graph.get_cycles = _cycles(Graph.get_cycles)
    return True


def narrow(rules: Rules) -> None:
    """Let the rules with a long table look only at the entries for the engine of the instance at hand."""
    if __version__ == VERSION:
        for rule in rules.values():
            entries = (getattr(rule, "_schema", None) or {}).get("allOf", ())
            if len(entries) > LONG_TABLE and any(_engine(entry) for entry in entries):
                rule.validate = _narrowed(rule, rule.validate, _by_engine(entries))


def _remembered(evolve: Callable[..., Conditions]) -> Callable[..., Conditions]:
    """`Conditions.evolve` that solves each state of the conditions of a template once.

    A state is which conditions are pinned, and which of these are facts; the formulas follow from it.
    """

    def remembered(self: Conditions, status: dict[str, bool], assumed: bool = False) -> Conditions:
        pinned = {name: value for name, value in status.items() if name in self.conditions}
        before = {name: self.conditions[name].status for name in pinned}
        if before == pinned:
            return self
        if any(before[name] not in (None, value) for name, value in pinned.items()):
            raise Unsatisfiable(new_status=status, current_status=self.status)
        known = vars(self).setdefault("_aurora_cfn_states", {})
        facts: frozenset[tuple[str, bool]] = vars(self).get("_aurora_cfn_facts", frozenset())
        facts = facts if assumed else facts.union(pinned.items())
        state = frozenset((self.status | pinned).items()), facts
        if state not in known:
            known[state] = _solved(evolve, self, status, assumed)
            if known[state] is not None:
                vars(known[state]).update(_aurora_cfn_states=known, _aurora_cfn_facts=facts)
        found: Conditions | None = known[state]
        if found is None:
            raise Unsatisfiable(new_status=status, current_status=self.status)
        return found

    return remembered


def _solved(
    evolve: Callable[..., Conditions], self: Conditions, status: dict[str, bool], assumed: bool
) -> Conditions | None:  # fmt: skip
    try:
        return evolve(self, status, assumed)
    except Unsatisfiable:
        return None


def _evolved(self: Any, **changes: Any) -> Any:
    """A copy with some attributes changed; the attributes are those of the class, so none needs a default."""
    made = object.__new__(type(self))
    vars(made).update(vars(self), **changes)
    return made


def _evolved_context(self: Context, **changes: Any) -> Context:
    if "ref_values" in changes:
        changes["ref_values"] = self.ref_values | changes["ref_values"]
    made = object.__new__(type(self))
    vars(made).update(vars(self), **changes)
    if "resources" in changes:
        vars(made).pop("module_names", None)  # a cached property of the resources
    return made


def _descended(self: Any, **steps: Any) -> Any:
    """`Path.descend`: a copy of the path with a step at the end of those of its parts that are given."""
    if steps.get("cfn_path") in FUNCTIONS:
        raise ValueError(f"{steps['cfn_path']!r} cannot be in 'cfn_path'")
    if isinstance(steps.get("cfn_path"), int):
        raise ValueError(f"{steps['cfn_path']!r} cannot be an integer")
    made = object.__new__(type(self))
    vars(made).update(vars(self))
    for name, step in steps.items():
        if step is not None:
            longer = getattr(self, name).copy()
            longer.append(step)
            vars(made)[name] = longer
    return made


def _getatts(self: Template) -> GetAtts:
    """The attributes of all resources, made once for the same resources and regions."""
    resources, regions = self.context.resources, self.regions
    known = vars(self).get("_aurora_cfn_getatts")
    if known is None or known[0] is not resources or known[1] != regions:
        found = GetAtts(regions)
        for name, resource in resources.items():
            found.add(name, resource)
        known = vars(self)["_aurora_cfn_getatts"] = resources, list(regions), found
    return known[2]


def _cycles(get_cycles: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """`Graph.get_cycles` that looks once for any cycle before it looks for one from each resource."""

    def cycles(self: Graph, cfn: Template) -> list[Any]:
        known = {node: tuple(self.graph.successors(node)) for node in self.graph}
        if not known.keys() >= cfn.template.get("Resources", {}).keys():
            return get_cycles(self, cfn)
        try:
            TopologicalSorter(known).prepare()
        except CycleError:
            return get_cycles(self, cfn)
        return []

    return cycles


def _creating(create: Callable[..., Any]) -> Callable[..., Any]:
    def creating(*given: Any, **named: Any) -> Any:
        made = create(*given, **named)
        made.evolve = _evolved
        return made

    return creating


def _extended(
    self: Any, validator: Any, schema: Any, context: Context, validators: dict[str, Any] | None = None
) -> Any:  # fmt: skip
    """The validator with the rule's keywords and another schema; cfn-lint makes a class for each."""
    keywords = {**validator.validators, **self._get_validators(), **(validators or {})}
    return _evolved(
        validator, validators=keywords, schema=schema, context=context, resolver=RefResolver.from_schema(schema)
    )


def _by_engine(entries: Sequence[Any]) -> Callable[[str], list[Any]]:
    @cache
    def entries_of(engine: str) -> list[Any]:
        return [entry for entry in entries if _engine(entry) in (None, engine)]

    return entries_of


def _engine(entry: Any) -> str | None:
    """The one engine that an entry is about, None for one that may be about others or has an `else`."""
    condition = entry.get("if", {}) if isinstance(entry, dict) and "else" not in entry else {}
    if "Engine" not in condition.get("required", ()):
        return None
    found = condition.get("properties", {}).get("Engine", {}).get("const")
    return found if isinstance(found, str) else None


def _narrowed(
    rule: Any, validate: Callable[..., Iterator[Any]], entries_of: Callable[[str], list[Any]]
) -> Callable[..., Iterator[Any]]:
    whole = rule._schema

    def narrowed(validator: Any, keywords: Any, instance: Any, schema: Any) -> Iterator[Any]:
        engine = instance.get("Engine") if validator.is_type(instance, "object") else None
        # An engine that a function gives may be any.
        rule._schema = {**whole, "allOf": entries_of(engine.lower())} if isinstance(engine, str) else whole
        try:
            yield from validate(validator, keywords, instance, schema)
        finally:
            rule._schema = whole

    return narrowed
