"""Outputs of stacks, for a person, a program, a shell, or a GitHub workflow."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from aurora_cfn.errors import InputError
from aurora_cfn.yamltext import write_plain

Outputs: TypeAlias = Mapping[str, Mapping[str, str]]
"""Key of the stack in its params file, to output key, to value."""
Naming: TypeAlias = Callable[[str, str], str]


def outputs_table(outputs: Outputs) -> str:
    """Three columns; nothing but the header's absence tells that there is no output."""
    rows = [("STACK", "OUTPUT", "VALUE")]
    rows += [(stack, key, value) for stack, values in outputs.items() for key, value in values.items()]
    if len(rows) == 1:
        return ""
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    return "".join(f"{stack:<{first}}  {key:<{second}}  {value}\n" for stack, key, value in rows)


def outputs_json(outputs: Outputs) -> str:
    """An object of objects, always, however many stacks there are."""
    return json.dumps(outputs, indent=2, ensure_ascii=False) + "\n"


def outputs_yaml(outputs: Outputs) -> str:
    """The same as JSON, in YAML."""
    return write_plain(outputs)


def outputs_env(outputs: Outputs) -> str:
    """`AURORA_SERVERLESS_DNS_NAME=...` lines for a shell, quoted so that `eval` or `source` gives back each value."""
    named = list(_flat(outputs, lambda stack, key: f"{_snake(stack)}_{_snake(key)}".upper()))
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in named)


def outputs_github(outputs: Outputs) -> str:
    """Lines for `$GITHUB_OUTPUT`: `aurora-serverless-DNSName=...`; a value of several lines between delimiters."""
    return "".join(_github(name, value) for name, value in _flat(outputs, lambda stack, key: f"{stack}-{key}"))


def _github(name: str, value: str) -> str:
    if "\n" not in value and "\r" not in value:
        return f"{name}={value}\n"
    mark = f"end-{hashlib.sha256(value.encode()).hexdigest()[:16]}"
    return f"{name}<<{mark}\n{value}\n{mark}\n"


def _flat(outputs: Outputs, name_of: Naming) -> Iterator[tuple[str, str]]:
    seen: dict[str, str] = {}
    for stack, values in outputs.items():
        for key, value in values.items():
            name = name_of(stack, key)
            if name in seen:
                raise InputError(f"{seen[name]} and {stack}.{key} would both be {name}: choose one with --stack")
            seen[name] = f"{stack}.{key}"
            yield name, value


def _snake(name: str) -> str:
    """`DNSName` as `DNS_Name`, `aurora-serverless` as `aurora_serverless`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[^A-Za-z0-9]+", "_", words)


FORMATS = {
    "table": outputs_table,
    "json": outputs_json,
    "yaml": outputs_yaml,
    "env": outputs_env,
    "github": outputs_github,
}
