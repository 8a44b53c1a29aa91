"""Combinations that the params loader refuses, and those it must leave alone."""

from __future__ import annotations

import pytest

from aurora_cfn.blueprints.aurora_serverless_postgres import BLUEPRINT
from aurora_cfn.environment import load
from aurora_cfn.errors import InputError
from aurora_cfn.render import summaries

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
def test_a_wrong_combination_is_shown_in_one_sentence(changed: dict[str, str], part: str) -> None:
    (problem,) = problems(**changed)
    assert part in problem


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"MinCapacity": "4", "MaxCapacity": "4"},
        {"DatabaseName": "selects"},
        {"DatabaseName": "postgres", "SnapshotIdentifier": "before"},  # the data have it, and RDS is given no name
        {"DatabaseName": "postgres", "SourceDbClusterResourceId": "cluster-ABC"},
        {"EnvironmentName": "a--b", "ClusterName": "main"},
    ],
)
def test_what_is_right_is_left_alone(changed: dict[str, str]) -> None:
    assert problems(**changed) == []


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("MinCapacity: 2", [(6, "MinCapacity", "MinCapacity 2 is not used while AutoPause is true")]),
        ("AutoPause: true\n      MinCapacity: 8\n      MaxCapacity: 16", [(7, "MinCapacity", "keep 8 ACU running")]),
        ("AutoPause: false\n      MinCapacity: 2", []),
        ("MaxCapacity: 1", []),
        ("SecondsUntilAutoPause: 600", []),
        (
            "AutoPause: false\n      SecondsUntilAutoPause: 600",
            [
                (
                    7,
                    "SecondsUntilAutoPause",
                    "AutoPause is false: the cluster never pauses and keeps 2 ACU",
                )
            ],
        ),
    ],
)
def test_a_value_without_effect_is_said_with_its_line_and_the_choice(
    lines: str, said: list[tuple[int, str, str]]
) -> None:
    text = f"region: eu-west-1\nstacks:\n  db:\n    template: {BLUEPRINT.name}\n    parameters:\n      {lines}\n"
    found = load(text, "params/dev.yaml", "dev", summaries([BLUEPRINT]))
    assert found.warnings == ()
    assert [(row.severity, row.line, row.key) for row in found.unused] == [
        ("info", line, f"stacks.db.parameters.{name}") for line, name, _ in said
    ]
    assert all(part in row.message for row, (*_, part) in zip(found.unused, said, strict=True))


def test_a_minimum_over_the_maximum_is_wrong_even_while_the_cluster_pauses() -> None:
    text = "region: eu-west-1\nstacks:\n  db:\n    template: {}\n    parameters: {{{}}}\n"
    known = summaries([BLUEPRINT])
    for values in ("MinCapacity: 8, MaxCapacity: 4", "AutoPause: false, MaxCapacity: 1"):
        with pytest.raises(InputError, match="is over MaxCapacity"):
            load(text.format(BLUEPRINT.name, values), "params/dev.yaml", "dev", known)
