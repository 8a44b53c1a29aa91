"""A running stack, made by any tool, as a template file and an entry of a params file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aurora_cfn.environment.keys import POLICY, TAGS
from aurora_cfn.environment.names import stack_name
from aurora_cfn.environment.shapes import Fault
from aurora_cfn.environment.values import ParameterShape, to_text
from aurora_cfn.model.environment import Environment
from aurora_cfn.model.ownership import without_ownership
from aurora_cfn.model.stack import NO_ECHO, Stack
from aurora_cfn.model.value import Value
from aurora_cfn.template.local_paths import stored_paths
from aurora_cfn.template.side import template_of
from aurora_cfn.template.summary import TemplateSummary, summary_of
from aurora_cfn.yamltext import read_plain, read_template, write_plain

_BLOCK = re.compile(r"stacks:(?:[ \t]*(?:\{[ \t]*\}|~|[Nn]ull|NULL))?([ \t]*(?:#.*)?)$")
"""The line that begins a block of stacks, or that says that there are none; its comment is kept."""


@dataclass(frozen=True, slots=True)
class Adoption:
    """What is written: the template, at `summary.path`, and the lines of the entry under `stacks`.

    `notes` say what could not be carried over, a sentence each.
    """

    summary: TemplateSummary
    template: str
    entry: str
    notes: tuple[str, ...]


def adoption(stack: Stack, template: str, policy: str, key: str, environment: Environment) -> Adoption:
    """The files that describe the stack as it is deployed, for an entry in that environment.

    `policy` is its stack policy as JSON text, empty without one. Raises InputError when the template cannot be read.
    """
    # GetTemplate returns the text that was submitted. JSON is YAML too, but the file keeps its form.
    ending = "json" if _is_json(template) else "yaml"
    document = template_of(read_template(template, stack.name), stack.name)
    summary = summary_of(key, document, f"templates/{key}.{ending}")
    lines = [f"  {key}:", f"    template: {key}"]
    # Only what differs from the params file's defaults is written: an entry as a person would have written it.
    if stack.name != stack_name(key, environment.name):
        lines.append(f"    name: {stack.name}")
    if stack.protected != environment.protect:
        lines.append(f"    protect: {'true' if stack.protected else 'false'}")
    lines += _mapping("tags", {k: _text(v) for k, v in _own_tags(stack).items() if not _tag_fault(k, v)})
    lines += _mapping("parameters", {k: _value(summary, k, v) for k, v in stack.parameters.items()})
    if policy and not _policy_fault(policy):
        written = write_plain({"stack_policy": read_plain(policy, stack.name).value})
        lines += [f"    {line}" for line in written.splitlines()]
    notes = (*_of_template(document), *_of_parameters(stack, summary), *_of_stack(stack, policy, environment))
    return Adoption(summary, f"{template.rstrip()}\n", "".join(f"{one}\n" for one in lines), notes)


def with_entry(text: str, entry: str) -> str | None:
    """The text of a params file with the entry as its first stack; a file without stacks gets the block `stacks:`.

    None where its stacks are written in another layout.
    """
    # Text, not YAML written again: comments and layout of the file are the user's.
    lines = [f"{line}\n" for line in text.splitlines()]
    place = next((n for n, line in enumerate(lines) if _BLOCK.match(line)), None)
    if place is None:
        # `stacks:` with a value on its line, or a file in flow style: there are no lines to put an entry between.
        if any(re.match("""(["']?)stacks\\1[ \t]*:|[{]""", line) for line in lines):
            return None
        lines, place = [*lines, "stacks:\n"], len(lines)
    lines[place] = _BLOCK.sub(r"stacks:\1", lines[place])
    below = next((line for line in lines[place + 1 :] if line.strip() and not line.lstrip().startswith("#")), "")
    # Where the next line is a key of the file, there are no stacks yet.
    indent = " " * (len(below) - len(below.lstrip()) or 2)
    rows = (f"{indent}{line.removeprefix('  ')}" for line in entry.splitlines(keepends=True))
    return "".join([*lines[: place + 1], *rows, *lines[place + 1 :]])


def variable(parameter: str) -> str:
    """The variable of the shell from which the value of a parameter is read that cannot stand in the file."""
    return f"ADOPTED_{parameter.upper()}"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _own_tags(stack: Stack) -> dict[str, str]:
    # Keys that begin with aws: belong to AWS, which refuses them in a call.
    return {key: value for key, value in without_ownership(stack.tags).items() if not key.startswith("aws:")}


def _tag_fault(key: str, value: str) -> Fault | None:
    return next(TAGS.faults({key: value}, ()), None)


def _policy_fault(policy: str) -> Fault | None:
    try:
        return next(POLICY.faults(json.loads(policy), ()), None)
    except ValueError:
        return Fault((), "is not JSON")


def _mapping(name: str, rows: dict[str, str]) -> Iterator[str]:
    if rows:
        yield f"    {name}:"
        yield from (f"      {_text(key)}: {value}" for key, value in rows.items())


def _value(summary: TemplateSummary, name: str, value: str) -> str:
    if value == NO_ECHO or _parameter_fault(summary, name, value):
        return f"{{env: {variable(name)}}}"
    return _number(value) if _is_number(summary, name) else _text(value)


def _is_number(summary: TemplateSummary, name: str) -> bool:
    row = summary.parameter(name)
    return row is not None and row.is_number


def _number(value: str) -> str:
    """The number as a params file writes it: without quotes, and as YAML gives it back."""
    return to_text(int(value) if value.strip().lstrip("-").isdigit() else float(value))


def _parameter_fault(summary: TemplateSummary, name: str, value: str) -> Fault | None:
    """Why the file does not take the value, such as one that looks like a credential."""
    row = summary.parameter(name)
    if row is None:
        return None
    shown: Value = float(value) if row.is_number else value
    return next(ParameterShape(row).faults(shown, ()), None)


def _text(value: str) -> str:
    """The value as a double-quoted scalar, which YAML always reads as text."""
    return json.dumps(value, ensure_ascii=False)


def _of_template(document: Mapping[str, Value]) -> Iterator[str]:
    value = document.get("Transform")
    if value:
        names = ", ".join(str(row) for row in (value if isinstance(value, list) else [value]))
        yield f"the template is the original one; what {names} makes of it is not in the file"
    for row in stored_paths(document):
        place = ".".join(map(str, row.place))
        yield f"{place} stays {row.value}: write a local path there, and the next deployment packages and uploads it"


def _of_parameters(stack: Stack, summary: TemplateSummary) -> Iterator[str]:
    for name, value in stack.parameters.items():
        # AWS returns asterisks for a NoEcho value: they are no value to judge.
        fault = None if value == NO_ECHO else _parameter_fault(summary, name, value)
        if value == NO_ECHO:
            yield f"the value of {name} (NoEcho) is not returned by AWS: set {variable(name)} to it before a deployment"
        elif fault:
            yield f"the value of {name} {fault.what}: set {variable(name)} to it before a deployment"
        elif _is_number(summary, name) and _number(value) != value:
            yield f"the number {name} is {value} in the stack and {_number(value)} in the file: the next change sets it"


def _of_stack(stack: Stack, policy: str, environment: Environment) -> Iterator[str]:
    own = _own_tags(stack)
    for key, value in own.items():
        fault = _tag_fault(key, value)
        if fault:
            yield f"the tag {key} is left out, and the next change removes it: {fault.what}"
    added = [key for key in environment.tags if key not in own]
    if added:
        yield f"the stack has no tag {', '.join(added)}, which the file gives to all: the next change adds that"
    fault = _policy_fault(policy) if policy else None
    if fault:
        where = ".".join(map(str, fault.path))
        yield f"the stack policy is left out, as `stack_policy:` does not take it: {where} {fault.what}"
    if (stack.role_arn or None) != environment.role_arn:
        yield _of_role(stack, environment)
    if set(stack.notification_arns) - set(environment.notification_arns):
        arns = ", ".join(stack.notification_arns)
        yield f"the stack notifies {arns}: without `notification_arns:` in the file the next change removes that"


def _of_role(stack: Stack, environment: Environment) -> str:
    if environment.role_arn:
        return f"the file's `role_arn:` {environment.role_arn} takes the place of {stack.role_arn or 'no service role'}"
    return f"the stack has the service role {stack.role_arn}, and keeps it; `role_arn:` is a key of the whole file"
