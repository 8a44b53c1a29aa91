"""The JSON Schema of params files, for editors; made from the same tables as the loader."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aurora_cfn.environment import values
from aurora_cfn.environment.keys import environment_record, fleet_record, parameters_record, stack_record
from aurora_cfn.environment.shapes import AnyMap
from aurora_cfn.model.value import Value
from aurora_cfn.template.summary import TemplateSummary

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema(templates: Mapping[str, TemplateSummary]) -> dict[str, Value]:
    """The schema; it uses only keywords of draft 7, for older editors."""
    parameters: dict[str, Value] = {name: _parameters(row) for name, row in templates.items()}
    definitions: dict[str, Value] = {
        "reference": values.schema(),
        "stack": _stack(templates),
        "fleet": _fleet(templates),
    }
    return {
        "$schema": DRAFT,
        "title": "A params file of aurora-cfn",
        "description": "One environment: its region and account, and its stacks.",
        **environment_record(templates).schema(),
        "$defs": definitions | {"parameters": parameters},
    }


def schema_text(templates: Mapping[str, TemplateSummary]) -> str:
    """The schema as JSON text."""
    return json.dumps(schema(templates), indent=2, ensure_ascii=False) + "\n"


def _stack(templates: Mapping[str, TemplateSummary]) -> dict[str, Value]:
    entry = stack_record(templates, AnyMap()).schema()
    choices: list[Value] = [_choice(name, row) for name, row in templates.items()]
    one: list[Value] = [{"required": ["template"]}, {"required": ["pool"]}]
    return entry | {"anyOf": one} | ({"allOf": choices} if choices else {})


def _fleet(templates: Mapping[str, TemplateSummary]) -> dict[str, Value]:
    entry = fleet_record(templates, AnyMap(), pool=True).schema()
    choices: list[Value] = [
        {
            "if": {"properties": {"template": {"const": name}}, "required": ["template"]},
            "then": {"properties": _named_like(row)},
        }
        for name, row in templates.items()
    ]
    return entry | {"allOf": choices} if choices else entry


def _named_like(row: TemplateSummary) -> dict[str, Value]:
    """The parameters of all clients and of one account: only their names, as what is missing may be in the other."""
    names: dict[str, Value] = {"propertyNames": {"enum": [one.name for one in row.parameters]}}
    client: dict[str, Value] = {"properties": {"parameters": names}}
    clients: dict[str, Value] = {"properties": {"clients": {"additionalProperties": client}}}
    return {"defaults": names, "accounts": clients}


def _choice(name: str, row: TemplateSummary) -> dict[str, Value]:
    parameters = parameters_record(row)
    chosen: dict[str, Value] = {"properties": {"template": {"const": name}}, "required": ["template"]}
    then: dict[str, Value] = {"properties": {"parameters": {"$ref": f"#/$defs/parameters/{name}"}}}
    if any(key.required for key in parameters.keys):
        then["required"] = ["parameters"]
    return {"if": chosen, "then": then}


def _parameters(row: TemplateSummary) -> dict[str, Value]:
    return {"description": row.description, **parameters_record(row).schema()}
