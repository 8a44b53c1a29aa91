"""The public interface for blueprints outside of the package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import aurora_cfn

ROOT = Path(__file__).parent.parent
HEAVY = ("troposphere", "boto3", "click", "yaml", "cfnlint")


def test_the_package_alone_loads_nothing_heavy() -> None:
    code = "import sys, aurora_cfn; print([name for name in sys.argv[1:] if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code, *HEAVY], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout == "[]\n"


@pytest.mark.parametrize("name", aurora_cfn.__all__)
def test_every_name_is_there_and_explained(name: str) -> None:
    assert getattr(aurora_cfn, name) is not None
    assert name == "__version__" or f"`{name}" in (ROOT / "docs" / "blueprints.md").read_text(encoding="utf-8")


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        getattr(aurora_cfn, "nothing")  # noqa: B009 - mypy knows that it is not there


def test_a_shipped_blueprint_can_be_the_start_of_another() -> None:
    assert aurora_cfn.shipped("network").name == "network"
    with pytest.raises(KeyError):
        aurora_cfn.shipped("gone")
