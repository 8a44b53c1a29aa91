"""A running stack, made by any tool, as a template file and an entry of a params file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from aurora_cfn.environment.names import stack_name
from aurora_cfn.model.ownership import without_ownership
from aurora_cfn.model.stack import NO_ECHO, Stack
from aurora_cfn.template.side import template_of
from aurora_cfn.yamltext import read_template


@dataclass(frozen=True, slots=True)
class Adoption:
    """What is written: the template under `template_file`, and the lines of the entry under `stacks`.

    `notes` say what could not be carried over, a sentence each.
    """

    template_file: str
    template: str
    entry: str
    notes: tuple[str, ...]


def adoption(stack: Stack, template: str, key: str, environment: str) -> Adoption:
    """The files that describe the stack as it is deployed. Raises InputError when the template cannot be read."""
    # GetTemplate returns the text that was submitted. JSON is YAML too, but the file keeps its form.
    ending = "json" if template.lstrip().startswith("{") else "yaml"
    document = template_of(read_template(template, stack.name), stack.name)
    lines = [f"  {key}:", f"    template: {key}"]
    if stack.name != stack_name(key, environment):
        lines.append(f"    name: {stack.name}")
    lines += ["    protect: true"] if stack.protected else []
    lines += _mapping("tags", {k: _text(v) for k, v in _own_tags(stack).items()})
    lines += _mapping("parameters", {k: _value(k, v) for k, v in stack.parameters.items()})
    notes = (*_transforms(document.get("Transform")), *_notes(stack))
    return Adoption(f"templates/{key}.{ending}", f"{template.rstrip()}\n", "".join(f"{one}\n" for one in lines), notes)


def with_entry(text: str, entry: str) -> str | None:
    """The text of a params file with the entry as its first stack; None where it has no block `stacks:`."""
    # Text, not YAML written again: comments and layout of the file are the user's.
    lines = text.splitlines(keepends=True)
    place = next((n for n, line in enumerate(lines) if line.split("#")[0].rstrip() == "stacks:"), None)
    if place is None:
        return None
    below = next((line for line in lines[place + 1 :] if line.strip() and not line.lstrip().startswith("#")), "  ")
    indent = " " * max(len(below) - len(below.lstrip()), 1)
    rows = (f"{indent}{line.removeprefix('  ')}" for line in entry.splitlines(keepends=True))
    return "".join([*lines[: place + 1], *rows, *lines[place + 1 :]])


def _own_tags(stack: Stack) -> dict[str, str]:
    # Keys that begin with aws: belong to AWS, which refuses them in a call.
    return {key: value for key, value in without_ownership(stack.tags).items() if not key.startswith("aws:")}


def _mapping(name: str, rows: dict[str, str]) -> Iterator[str]:
    if rows:
        yield f"    {name}:"
        yield from (f"      {_text(key)}: {value}" for key, value in rows.items())


def _value(name: str, value: str) -> str:
    return f"{{env: {variable(name)}}}" if value == NO_ECHO else _text(value)


def variable(parameter: str) -> str:
    """The variable of the shell from which the value of a NoEcho parameter is read."""
    return f"ADOPTED_{parameter.upper()}"


def _text(value: str) -> str:
    """The value as a double-quoted scalar, which is read as text whatever it looks like."""
    return json.dumps(value, ensure_ascii=False)


def _transforms(value: object) -> Iterator[str]:
    if value:
        names = ", ".join(map(str, value if isinstance(value, list) else [value]))
        yield f"the template is the original one; what {names} makes of it is not in the file"


def _notes(stack: Stack) -> Iterator[str]:
    for name, value in stack.parameters.items():
        if value == NO_ECHO:
            yield f"the value of {name} (NoEcho) is not returned by AWS: set {variable(name)} to it before a deployment"
    if stack.role_arn:
        yield f"the stack has the service role {stack.role_arn}, and keeps it; `role_arn:` is a key of the whole file"
    if stack.notification_arns:
        arns = ", ".join(stack.notification_arns)
        yield f"the stack notifies {arns}: without `notification_arns:` in the file the next change removes that"
