"""What is said of a blueprint without the blueprint is what the blueprint says."""

from __future__ import annotations

import subprocess
import sys

import pytest

from aurora_cfn.blueprints import BLUEPRINTS
from aurora_cfn.blueprints.unrendered import unrendered
from aurora_cfn.parameters import Check

SHIPPED = pytest.mark.parametrize("name", [row.name for row in BLUEPRINTS])


def parts(check: Check) -> tuple[object, ...]:
    """What a check is: functions made in a call are alike when code and enclosed values are."""
    cells = getattr(check.problem, "__closure__", None) or ()
    return check.keys, check.severity, check.problem.__code__, tuple(cell.cell_contents for cell in cells)


@SHIPPED
def test_checks_and_code_are_those_of_the_blueprint(name: str) -> None:
    (blueprint,) = (row for row in BLUEPRINTS if row.name == name)
    found = unrendered(name)
    assert list(map(parts, found.checks)) == list(map(parts, blueprint.checks))
    assert found.code == blueprint.code


@SHIPPED
def test_steps_are_those_of_the_parameters(name: str) -> None:
    (blueprint,) = (row for row in BLUEPRINTS if row.name == name)
    steps = unrendered(name).steps
    assert {row.name: steps.get(row.name) for row in blueprint.parameters} == {
        row.name: row.step for row in blueprint.parameters
    }


def test_troposphere_is_not_loaded_for_it() -> None:
    code = (
        "import sys; from aurora_cfn.blueprints import NAMES; from aurora_cfn.blueprints.unrendered import unrendered;"
        "[unrendered(name) for name in NAMES]; raise SystemExit('troposphere' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
