"""The registry: the blueprints in their order, each imported only when it is wanted."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from aurora_cfn import blueprints
from aurora_cfn.blueprints import BLUEPRINTS, BY_NAME, NAMES

PARTS = ["PARAMETERS", "resources", "outputs", "BLUEPRINT"]
ONE = """
import sys
from aurora_cfn.blueprints import BY_NAME
assert "network" in BY_NAME and "other" not in BY_NAME and len(list(BY_NAME)) == len(BY_NAME)
print(BY_NAME["dsql"].name, BY_NAME.get("other"))
found = [name for name in sys.modules if name.startswith("aurora_cfn.blueprints.")]
SHARED = ("aurora_cfn.blueprints.parts", "aurora_cfn.blueprints.checks", "aurora_cfn.blueprints.unrendered")
print(*[name for name in found if not name.startswith(SHARED)])
"""


def test_names_order_and_modules_agree() -> None:
    assert tuple(row.name for row in BLUEPRINTS) == NAMES == tuple(BY_NAME)
    assert list(BY_NAME.values()) == list(BLUEPRINTS)
    assert blueprints.BLUEPRINTS is BLUEPRINTS


def test_one_is_imported_without_the_others() -> None:
    stdout = subprocess.run([sys.executable, "-c", ONE], check=True, capture_output=True, text=True).stdout
    assert stdout.splitlines() == ["dsql None", "aurora_cfn.blueprints.dsql"]


@pytest.mark.parametrize("name", ["other", "aurora_serverless_postgres", "parts", "", "../network"])
def test_what_is_no_name_is_no_key(name: str) -> None:
    with pytest.raises(KeyError):
        BY_NAME[name]


def test_the_module_has_nothing_else() -> None:
    with pytest.raises(AttributeError, match="OTHER"):
        blueprints.OTHER  # noqa: B018


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("aurora-serverless-")])
def test_a_template_has_the_same_parts_in_the_same_order(name: str) -> None:
    """The two of Aurora are made by one function from the engine."""
    module = ast.parse(Path(blueprints.__file__).with_name(f"{name.replace('-', '_')}.py").read_text())
    found = []
    for node in module.body:
        match node:
            case ast.ImportFrom(names=names):
                found += [alias.name for alias in names]
            case ast.FunctionDef(name=title) | ast.Assign(targets=[ast.Name(title)]):
                found.append(title)
    assert ast.get_docstring(module)
    assert [title for title in found if title in PARTS] == PARTS
