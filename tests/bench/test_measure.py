"""A row of the benchmark passes when both clocks are within their limits."""

from __future__ import annotations

import pytest

from tests.bench.measure import Case, Result


@pytest.mark.parametrize(
    ("wall", "cpu", "cpu_limit", "within"),
    [
        (1.3, 1.3, None, True),
        (1.2, 1.4, None, False),
        (1.4, 1.2, None, False),
        (1.2, 1.4, 1.4, True),
        (1.2, 1.2, 1.1, False),
    ],
)
def test_both_clocks_are_checked(wall: float, cpu: float, cpu_limit: float | None, within: bool) -> None:
    case = Case("start", [], [], 1.3, cpu_limit=cpu_limit)
    assert Result(case, seconds=1, floor_seconds=1, wall_ratio=wall, cpu_ratio=cpu).within is within
