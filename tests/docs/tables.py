"""The tables and numbers of the docs that are made from the code."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from aurora_cfn.blueprints import BLUEPRINTS
from aurora_cfn.cli import SECTIONS
from aurora_cfn.lint.catalogue import catalogue
from aurora_cfn.report.docs import parameter_table
from tests.docs import licences
from tests.docs.pages import ROOT

EXAMPLES = ROOT / "params" / "examples"
NAMES = ("games-api", "planets-api", "planets-mysql", "service-database")
SHOWN = (ROOT / "params" / "dev.yaml", *(EXAMPLES / f"{name}.yaml" for name in NAMES))
"""The params files that the pages in docs/systems/ show whole."""


def commands() -> str:
    """One row a command under the headings of `--help`."""
    rows = ["| command | what it does |", "|---|---|"]
    for heading, section in SECTIONS.items():
        rows.append(f"| **{heading}** | |")
        rows += [f"| `aurora-cfn {name}` | {line} |" for name, (_, line) in section.items()]
    return block(rows)


def templates() -> str:
    """One row a template, with a link to its diagram, parameters and outputs."""
    rows = ["| template | what it is for |", "|---|---|"]
    rows += [f"| [`{row.name}`](../templates/README.md#{row.name}) | {row.description} |" for row in BLUEPRINTS]
    return block(rows)


def parameters() -> str:
    """The parameters of the first template."""
    return f"\n{parameter_table(BLUEPRINTS[0])}"


def examples() -> str:
    """One row an example: how to deploy it, and the comment at its top."""
    rows = ["| environment | what it is |", "|---|---|"]
    rows += [f"| [`{path.stem}`](../params/examples/{path.name}) | {_about(path.read_text(encoding='utf-8'))} |"
             for path in sorted(EXAMPLES.glob("*.yaml"))]  # fmt: skip
    return block(rows)


def environment_keys() -> str:
    """The keys of a params file, from its JSON Schema."""
    return _keys(_schema())


def stack_keys() -> str:
    """The keys of one stack, from the JSON Schema of params files."""
    return _keys(_schema()["$defs"]["stack"])


def references() -> str:
    """The kinds of references, from the JSON Schema of params files."""
    kinds = _schema()["$defs"]["reference"]
    rows = ["| reference | value |", "|---|---|"]
    given = kinds["description"].partition(": ")[2].split(" or ")
    for example, kind in zip(given, kinds["anyOf"], strict=True):
        (about,) = kind["properties"].values()
        rows.append(f"| `{example}` | {about['description']} |")
    return block(rows)


def block(lines: list[str]) -> str:
    """The lines as a part that stands on lines of its own."""
    return "\n" + "\n".join(lines) + "\n"


def params_file(path: Path) -> str:
    """The params file as a block of YAML, without the line for editors."""
    return f"\n```yaml\n{path.read_text(encoding='utf-8').partition(chr(10))[2]}```\n"


PARTS: Mapping[str, Callable[[], str]] = {
    "commands": commands,
    "templates": templates,
    "parameters": parameters,
    "examples": examples,
    "environment keys": environment_keys,
    "stack keys": stack_keys,
    "references": references,
    "licences": lambda: block(licences.table()),
    **{f"params of {path.stem}": partial(params_file, path) for path in SHOWN},
    "number of rules": lambda: str(len(catalogue())),
    "number of templates": lambda: str(len(BLUEPRINTS)),
    "number of examples": lambda: str(len(list(EXAMPLES.glob("*.yaml")))),
}
"""Name of a generated part to its text."""


def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((ROOT / "params" / "schema.json").read_text(encoding="utf-8"))
    return schema


def _keys(record: Mapping[str, Any]) -> str:
    needed = record["required"]
    rows = ["| key | what it is for |", "|---|---|"]
    for name, shape in record["properties"].items():
        text = shape["description"].replace("<", "&lt;").replace(">", "&gt;")
        rows.append(f"| `{name}`{' (required)' if name in needed else ''} | {text} |")
    return block(rows)


def _about(text: str) -> str:
    """The first paragraph of the comment at the top of a params file."""
    return " ".join(_comment(text))


def _comment(text: str) -> Iterator[str]:
    for line in text.splitlines()[1:]:
        if not line.startswith("# ") or line.startswith("# To copy:"):
            return
        yield line.removeprefix("# ")
