"""Combinations that the params loader refuses, and those it must leave alone."""

from __future__ import annotations

import pytest

from aurora_cfn.blueprints.aurora_serverless_postgres import BLUEPRINT

DEFAULTS = {row.name: row.default_text or "" for row in BLUEPRINT.parameters}


def problems(**changed: str) -> list[str]:
    values = DEFAULTS | changed
    return [text for check in BLUEPRINT.checks if (text := check.problem(values))]


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"MinCapacity": "8", "MaxCapacity": "4"}, "MinCapacity 8 is over MaxCapacity 4"),
        ({"DatabaseName": "postgres"}, "'postgres' is reserved"),
        ({"DatabaseName": "SELECT"}, "'SELECT' is reserved"),
        ({"MasterUsername": "admin"}, "'admin' is reserved"),
        ({"MasterUsername": "pg_owner"}, "'pg_owner' is reserved"),
        ({"BackupWindow": "03:00-04:00"}, "overlaps"),
        ({"BackupWindow": "01:00-01:10"}, "10 minutes are shorter"),
        ({"MaintenanceWindow": "sun:05:00-sun:05:10"}, "10 minutes are shorter"),
        ({"EnvironmentName": "dev-"}, "which has single hyphens only: set ClusterName"),
        ({"EnvironmentName": "a--b"}, "which has single hyphens only: set ClusterName"),
    ],
)
def test_a_wrong_combination_is_told_in_one_sentence(changed: dict[str, str], part: str) -> None:
    (problem,) = problems(**changed)
    assert part in problem


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"MinCapacity": "4", "MaxCapacity": "4"},
        {"DatabaseName": "selects"},
        {"EnvironmentName": "a--b", "ClusterName": "main"},
    ],
)
def test_what_is_right_is_left_alone(changed: dict[str, str]) -> None:
    assert problems(**changed) == []
