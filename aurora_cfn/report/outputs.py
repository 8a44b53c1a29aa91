"""Outputs of stacks as a table, JSON, YAML, shell variables, or outputs of a GitHub workflow."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from aurora_cfn.errors import InputError
from aurora_cfn.report.text import width
from aurora_cfn.yamltext import write_plain

Outputs: TypeAlias = Mapping[str, Mapping[str, str]]
"""Values by the stack's key in its params file and the output's key."""
Naming: TypeAlias = Callable[[str, str], str]
"""The name of an output, from the stack's key and the output's key."""


def outputs_table(outputs: Outputs, columns: int | None = None) -> str:
    """A table with three columns, empty without outputs.

    A value that does not fit into `columns` stands alone on the next line, from its beginning: a terminal that breaks
    it there still selects it as one line, without the name or blanks.
    """
    rows = [("STACK", "OUTPUT", "VALUE")]
    rows += [(stack, key, value) for stack, values in outputs.items() for key, value in values.items()]
    if len(rows) == 1:
        return ""
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    return "".join(f"{_line(row, first, second, columns)}\n" for row in rows)


def _line(row: tuple[str, str, str], first: int, second: int, columns: int | None) -> str:
    stack, key, value = row
    line = f"{stack:<{first}}  {key:<{second}}  {value}"
    return line if columns is None or width(line) <= columns else f"{stack:<{first}}  {key}\n{value}"


def outputs_json(outputs: Outputs) -> str:
    """A JSON object of objects, also for a single stack."""
    return json.dumps(outputs, indent=2, ensure_ascii=False) + "\n"


def outputs_yaml(outputs: Outputs) -> str:
    """The structure of `outputs_json` in YAML."""
    return write_plain(outputs)


def outputs_env(outputs: Outputs) -> str:
    """Lines `AURORA_SERVERLESS_DNS_NAME=...`, quoted for `eval` or `source` in a shell."""
    named = list(_flat(outputs, lambda stack, key: f"{_snake(stack)}_{_snake(key)}".upper()))
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in named)


def outputs_github(outputs: Outputs) -> str:
    """Lines `aurora-serverless-DNSName=...` for `$GITHUB_OUTPUT`; a value with line ends between delimiters."""
    return "".join(_github(name, value) for name, value in _flat(outputs, lambda stack, key: f"{stack}-{key}"))


def _github(name: str, value: str) -> str:
    if "\n" not in value and "\r" not in value:
        return f"{name}={value}\n"
    # By a hash, so that the value cannot contain its own delimiter.
    delimiter = f"end-{hashlib.sha256(value.encode()).hexdigest()[:16]}"
    return f"{name}<<{delimiter}\n{value}\n{delimiter}\n"


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
"""Writers by the value of `outputs --format`."""
