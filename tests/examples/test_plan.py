"""A plan waits as change sets in the emulator and is executed as it was written, or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.examples.workplace import Workplace

pytestmark = pytest.mark.slow
PARAMS = "endpoint: local\nregion: eu-west-1\nstacks:\n  alone:\n    template: dsql\n    parameters: {%s}\n"


def written(place: Workplace, text: str) -> None:
    Path(place.folder, "params", "planned.yaml").write_text(PARAMS % text)


def test_a_plan_is_executed_once_and_refused_when_something_moved(workplace: Workplace) -> None:
    written(workplace, "DeletionProtection: false")
    planned = workplace.run("deploy", "--env", "planned", "--plan", "plan.json")
    assert planned.returncode == 0, planned.stderr
    assert [row["name"] for row in json.loads((workplace.folder / "plan.json").read_text())["stacks"]] == [
        "alone-planned"
    ]
    applied = workplace.run("deploy", "--apply", "plan.json", "--yes")
    assert applied.returncode == 0, applied.stderr
    again = workplace.run("deploy", "--apply", "plan.json", "--yes")
    assert again.returncode == 0, again.stderr
    assert "an earlier run has executed its change set" in again.stderr
    assert workplace.run("status", "--env", "planned", "--exit-code").returncode == 0
    written(workplace, "DeletionProtection: true")
    moved = workplace.run("deploy", "--apply", "plan.json", "--yes")
    assert moved.returncode == 1
    assert "is not as it was planned; nothing of it was executed" in moved.stderr
    assert workplace.run("status", "--env", "planned", "--exit-code").returncode == 8
