"""An upgrade that is killed in the middle of updates, and meets failures: no client is lost, and none costs more."""

from __future__ import annotations

from tests.bench.fleet import FAILURES, KILLS, measured_fleet


def test_no_client_is_lost_and_the_calls_for_each_are_constant() -> None:
    few, many = measured_fleet(24), measured_fleet(80)
    assert (few.good, many.good, many.clients) == (True, True, 80)
    assert (many.kills, many.failures) == (KILLS, FAILURES)
    assert few.calls == many.calls
