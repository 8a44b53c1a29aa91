"""Checks between the stacks of one environment: references, imports, cycles, combinations of values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from aurora_cfn.environment.graph import cycles, needs
from aurora_cfn.environment.keys import MOST_TAGS
from aurora_cfn.environment.names import MOST_CHARACTERS
from aurora_cfn.environment.shapes import suggestion
from aurora_cfn.errors import Complaint
from aurora_cfn.model.environment import EnvironmentStack, OutputRef, ParameterValue, StackRef, flat
from aurora_cfn.model.value import Value
from aurora_cfn.parameters import Check, Values
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.rules import Assertion, assertions
from aurora_cfn.template.side import Side
from aurora_cfn.template.summary import TemplateSummary


@dataclass(frozen=True, slots=True)
class Scope:
    """`declared` are all keys under `stacks`, also of entries too faulty to be in `stacks`."""

    path: str
    stacks: tuple[EnvironmentStack, ...]
    declared: tuple[str, ...]
    templates: Mapping[str, TemplateSummary]
    _by_key: Mapping[str, EnvironmentStack] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # A mapping, since every reference of every stack is looked up.
        object.__setattr__(self, "_by_key", {stack.key: stack for stack in self.stacks})

    def stack(self, key: str) -> EnvironmentStack | None:
        """The stack under that key."""
        return self._by_key.get(key)

    def summary(self, stack: EnvironmentStack | None) -> TemplateSummary | None:
        """The template of a stack, None when it is unknown."""
        return self.templates.get(stack.template) if stack else None

    def outputs(self, stack: EnvironmentStack | None) -> tuple[str, ...] | None:
        """Keys of the outputs that a stack will have, in the order of its template; None when that is unknown."""
        template = self.summary(stack)
        return template.outputs if template else None

    def complaint(self, stack: EnvironmentStack, what: str, hint: str = "", *, name: str = "") -> Complaint:
        """A complaint about a stack, or about its parameter (or `depends_on`) of that name."""
        place = f".{name}" if name == "depends_on" else f".parameters.{name}" if name else ""
        return Complaint(what, self.path, stack.lines.get(name, stack.line), f"stacks.{stack.key}{place}", hint)


WRITTEN = ".written"
"""`NatGateways.written` is a key for checks, set if the params file itself gives the parameter NatGateways."""
_OTHER_KIND = "for a value of that stack write {output: stack.Output}"


def relations(scope: Scope) -> Iterator[Complaint]:
    """Complaints: stack names, too many tags, references to missing stacks or outputs, missing exports, cycles."""
    yield from _twice(scope)
    yield from _too_much(scope)
    for stack in scope.stacks:
        yield from references(stack, scope)
        yield from imports(stack, scope)
    yield from _cycles(scope)


def _twice(scope: Scope) -> Iterator[Complaint]:
    first: dict[str, EnvironmentStack] = {}
    for stack in scope.stacks:
        other = first.setdefault(stack.name, stack)
        if other is not stack:
            what = f"the stack name {stack.name} is already used by {other.key} in line {other.line}"
            yield scope.complaint(stack, what, "set another `name`")


def _too_much(scope: Scope) -> Iterator[Complaint]:
    """Limits of CloudFormation that the environment and the stack break together, each being within them alone."""
    for stack in scope.stacks:
        if len(stack.name) > MOST_CHARACTERS:
            what = f"the stack name {stack.name} has {len(stack.name)} characters, and CloudFormation takes"
            yield scope.complaint(stack, f"{what} {MOST_CHARACTERS}", "set a shorter `name`")
        if len(stack.tags) > MOST_TAGS:
            what = f"{len(stack.tags)} tags with those of the environment are more than the maximum {MOST_TAGS}"
            yield scope.complaint(stack, what, "leave some out")


def references(stack: EnvironmentStack, scope: Scope) -> Iterator[Complaint]:
    """Complaints about references to stacks or outputs that are not there, or of the wrong kind."""
    for name, value in _flat(stack):
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


def _flat(stack: EnvironmentStack) -> Iterator[tuple[str, ParameterValue]]:
    return ((name, item) for name, value in stack.parameters.items() for item in flat([value]))


def _unknown(value: StackRef | OutputRef, scope: Scope) -> tuple[str, str]:
    """What and hint for a reference to a missing stack, or to a missing output of its template; else empty."""
    if value.stack not in scope.declared:
        return f"there is no stack {value.stack} in this file", suggestion(value.stack, scope.declared)
    other = scope.stack(value.stack)
    outputs = scope.outputs(other) if isinstance(value, OutputRef) else None
    if other is None or outputs is None or not isinstance(value, OutputRef) or value.output in outputs:
        return "", ""
    return f"the template {other.template} has no output {value.output}", suggestion(value.output, outputs)


def _misfit(stack: EnvironmentStack, name: str, value: StackRef, scope: Scope) -> tuple[str, str]:
    """What and hint for a stack's name as value of a parameter that takes something else, such as a number."""
    template, other = scope.summary(stack), scope.stack(value.stack)
    row = template.parameter(name) if template else None
    problem = row.problem(other.name) if row and other else None
    return (f"wrong kind of reference: with the stack's name {problem}", _OTHER_KIND) if problem else ("", "")


def imports(stack: EnvironmentStack, scope: Scope) -> Iterator[Complaint]:
    """Complaints about exports that the template reads from a stack that does not have them."""
    template = scope.summary(stack)
    named = {name: value.stack for name, value in stack.parameters.items() if isinstance(value, StackRef)}
    wanted = template.imports if template and named else {}
    for name, key in named.items():
        other = scope.stack(key)
        there = scope.outputs(other)
        lacking = [output for output in wanted.get(name, ()) if there is not None and output not in there]
        if other and lacking:
            what = f"{stack.template} imports {', '.join(lacking)}, but the template {other.template} exports no such"
            yield scope.complaint(stack, what, "name a stack of another template", name=name)


def _cycles(scope: Scope) -> Iterator[Complaint]:
    for cycle in cycles(needs(scope.stacks)):
        stack = scope.stack(cycle[0])
        if stack is not None:
            line = min((stack.lines[name] for name in _pointing(stack, cycle[1])), default=stack.line)
            what = f"stacks depend on one another: {' -> '.join(cycle)}"
            yield Complaint(what, scope.path, line, f"stacks.{stack.key}", "remove one of these references")


def _pointing(stack: EnvironmentStack, key: str) -> Iterator[str]:
    """The parameters, and `depends_on`, with which a stack refers to another."""
    for name, value in _flat(stack):
        if isinstance(value, StackRef | OutputRef) and value.stack == key:
            yield name
    if key in stack.after:
        yield "depends_on"


def combinations(stack: EnvironmentStack, scope: Scope) -> Iterator[tuple[Check, Complaint]]:
    """The failed checks of a stack's values, as far as those are known offline."""
    template = scope.summary(stack)
    known = known_values(stack, template, scope) | neighbours(stack, scope) if template else {}
    known |= {f"{name}{WRITTEN}": "true" for name in stack.lines}
    for check in _applicable(stack, template) if template else ():
        # A value that is only known at the deployment is judged then, by `resolver`.
        problem = check.problem(known) if all(key in known for key in check.keys) else None
        if problem:
            about = [key.removesuffix(WRITTEN) for key in check.keys if key.endswith(WRITTEN)]
            written = (set(about) or {key.partition(".")[0] for key in check.keys}) & set(stack.lines)
            # The line of a parameter that the sentence names, rather than of one that it only depends on.
            named = {name for name in written if name in problem} or written
            line = max((stack.lines[name] for name in named), default=stack.line)
            key = ".".join((f"stacks.{stack.key}.parameters", *about))
            yield check, Complaint(problem, scope.path, line, key)


def _applicable(stack: EnvironmentStack, template: TemplateSummary) -> Iterator[Check]:
    """The template's checks, and its rules as far as the file takes part: what deploy fills in is missing here."""
    yield from template.checks
    yield from (check for check in rule_checks(template) if set(check.keys) & set(stack.lines))


def rule_checks(template: TemplateSummary) -> Iterator[Check]:
    """A check for each assertion of the template's Rules; it runs if all its parameters are known."""
    types: dict[str, Value] = {row.name: {"Type": row.type} for row in template.parameters}
    return (_rule_check(assertion, types) for assertion in assertions(template.rules))


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
        template = scope.summary(other)
        if other and template:
            known |= {f"{name}.{key}": text for key, text in known_values(other, template, scope).items()}
    return known


def known_values(stack: EnvironmentStack, template: TemplateSummary, scope: Scope) -> dict[str, str]:
    """Texts of the parameters that are known offline: written, defaults, and names of stacks.

    A parameter whose value in the file is faulty is unknown, even if it has a default.
    """
    known: dict[str, str] = {}
    for row in template.parameters:
        value = stack.parameters.get(row.name, None if row.name in stack.lines else row.default_text)
        other = scope.stack(value.stack) if isinstance(value, StackRef) else None
        text = other.name if other else value
        # A stack's name that does not fit the parameter is reported once, by `_misfit`.
        if isinstance(text, str) and (other is None or row.problem(text) is None):
            known[row.name] = text
    return known
