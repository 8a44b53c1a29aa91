"""Aurora MySQL and RDS PostgreSQL are the same database as Aurora PostgreSQL, but for what the engine dictates."""

from __future__ import annotations

import re
from typing import Any

import pytest

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.blueprints.aurora_serverless_mysql import BLUEPRINT as MYSQL
from aurora_cfn.blueprints.aurora_serverless_postgres import BLUEPRINT as POSTGRES
from aurora_cfn.blueprints.rds_postgres import BLUEPRINT as INSTANCE
from aurora_cfn.facts.versions import Feature, read_version, supports
from aurora_cfn.render import template

CONNECTION = {"StackName", "DNSName", "DBPort", "DBName", "SecretArn", "ClientSecurityGroupId"}


def resources(blueprint: Blueprint) -> dict[str, Any]:
    return dict(template(blueprint)["Resources"])


def said(blueprint: Blueprint, **changed: str) -> list[str]:
    values = {row.name: row.default_text or "" for row in blueprint.parameters} | changed
    return [problem for check in blueprint.checks if (problem := check.problem(values))]


def test_mysql_has_the_parameters_and_outputs_of_postgres() -> None:
    assert [row.name for row in MYSQL.parameters] == [row.name for row in POSTGRES.parameters]
    assert list(template(MYSQL)["Outputs"]) == list(template(POSTGRES)["Outputs"])


@pytest.mark.parametrize("blueprint", [MYSQL, POSTGRES, INSTANCE], ids=lambda row: row.name)
def test_every_database_has_the_connection_outputs(blueprint: Blueprint) -> None:
    assert set(template(blueprint)["Outputs"]) >= CONNECTION


def test_mysql_exports_the_logs_that_it_switches_on_each_to_a_group_with_retention() -> None:
    made = resources(MYSQL)
    settings = made["DBClusterParameterGroup"]["Properties"]["Parameters"]
    assert made["DBCluster"]["Properties"]["EnableCloudwatchLogsExports"] == ["audit", "error", "general", "slowquery"]
    assert {settings[name] for name in ("general_log", "server_audit_logging", "slow_query_log")} == {"1"}
    logs = [entry["Properties"] for entry in made.values() if entry["Type"] == "AWS::Logs::LogGroup"]
    groups = [group for group in logs if "/aws/rds/cluster/" in str(group.get("LogGroupName"))]
    assert len(groups) == 4
    assert all(group["RetentionInDays"] == {"Ref": "LogRetentionDays"} for group in groups)


def test_mysql_asks_for_tls_and_takes_iam_on_its_own_port() -> None:
    made = resources(MYSQL)
    assert made["DBClusterParameterGroup"]["Properties"]["Parameters"]["require_secure_transport"] == "ON"
    cluster = made["DBCluster"]["Properties"]
    assert (cluster["Port"], cluster["EnableIAMDatabaseAuthentication"]) == (3306, True)
    assert made["ClientToClusterIngress"]["Properties"]["FromPort"] == 3306


def test_the_family_of_mysql_is_made_of_two_parts_of_the_version() -> None:
    text, parts = resources(MYSQL)["DBClusterParameterGroup"]["Properties"]["Family"]["Fn::Sub"]
    version = str(MYSQL.parameter("EngineVersion").default).split(".")  # type: ignore[union-attr]
    for name, part in parts.items():
        index, _ = part["Fn::Select"]
        text = text.replace(f"${{{name}}}", version[index])
    assert text == "aurora-mysql8.0"


@pytest.mark.parametrize(
    ("blueprint", "name", "good", "bad"),
    [
        (MYSQL, "EngineVersion", ["8.0", "8.0.mysql_aurora.3.08.0", "8.0.mysql_aurora.3.13.0"],
         ["5.7", "8.0.mysql_aurora.3.07.1", "8.0.28", "17.7"]),
        (INSTANCE, "EngineVersion", ["14", "17.9", "18.1"], ["13.9", "9.6", "8.0"]),
        (INSTANCE, "InstanceClass", ["db.t3.micro", "db.m8g.large"], ["t3.micro", "db.serverless", ""]),
        (INSTANCE, "DBBackupRetentionPeriod", ["0", "35"], ["-1", "36"]),
        (INSTANCE, "AllocatedStorage", ["20", "65536"], ["19", "20.5"]),
        (INSTANCE, "MultiAZ", ["false"], ["no"]),
    ],
)  # fmt: skip
def test_parameters_have_their_bounds(blueprint: Blueprint, name: str, good: list[str], bad: list[str]) -> None:
    row = blueprint.parameter(name)
    assert row is not None
    assert [value for value in good if row.problem(value)] == []
    assert [value for value in bad if not row.problem(value)] == []


@pytest.mark.parametrize(
    ("blueprint", "changed", "words"),
    [
        (MYSQL, {"DatabaseName": "mysql"}, "reserved in Aurora MySQL"),
        (MYSQL, {"MasterUsername": "root"}, "reserved in Aurora MySQL"),
        (MYSQL, {"MinCapacity": "8"}, "over MaxCapacity"),
        (INSTANCE, {"DatabaseName": "select"}, "reserved in RDS PostgreSQL"),
        (INSTANCE, {"MasterUsername": "pg_me"}, "reserved in RDS PostgreSQL"),
        (INSTANCE, {"MaxAllocatedStorage": "21"}, "must be 20 (no growth) or at least 22"),
        (INSTANCE, {"EnvironmentName": "a-"}, "set InstanceName"),
    ],
)
def test_what_cannot_work_is_refused(blueprint: Blueprint, changed: dict[str, str], words: str) -> None:
    (problem,) = said(blueprint, **changed)
    assert words in problem


def test_the_cheap_values_of_an_experiment_are_reachable() -> None:
    cheap = {
        "InstanceClass": "db.t3.micro", "MultiAZ": "false", "AllocatedStorage": "20", "MaxAllocatedStorage": "20",
        "DBBackupRetentionPeriod": "0", "DeletionProtection": "false", "MonitoringInterval": "0",
    }  # fmt: skip
    assert said(INSTANCE, **cheap) == []
    rows = {row.name: row for row in INSTANCE.parameters}
    assert [name for name, value in cheap.items() if rows[name].problem(value)] == []


def test_an_instance_is_safe_by_default_and_leaves_a_snapshot() -> None:
    instance = resources(INSTANCE)["DBInstance"]
    defaults = {row.name: row.default_text for row in INSTANCE.parameters}
    assert (instance["DeletionPolicy"], instance["UpdateReplacePolicy"]) == ("Snapshot", "Snapshot")
    assert (defaults["MultiAZ"], defaults["DeletionProtection"], defaults["DBBackupRetentionPeriod"]) == (
        "true", "true", "30",
    )  # fmt: skip
    assert instance["Properties"]["PubliclyAccessible"] is False


@pytest.mark.parametrize(
    ("blueprint", "engine", "versions"),
    [
        (POSTGRES, "aurora-postgresql", [f"{major}.{minor}" for major in range(11, 20) for minor in range(30)]),
        (MYSQL, "aurora-mysql", [f"8.0.mysql_aurora.3.{minor:02}.0" for minor in range(13)]),
    ],
)
def test_a_version_is_let_in_when_it_is_known_to_have_all_that_the_template_switches_on(
    blueprint: Blueprint, engine: str, versions: list[str]
) -> None:
    (row,) = (row for row in blueprint.parameters if row.name == "EngineVersion")
    needed: tuple[Feature, ...] = ("serverless-v2", "scale-to-zero", "data-api")
    # 13 has it all, and is past its standard support.
    for text in versions:
        version = read_version(engine, text)
        assert version is not None
        able = all(supports(version, feature) for feature in needed)
        assert (re.fullmatch(row.pattern or "", text) is not None) is (able and version.numbers[0] != 13), text
