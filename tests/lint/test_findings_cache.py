"""Kept results: what is written comes back, for its days only; anything damaged counts as absent."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.lint.findings_cache import read_result, write_result
from aurora_cfn.model.finding import Finding

TODAY = date(2026, 11, 21)
FINDINGS = st.lists(
    st.builds(
        Finding,
        rule=st.text(),
        severity=st.sampled_from(["error", "warning", "info"]),
        message=st.text(),
        path=st.just("t.yaml"),
        line=st.integers(1),
        column=st.integers(1),
        key=st.text(),
        source=st.text(),
    )
)


@given(FINDINGS)
def test_what_is_written_comes_back(findings: list[Finding]) -> None:
    text = write_result(findings, today=TODAY, turning_points=[])
    assert read_result(text, "t.yaml", today=TODAY) == tuple(findings)


@pytest.mark.parametrize(
    ("asked", "known"),
    [("2026-11-20", False), ("2026-11-21", True), ("2026-11-29", True), ("2026-11-30", False), ("2027-02-01", False)],
)
def test_a_result_holds_until_the_next_turning_point(asked: str, known: bool) -> None:
    points = [date(2026, 3, 1), date(2026, 12, 31), date(2026, 11, 30)]
    text = write_result([], today=TODAY, turning_points=points)
    assert (read_result(text, "t.yaml", today=date.fromisoformat(asked)) is not None) == known


GOOD = json.loads(write_result([Finding("E1", "error", "m", "t.yaml", 1)], today=TODAY, turning_points=[]))


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", "7", "[" * 5000, "{}",
        json.dumps(GOOD | {"from": 7}),
        json.dumps(GOOD | {"findings": 7}),
        json.dumps(GOOD | {"findings": [[]]}),
        json.dumps(GOOD | {"findings": [["E1", "fatal", "m", 1, 1, "", ""]]}),
        json.dumps(GOOD | {"findings": [["E1", "error", "m", "1", 1, "", ""]]}),
        json.dumps(GOOD | {"findings": [["E1", "error", ["m"], 1, 1, "", ""]]}),
    ],
)  # fmt: skip
def test_a_damaged_result_counts_as_absent(text: str) -> None:
    assert read_result(text, "t.yaml", today=TODAY) is None
