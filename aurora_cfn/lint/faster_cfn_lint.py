"""What is replaced in cfn-lint itself, with `faster_conditions` and `faster_rules`: the same findings for less work.

cfn-lint 1.58 spends a third of its time on conditions that it solved before, a fifth on copying small objects field by
field, and walks all resources again for each that refers to another. What is replaced is pure: the same arguments give
the same result. Another version of cfn-lint is left as it is, and a test fails until these are compared with it:
`python -m tests.same_findings` runs both sides. No other module reaches into cfn-lint.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

import cfnlint.conditions.conditions as other_conditions_module
import cfnlint.context.conditions._conditions as conditions_module
from cfnlint.context.conditions._conditions import Conditions
from cfnlint.context.context import Context
from cfnlint.graph import Graph
from cfnlint.helpers import FUNCTIONS
from cfnlint.jsonschema import validators as validators_module
from cfnlint.jsonschema._filter import FunctionFilter
from cfnlint.rules.jsonschema.Base import BaseJsonSchema
from cfnlint.schema.resolver import RefResolver
from cfnlint.template import Template
from cfnlint.template.getatts import GetAtts
from cfnlint.version import __version__

from aurora_cfn.lint import faster_conditions

VERSION: Final = "1.58.0"
"""The version whose functions are replaced."""


@cache
def install() -> bool:
    """Replace the slow functions, once; False where this cfn-lint is another version."""
    if __version__ != VERSION:
        return False
    Conditions.evolve = faster_conditions.evolve
    Conditions._build_conditions = faster_conditions.scenarios
    # Without a named algorithm sympy looks for three other solvers on disk at every call.
    for module in (conditions_module, other_conditions_module):
        module.satisfiable = partial(module.satisfiable, algorithm="dpll2")
    Context.evolve = _evolved_context
    BaseJsonSchema.extend_validator = _extended
    for name in ("CfnTemplateValidator", "StandardValidator"):
        getattr(validators_module, name).evolve = _evolved
    FunctionFilter.evolve = _evolved
    validators_module.create = _creating(validators_module.create)
    type(Context().path).descend = _descended
    Template.get_valid_getatts = _getatts
    Graph.get_cycles = _cycles(Graph.get_cycles)
    return True


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
