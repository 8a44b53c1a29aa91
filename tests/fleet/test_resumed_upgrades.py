"""An upgrade that is killed in the middle of updates, and meets failures: no client is lost, and none costs more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.fleet import FAILURES, KILLS, measured_fleet
from tests.bench.fleet_emulator import REGIONS, Proof, measured_on_emulator


def test_no_client_is_lost_and_the_calls_for_each_are_constant() -> None:
    few, many = measured_fleet(24), measured_fleet(80)
    assert (few.good, many.good, many.clients) == (True, True, 80)
    assert (many.kills, many.failures) == (KILLS, FAILURES)
    assert few.calls == many.calls


@pytest.mark.slow
def test_no_client_is_lost_on_the_emulator_when_the_program_is_killed(tmp_path: Path) -> None:
    (found,) = measured_on_emulator(tmp_path, [Proof(5, REGIONS[:2], failures=1, kills={"upgrade": 1})])
    assert found.good, str(found)
