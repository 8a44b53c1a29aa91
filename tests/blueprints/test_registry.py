"""The registry: the blueprints in their order, each imported only when it is wanted."""

from __future__ import annotations

import subprocess
import sys

import pytest

from aurora_cfn import blueprints
from aurora_cfn.blueprints import BLUEPRINTS, BY_NAME, NAMES

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
