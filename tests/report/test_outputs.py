"""Outputs as a table: a value that does not fit into the window stands alone."""

from __future__ import annotations

import pytest

from aurora_cfn.report.outputs import outputs_table

ARN = "arn:aws:rds:eu-west-1:123456789012:cluster:production-auroracluster"
FOUND = {"db": {"ClusterArn": ARN, "Port": "5432"}}


@pytest.mark.parametrize(
    ("columns", "row"),
    [(None, f"db     ClusterArn  {ARN}"), (86, f"db     ClusterArn  {ARN}"), (80, f"db     ClusterArn\n{ARN}"),
     (40, f"db     ClusterArn\n{ARN}")],
)  # fmt: skip
def test_a_value_that_does_not_fit_begins_its_own_line(columns: int | None, row: str) -> None:
    assert outputs_table(FOUND, columns) == f"STACK  OUTPUT      VALUE\n{row}\ndb     Port        5432\n"
    assert outputs_table({}, columns) == ""
