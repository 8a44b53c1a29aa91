"""References to values, just before a stack is deployed, with the same checks as values in the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.environment import (
    Environment,
    EnvironmentStack,
    EnvRef,
    ListRef,
    OutputRef,
    ParameterValue,
    SsmRef,
    StackRef,
)
from aurora_cfn.template.summary import TemplateSummary

SHORT_NUMBER = re.compile(r"[0-9.]{1,5}")
"""Values such as ports and capacities, which are no secrets even if they come from SSM."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The values of references: outputs by stack key, SSM parameters and environment variables by name."""

    outputs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ssm: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)


def ssm_names(stack: EnvironmentStack) -> tuple[str, ...]:
    """Names of the SSM parameters that the stack refers to, in the order of the file."""
    names = (value.name for value in stack.parameters.values() if isinstance(value, SsmRef))
    return tuple(dict.fromkeys(names))


def shell_complaints(
    stacks: Iterable[EnvironmentStack],
    environment: Environment,
    templates: Mapping[str, TemplateSummary],
    variables: Mapping[str, str],
) -> list[Complaint]:
    """Complaints about environment variables that the stacks refer to, before the first stack is deployed."""
    sources = Sources(variables=variables)
    found = []
    for stack in stacks:
        for name, value in stack.parameters.items():
            problem = _problem(templates[stack.template], name, value, environment, sources)
            if isinstance(value, EnvRef) and problem:
                found.append(_complaint(problem, stack, name, environment))
    return found


def resolved(
    stack: EnvironmentStack, environment: Environment, template: TemplateSummary, sources: Sources
) -> dict[str, str]:
    """The text of every parameter that the file sets.

    Raises InputError with all that is missing, out of bounds, or not allowed together.
    """
    texts: dict[str, str] = {}
    found: list[Complaint] = []
    for name, value in stack.parameters.items():
        texts[name], _ = _text(value, environment, sources)
        problem = _problem(template, name, value, environment, sources)
        if problem:
            found.append(_complaint(problem, stack, name, environment))
    # Values that do not go together are judged only when each is right by itself.
    found += [] if found else _combinations(stack, environment, template, texts)
    if found:
        raise InputError(found)
    return texts


def known(stack: EnvironmentStack, environment: Environment, sources: Sources) -> dict[str, ParameterValue]:
    """The text of every parameter if it is known already, else its reference."""
    found = {name: (value, *_text(value, environment, sources)) for name, value in stack.parameters.items()}
    return {name: value if missing else text for name, (value, text, missing) in found.items()}


def _problem(
    template: TemplateSummary, name: str, value: ParameterValue, environment: Environment, sources: Sources
) -> str | None:
    """What is missing or out of bounds, without repeating a value that may be a secret; None if nothing.

    A value that is written in the file was checked when it was loaded.
    """
    text, what = _text(value, environment, sources)
    row = template.parameter(name)
    # Messages about NoEcho parameters do not repeat the value: from SSM and the shell it may be a secret too.
    if row and _may_be_secret(value, text):
        row = replace(row, no_echo=True)
    return what or (row.problem(text) if row and not isinstance(value, str) else None)


def _may_be_secret(value: ParameterValue | None, text: str) -> bool:
    """Whether the value comes from SSM or the environment, and is not a short number."""
    return isinstance(value, SsmRef | EnvRef) and not SHORT_NUMBER.fullmatch(text)


def _complaint(problem: str, stack: EnvironmentStack, name: str, environment: Environment) -> Complaint:
    line = stack.lines.get(name, stack.line)
    return Complaint(problem, environment.path, line, f"stacks.{stack.key}.parameters.{name}")


def _text(value: ParameterValue, environment: Environment, sources: Sources) -> tuple[str, str | None]:
    """The text, and what is missing."""
    if isinstance(value, str):
        return value, None
    if isinstance(value, ListRef):
        texts = [_text(item, environment, sources) for item in value.items]
        return ",".join(text for text, _ in texts), next((what for _, what in texts if what), None)
    if isinstance(value, StackRef):
        other = environment.stack(value.stack)
        return (other.name, None) if other else ("", f"there is no stack {value.stack} in this file")
    if isinstance(value, OutputRef):
        text = sources.outputs.get(value.stack, {}).get(value.output)
        return text or "", f"the stack {value.stack} has no output {value.output} yet" if text is None else None
    if isinstance(value, SsmRef):
        text = sources.ssm.get(value.name)
        return text or "", f"there is no SSM parameter {value.name}" if text is None else None
    text = sources.variables.get(value.name)
    return text or "", f"the variable {value.name} is not set" if text is None else None


def _combinations(
    stack: EnvironmentStack, environment: Environment, template: TemplateSummary, texts: Mapping[str, str]
) -> list[Complaint]:
    defaults = {row.name: row.default_text for row in template.parameters if row.default_text is not None}
    known = {**defaults, **texts}
    errors = [
        check for check in template.checks if check.severity == "error" and all(key in known for key in check.keys)
    ]
    problems = [
        _without_secrets(problem, check.keys, stack, known) for check in errors if (problem := check.problem(known))
    ]
    return [Complaint(what, environment.path, stack.line, f"stacks.{stack.key}.parameters") for what in problems]


def _without_secrets(problem: str, keys: Iterable[str], stack: EnvironmentStack, known: Mapping[str, str]) -> str:
    """The problem, or a general sentence if it repeats a value that may be a secret."""
    hidden = [known[key] for key in keys if _may_be_secret(stack.parameters.get(key), known[key])]
    repeats = any(value and value in problem for value in hidden)
    return f"the values of {' and '.join(keys)} do not work together" if repeats else problem
