"""The reference page of the templates in Markdown: purpose, diagram, parameters and outputs of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.parameters import Parameter

PAGE = "README.md"
MARK = "<!-- Written by `aurora-cfn render` from the blueprints: do not edit. -->"
_HEADER = f"""\
# Templates

{MARK}

Every stack is one CloudFormation template, and every template is rendered from a blueprint in Python. Outputs are
exported as `<stack>-<output>`. In the diagrams an arrow leads from a resource to what it refers to, a thick arrow is a
connection that security groups let through, a dashed box is made only when parameters ask for it, and a barrel holds
data.
"""


def templates_page(rendered: Sequence[tuple[Blueprint, Mapping[str, Any]]]) -> str:
    """The page of all templates, from blueprints and rendered templates; ends with a line end."""
    sections = (_section(blueprint, template) for blueprint, template in rendered)
    return "\n".join((_HEADER, _index(rendered), *sections)).rstrip() + "\n"


def parameter_table(blueprint: Blueprint) -> str:
    """The parameters as a Markdown table, grouped as in the AWS console."""
    groups: dict[str, list[str]] = {}
    for row in blueprint.parameters:
        line = f"| `{row.name}` | {_default(row)} | {_cell(row.bounds())} | {_cell(row.description)} |"
        groups.setdefault(row.group, [f"| **{_cell(row.group)}** | | | |"]).append(line)
    head = ["| Parameter | Default | Values | What it is for |", "|---|---|---|---|"]
    return "\n".join((*head, *(line for lines in groups.values() for line in lines))) + "\n"


def output_table(template: Mapping[str, Any]) -> str:
    """The outputs as a Markdown table."""
    rows = ["| Output | What it is |", "|---|---|"]
    for name, output in template.get("Outputs", {}).items():
        only = " (only under a condition)" if "Condition" in output else ""
        rows.append(f"| `{name}` | {_cell(str(output.get('Description', '')))}{only} |")
    return "\n".join(rows) + "\n"


def _index(rendered: Sequence[tuple[Blueprint, Mapping[str, Any]]]) -> str:
    rows = ["| Template | What it is for | Resources |", "|---|---|---|"]
    for blueprint, template in rendered:
        count = len(template["Resources"])
        rows.append(f"| [{blueprint.name}](#{blueprint.name}) | {_cell(blueprint.description)} | {count} |")
    return "\n".join(rows) + "\n"


def _section(blueprint: Blueprint, template: Mapping[str, Any]) -> str:
    # Imported here: the diagram searches templates for references, and `render --stdout` writes no page.
    from aurora_cfn.report.diagram import diagram

    parts = [
        f"## {blueprint.name}\n",
        f"{blueprint.description}. File: [{blueprint.name}.yaml]({blueprint.name}.yaml).\n",
        diagram(template) + "\n",
        "### Parameters\n" if blueprint.parameters else "",
        parameter_table(blueprint) if blueprint.parameters else "",
        *_refusals(template),
        "### Outputs\n",
        output_table(template),
    ]
    return "\n".join(part for part in parts if part)


def _refusals(template: Mapping[str, Any]) -> Iterator[str]:
    rules = template.get("Rules", {}).values()
    said = [assertion["AssertDescription"] for rule in rules for assertion in rule["Assertions"]]
    if said:
        yield "CloudFormation refuses the stack unless:\n"
        yield "".join(f"- {_cell(text)}\n" for text in said)


def _default(row: Parameter) -> str:
    if row.default_text is None:
        return "must be given"
    return f"`{row.default_text}`" if row.default_text else "empty"


def _cell(text: str) -> str:
    """The text escaped for a table cell, without HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "\\|").replace("\n", " ")
