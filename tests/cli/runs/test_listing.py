"""Which stacks a list of all stacks shows to be absent."""

from __future__ import annotations

import pytest

from aurora_cfn.cli.runs.readiness import FRESH, Listing


@pytest.mark.parametrize(
    ("name", "seconds", "lacks"),
    [
        ("db-dev", 0, True),
        ("db-dev", FRESH, True),
        # After a question or a long check another run may have created it.
        ("db-dev", FRESH + 0.1, False),
        ("network-dev", 0, False),
    ],
)
def test_a_list_shows_an_absent_stack_for_a_moment(name: str, seconds: float, lacks: bool) -> None:
    assert Listing(frozenset({"network-dev"}), at=100.0).lacks(name, 100.0 + seconds) is lacks
