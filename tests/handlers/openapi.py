"""The OpenAPI document of the databases API, and whether an answer is one that it describes."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from aurora_cfn.yamltext import read_plain

VALIDATOR: Any = import_module("jsonschema").Draft202012Validator  # without types; cfn-lint needs the package
DOCUMENT = Path(__file__).parents[2] / "docs/databases-api.openapi.yaml"


@cache
def document() -> dict[str, Any]:
    value: Any = read_plain(DOCUMENT.read_text(), str(DOCUMENT)).value
    found: dict[str, Any] = value
    return found


def at(reference: str) -> Any:
    found: Any = document()
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def routes() -> dict[str, dict[str, Any]]:
    """The operations by route, as the template writes them."""
    methods = ("get", "post", "patch", "delete")
    rows = document()["paths"].items()
    return {f"{name.upper()} {path}": row[name] for path, row in rows for name in methods if name in row}


def problems(schema: dict[str, Any], value: object) -> list[str]:
    """What does not fit the schema, whose references are those of the document."""
    whole = schema | {"components": document()["components"]}
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR(whole).iter_errors(value)]


def check_answer(route: str, status: int, headers: dict[str, str], body: object) -> None:
    """Fail where the document does not describe the answer."""
    responses = routes()[route]["responses"]
    assert str(status) in responses, f"{route} answers {status}, which the document does not name"
    response = responses[str(status)]
    response = at(response["$ref"]) if "$ref" in response else response
    given = {name.lower() for name in headers}
    required = {name.lower() for name, row in response.get("headers", {}).items() if row.get("required")}
    assert required <= given
    assert problems(response["content"]["application/json"]["schema"], body) == []


def check_body(route: str, body: object) -> list[str]:
    """What the document refuses of a request's body."""
    return problems(routes()[route]["requestBody"]["content"]["application/json"]["schema"], body)
