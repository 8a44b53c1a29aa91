"""Combinations of values that cannot work, or surely are not meant: the checks of the blueprints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.environment.scope import Scope
from aurora_cfn.errors import Complaint
from aurora_cfn.model.environment import EnvironmentStack, OutputRef, StackRef
from aurora_cfn.model.value import Value
from aurora_cfn.parameters import Check, Values
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.rules import Assertion, assertions
from aurora_cfn.template.side import Side


def combinations(stack: EnvironmentStack, scope: Scope) -> Iterator[tuple[Check, Complaint]]:
    """The checks that have something to say about the values of a stack, as far as those are known."""
    blueprint = scope.blueprint(stack)
    known = known_values(stack, blueprint, scope) | neighbours(stack, scope) if blueprint else {}
    for check in _applicable(stack, blueprint) if blueprint else ():
        problem = check.problem(known) if all(key in known for key in check.keys) else None
        if problem:
            written = {key.partition(".")[0] for key in check.keys} & set(stack.lines)
            line = max((stack.lines[name] for name in written), default=stack.line)
            yield check, Complaint(problem, scope.path, line, f"stacks.{stack.key}.parameters")


def _applicable(stack: EnvironmentStack, blueprint: Blueprint) -> Iterator[Check]:
    """The blueprint's checks, and its rules as far as the file takes part: what deploy fills in is missing here."""
    yield from blueprint.checks
    yield from (check for check in rule_checks(blueprint) if set(check.keys) & set(stack.lines))


def rule_checks(blueprint: Blueprint) -> Iterator[Check]:
    """One check for each assertion of the template's Rules; it runs once all parameters that it names are known."""
    types: dict[str, Value] = {row.name: {"Type": row.type} for row in blueprint.parameters}
    return (_rule_check(assertion, types) for assertion in assertions(blueprint.rules))


def _rule_check(assertion: Assertion, types: Mapping[str, Value]) -> Check:
    def problem(values: Values) -> str | None:
        evaluator = Evaluator(Side({"Parameters": types}, parameters=values))
        return assertion.why if assertion.refuses(evaluator) else None

    return Check(assertion.parameters, problem)


def neighbours(stack: EnvironmentStack, scope: Scope) -> dict[str, str]:
    """What is known of the stacks that the parameters refer to: `NetworkStackName.Zones` is theirs of that name."""
    known: dict[str, str] = {}
    for name, value in stack.parameters.items():
        other = scope.stack(value.stack) if isinstance(value, StackRef | OutputRef) else None
        blueprint = scope.blueprint(other)
        if other and blueprint:
            known |= {f"{name}.{key}": text for key, text in known_values(other, blueprint, scope).items()}
    return known


def known_values(stack: EnvironmentStack, blueprint: Blueprint, scope: Scope) -> dict[str, str]:
    """Texts of the parameters that are known offline: written, defaults, and names of stacks.

    A parameter that stands in the file but was too faulty to keep is not known, whatever its default.
    """
    known: dict[str, str] = {}
    for row in blueprint.parameters:
        value = stack.parameters.get(row.name, None if row.name in stack.lines else row.default_text)
        other = scope.stack(value.stack) if isinstance(value, StackRef) else None
        text = other.name if other else value
        if isinstance(text, str) and (other is None or row.problem(text) is None):
            known[row.name] = text
    return known
