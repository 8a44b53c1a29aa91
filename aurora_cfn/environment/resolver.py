"""References to values, just before a stack is deployed: the same bounds hold for what comes from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.environment import (
    Environment,
    EnvironmentStack,
    EnvRef,
    OutputRef,
    ParameterValue,
    SsmRef,
    StackRef,
)
from aurora_cfn.template.summary import TemplateSummary

SHORT_NUMBER = re.compile(r"[0-9.]{1,5}")


@dataclass(frozen=True, slots=True)
class Sources:
    """What references are looked up in: outputs by key of the stack, SSM parameters by name, the shell's variables."""

    outputs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ssm: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)


def ssm_names(stack: EnvironmentStack) -> tuple[str, ...]:
    """Names of the SSM parameters that the stack refers to, each once, in the order of the file."""
    names = (value.name for value in stack.parameters.values() if isinstance(value, SsmRef))
    return tuple(dict.fromkeys(names))


def variable_names(stack: EnvironmentStack) -> tuple[str, ...]:
    """Names of the shell's variables that the stack refers to, each once, in the order of the file."""
    names = (value.name for value in stack.parameters.values() if isinstance(value, EnvRef))
    return tuple(dict.fromkeys(names))


def shell_complaints(
    stacks: Iterable[EnvironmentStack],
    environment: Environment,
    templates: Mapping[str, TemplateSummary],
    variables: Mapping[str, str],
) -> list[Complaint]:
    """What is wrong with the shell's variables that the stacks refer to, found before the first of them is deployed."""
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
    """The text of every parameter that the file sets; those it leaves out take the template's default.

    Raises InputError with everything that is missing, out of bounds or cannot work together.
    """
    texts: dict[str, str] = {}
    found: list[Complaint] = []
    for name, value in stack.parameters.items():
        texts[name], _ = _text(value, environment, sources)
        problem = _problem(template, name, value, environment, sources)
        if problem:
            found.append(_complaint(problem, stack, name, environment))
    found += [] if found else _combinations(stack, environment, template, texts)
    if found:
        raise InputError(found)
    return texts


def known(stack: EnvironmentStack, environment: Environment, sources: Sources) -> dict[str, ParameterValue]:
    """The text of every parameter where it is known already, else the reference that it still is."""
    found = {name: (value, *_text(value, environment, sources)) for name, value in stack.parameters.items()}
    return {name: value if missing else text for name, (value, text, missing) in found.items()}


def _problem(
    template: TemplateSummary, name: str, value: ParameterValue, environment: Environment, sources: Sources
) -> str | None:
    """What is missing, or which bound is broken; a value that is written out was checked with the file.

    One from SSM or the shell may be a secret, and is not repeated.
    """
    text, what = _text(value, environment, sources)
    row = template.parameter(name)
    if row and _may_be_secret(value, text):
        row = replace(row, no_echo=True)
    return what or (row.problem(text) if row and not isinstance(value, str) else None)


def _may_be_secret(value: ParameterValue | None, text: str) -> bool:
    """Whether it comes from where secrets are kept; a short number is none."""
    return isinstance(value, SsmRef | EnvRef) and not SHORT_NUMBER.fullmatch(text)


def _complaint(problem: str, stack: EnvironmentStack, name: str, environment: Environment) -> Complaint:
    line = stack.lines.get(name, stack.line)
    return Complaint(problem, environment.path, line, f"stacks.{stack.key}.parameters.{name}")


def _text(value: ParameterValue, environment: Environment, sources: Sources) -> tuple[str, str | None]:
    """The text, and what is missing."""
    if isinstance(value, str):
        return value, None
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
    told = [
        _without_secrets(problem, check.keys, stack, known) for check in errors if (problem := check.problem(known))
    ]
    return [Complaint(what, environment.path, stack.line, f"stacks.{stack.key}.parameters") for what in told]


def _without_secrets(problem: str, keys: Iterable[str], stack: EnvironmentStack, known: Mapping[str, str]) -> str:
    """The sentence, or a poorer one where it repeats a value that may be a secret."""
    hidden = [known[key] for key in keys if _may_be_secret(stack.parameters.get(key), known[key])]
    repeats = any(value and value in problem for value in hidden)
    return f"the values of {' and '.join(keys)} do not work together" if repeats else problem
