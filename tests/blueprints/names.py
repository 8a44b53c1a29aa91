"""Names that others rely on: logical ids with their types, and outputs. Write them down with

    python -m tests.blueprints.names

after a change that is meant: a renamed id is a resource deleted and another made, a renamed output breaks its readers.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aurora_cfn.yamltext import read_template

GOLDEN = Path(__file__).parent / "names.json"
TEMPLATES = Path(__file__).parents[2] / "templates"


def rendered() -> dict[str, dict[str, Any]]:
    """The committed templates, by name."""
    return {path.stem: _read(path) for path in sorted(TEMPLATES.glob("*.yaml"))}


def names(template: dict[str, Any]) -> dict[str, Any]:
    return {
        "parameters": sorted(template.get("Parameters", {})),
        "resources": {name: entry["Type"] for name, entry in sorted(template["Resources"].items())},
        "exports": {name: row.get("Export", {}).get("Name", "") for name, row in sorted(template["Outputs"].items())},
    }


def current() -> str:
    return json.dumps({name: names(template) for name, template in rendered().items()}, indent=1) + "\n"


def _read(path: Path) -> dict[str, Any]:
    value = read_template(path.read_text(encoding="utf-8"), path.name).value
    assert isinstance(value, dict)
    return value


if __name__ == "__main__":
    GOLDEN.write_text(current(), encoding="utf-8")
