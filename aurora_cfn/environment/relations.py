"""What stacks of one file owe one another: own names, references to something that exists, an order."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.environment.graph import cycles, needs
from aurora_cfn.environment.imports import imported
from aurora_cfn.environment.scope import Scope
from aurora_cfn.environment.shapes import suggestion
from aurora_cfn.errors import Complaint
from aurora_cfn.model.environment import EnvironmentStack, OutputRef, StackRef

_OTHER_KIND = "for a value of that stack write {output: stack.Output}"


def relations(scope: Scope) -> Iterator[Complaint]:
    """Names taken twice, references to nothing, stacks that do not export what is imported from them, cycles."""
    yield from _twice(scope)
    for stack in scope.stacks:
        yield from _references(stack, scope)
        yield from _imports(stack, scope)
    yield from _cycles(scope)


def _twice(scope: Scope) -> Iterator[Complaint]:
    first: dict[str, EnvironmentStack] = {}
    for stack in scope.stacks:
        other = first.setdefault(stack.name, stack)
        if other is not stack:
            what = f"the stack name {stack.name} is taken by {other.key} in line {other.line}"
            yield scope.complaint(stack, what, "set another `name`")


def _references(stack: EnvironmentStack, scope: Scope) -> Iterator[Complaint]:
    for name, value in stack.parameters.items():
        if isinstance(value, StackRef | OutputRef):
            what, hint = _unknown(value, scope)
            if not what and isinstance(value, StackRef):
                what, hint = _misfit(stack, name, value, scope)
            if what:
                yield scope.complaint(stack, what, hint, name=name)
    for key in stack.after:
        what, hint = _unknown(StackRef(key), scope)
        if what:
            yield scope.complaint(stack, what, hint, name="depends_on")


def _unknown(value: StackRef | OutputRef, scope: Scope) -> tuple[str, str]:
    """What is wrong with the other end of a reference: no such stack, or no such output of its template."""
    if value.stack not in scope.declared:
        return f"there is no stack {value.stack} in this file", suggestion(value.stack, scope.declared)
    other = scope.stack(value.stack)
    outputs = scope.outputs(other) if isinstance(value, OutputRef) else None
    if other is None or outputs is None or not isinstance(value, OutputRef) or value.output in outputs:
        return "", ""
    return f"the template {other.template} has no output {value.output}", suggestion(value.output, outputs)


def _misfit(stack: EnvironmentStack, name: str, value: StackRef, scope: Scope) -> tuple[str, str]:
    """A stack's name where the parameter takes something else, such as a number."""
    blueprint, other = scope.blueprint(stack), scope.stack(value.stack)
    row = blueprint.parameter(name) if blueprint else None
    problem = row.problem(other.name) if row and other else None
    return (f"wrong kind of reference: {problem}", _OTHER_KIND) if problem else ("", "")


def _imports(stack: EnvironmentStack, scope: Scope) -> Iterator[Complaint]:
    blueprint = scope.blueprint(stack)
    named = {name: value.stack for name, value in stack.parameters.items() if isinstance(value, StackRef)}
    wanted = imported(blueprint) if blueprint and named else {}
    for name, key in named.items():
        other = scope.stack(key)
        there = scope.outputs(other)
        lacking = [output for output in wanted.get(name, ()) if there is not None and output not in there]
        if other and lacking:
            what = f"{stack.template} imports {', '.join(lacking)}, but the template {other.template} exports no such"
            yield scope.complaint(stack, what, "name a stack of another template", name=name)


def _cycles(scope: Scope) -> Iterator[Complaint]:
    for way in cycles(needs(scope.stacks)):
        stack = scope.stack(way[0])
        if stack is not None:
            line = min((stack.lines[name] for name in _pointing(stack, way[1])), default=stack.line)
            what = f"stacks wait for one another: {' -> '.join(way)}"
            yield Complaint(what, scope.path, line, f"stacks.{stack.key}", "remove one of these references")


def _pointing(stack: EnvironmentStack, key: str) -> Iterator[str]:
    """Where a stack refers to another."""
    for name, value in stack.parameters.items():
        if isinstance(value, StackRef | OutputRef) and value.stack == key:
            yield name
    if key in stack.after:
        yield "depends_on"
