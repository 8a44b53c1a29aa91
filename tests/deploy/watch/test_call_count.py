"""What watching costs, and how late the end is seen: simulated creations, in simulated time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurora_cfn.deploy.watch.rds import OFTEN
from tests.deploy.simulation import creation, noticed

A_CALL = 5.0
"""Seconds that pass for each call of any service, on average over ten minutes."""
LATE = 2.0
"""Seconds after the stack's own end in which it is seen."""


@pytest.mark.parametrize(
    ("cluster", "instance", "overhead"),
    [
        (180, 395, 0.0), (190, 362, 1.0), (205, 380, 0.5), (220, 360, 2.0), (225, 375, 0.0), (240, 340, 1.5),
        (240, 364, 3.0), (150, 430, 1.0),
    ],
)  # fmt: skip
def test_ten_minutes_are_cheap_and_the_end_is_seen_at_once(cluster: float, instance: float, overhead: float) -> None:
    watched = creation(cluster, instance, overhead)
    assert watched.seconds >= 590
    assert watched.calls <= watched.seconds / A_CALL
    assert watched.late < LATE


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.floats(60, 900), st.floats(180, 1800), st.floats(0, 3))
def test_however_long_it_takes_it_stays_cheap(cluster: float, instance: float, overhead: float) -> None:
    watched = creation(cluster, instance, overhead)
    assert watched.calls <= max(120, watched.seconds / A_CALL)
    assert watched.late <= 30


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.floats(150, 240), st.floats(300, 390), st.floats(0, 3))
def test_the_end_is_late_only_when_cloudformation_looks_before_we_do(
    cluster: float, instance: float, overhead: float
) -> None:
    watched = creation(cluster, instance, overhead)
    head_start = noticed(instance, overhead) - instance
    assert watched.late < (LATE if head_start > OFTEN + LATE else OFTEN + LATE)


def test_without_rds_the_end_is_late_by_a_share_of_the_silence() -> None:
    watched = creation(200, 360, asks_rds=False)
    assert watched.calls <= watched.seconds / A_CALL
    assert watched.late <= 10
