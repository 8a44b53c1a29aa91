"""What no single value shows: names that stand twice, references to nothing, cycles, combinations that cannot work."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.environment.graph import cycles, needs
from aurora_cfn.environment.shapes import suggestion
from aurora_cfn.errors import Complaint
from aurora_cfn.model.environment import EnvironmentStack, OutputRef, StackRef
from aurora_cfn.parameters import Check


def complaints(
    stacks: Sequence[EnvironmentStack], declared: Collection[str], blueprints: Mapping[str, Blueprint], path: str
) -> Iterator[Complaint]:
    """Everything wrong between the stacks of a file; `declared` are all keys in it, the faulty ones too."""
    yield from _twice(stacks, path)
    for stack in stacks:
        yield from _references(stack, stacks, declared, blueprints, path)
    yield from _cycles(stacks, path)
    for stack in stacks:
        yield from (
            found for check, found in combinations(stack, stacks, blueprints, path) if check.severity == "error"
        )


def combinations(
    stack: EnvironmentStack, stacks: Sequence[EnvironmentStack], blueprints: Mapping[str, Blueprint], path: str
) -> Iterator[tuple[Check, Complaint]]:
    """The blueprint's checks that have something to say about the values of a stack."""
    blueprint = blueprints.get(stack.template)
    if blueprint is None:
        return
    known = known_values(stack, stacks, blueprint)
    for check in blueprint.checks:
        problem = check.problem(known) if all(key in known for key in check.keys) else None
        if problem:
            line = max((stack.lines[key] for key in check.keys if key in stack.lines), default=stack.line)
            yield check, Complaint(problem, path, line, f"stacks.{stack.key}.parameters")


def known_values(stack: EnvironmentStack, stacks: Sequence[EnvironmentStack], blueprint: Blueprint) -> dict[str, str]:
    """Texts of the parameters that are known offline: written, defaults, and names of stacks.

    A parameter that stands in the file but was too faulty to keep is not known, whatever its default.
    """
    names = {other.key: other.name for other in stacks}
    known: dict[str, str] = {}
    for row in blueprint.parameters:
        default = None if row.name in stack.lines else row.default_text
        value = stack.parameters.get(row.name, default)
        text = names.get(value.stack) if isinstance(value, StackRef) else value
        if isinstance(text, str) and (text is value or row.problem(text) is None):
            known[row.name] = text
    return known


def _twice(stacks: Sequence[EnvironmentStack], path: str) -> Iterator[Complaint]:
    first: dict[str, EnvironmentStack] = {}
    for stack in stacks:
        other = first.setdefault(stack.name, stack)
        if other is not stack:
            what = f"the stack name {stack.name} is taken by {other.key} in line {other.line}"
            yield Complaint(what, path, stack.line, f"stacks.{stack.key}", "set another `name`")


def _references(
    stack: EnvironmentStack,
    stacks: Sequence[EnvironmentStack],
    declared: Collection[str],
    blueprints: Mapping[str, Blueprint],
    path: str,
) -> Iterator[Complaint]:
    places = [(name, f"parameters.{name}", value) for name, value in stack.parameters.items()]
    places += [("depends_on", "depends_on", StackRef(key)) for key in stack.after]
    by_key = {other.key: other for other in stacks}
    for name, place, value in places:
        if isinstance(value, StackRef | OutputRef):
            what, hint = _unknown(value, by_key, declared, blueprints)
            if not what and isinstance(value, StackRef) and name != "depends_on":
                what, hint = _misfit(stack, name, by_key.get(value.stack), blueprints)
            if what:
                yield Complaint(what, path, stack.lines.get(name, stack.line), f"stacks.{stack.key}.{place}", hint)


def _unknown(
    value: StackRef | OutputRef,
    by_key: Mapping[str, EnvironmentStack],
    declared: Collection[str],
    blueprints: Mapping[str, Blueprint],
) -> tuple[str, str]:
    """What is wrong with the other end of a reference: no such stack, or no such output of its template."""
    if value.stack not in declared:
        return f"there is no stack {value.stack} in this file", suggestion(value.stack, tuple(declared))
    other = by_key.get(value.stack)
    blueprint = blueprints.get(other.template) if other else None
    if not isinstance(value, OutputRef) or blueprint is None:
        return "", ""
    outputs = output_names(blueprint)
    if value.output in outputs:
        return "", ""
    return f"the template {blueprint.name} has no output {value.output}", suggestion(value.output, outputs)


def _misfit(
    stack: EnvironmentStack, name: str, other: EnvironmentStack | None, blueprints: Mapping[str, Blueprint]
) -> tuple[str, str]:
    """A stack's name where the parameter takes something else, such as a number."""
    blueprint = blueprints.get(stack.template)
    row = blueprint.parameter(name) if blueprint else None
    problem = row.problem(other.name) if row and other else None
    return (
        (f"wrong kind of reference: {problem}", "for a value of that stack write {output: stack.Output}")
        if problem
        else ("", "")
    )


def output_names(blueprint: Blueprint) -> tuple[str, ...]:
    """Keys of the template's outputs, in its order."""
    return tuple(str(output.title) for output in blueprint.outputs())


def _cycles(stacks: Sequence[EnvironmentStack], path: str) -> Iterator[Complaint]:
    by_key = {stack.key: stack for stack in stacks}
    for way in cycles(needs(stacks)):
        stack = by_key[way[0]]
        line = min((stack.lines[name] for name in _pointing(stack, way[1])), default=stack.line)
        what = f"stacks wait for one another: {' -> '.join(way)}"
        yield Complaint(what, path, line, f"stacks.{stack.key}", "remove one of these references")


def _pointing(stack: EnvironmentStack, key: str) -> Iterator[str]:
    """Where a stack refers to another."""
    for name, value in stack.parameters.items():
        if isinstance(value, StackRef | OutputRef) and value.stack == key:
            yield name
    if key in stack.after:
        yield "depends_on"
