"""What the template promises: parameters, outputs and the facts of the cluster."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.blueprints.aurora_serverless_postgres import BLUEPRINT
from aurora_cfn.blueprints.parts.observation import RETENTION_DAYS
from aurora_cfn.render import render, template
from aurora_cfn.template.resource_schema import schema

TEMPLATE: dict[str, Any] = template(BLUEPRINT)
CLUSTER: dict[str, Any] = TEMPLATE["Resources"]["DBCluster"]


@pytest.mark.parametrize(
    ("name", "default", "good", "bad"),
    [
        ("EnvironmentName", "dev", ["a", "uat-2"], ["", "Dev", "1a", "a" * 32]),
        ("NetworkStackName", "", ["", "network-dev"], ["1x", "a/b"]),
        (
            "DBMaster",
            "",
            ["", "Mahira", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-AbCdEf"],
            ["a b", "a\n"],
        ),
        ("DatabaseName", "temporal", ["a", "A_1"], ["", "1a", "a-b", "a" * 64]),
        ("DBBackupRetentionPeriod", "30", ["1", "35"], ["0", "36", "1.5", "x"]),
        ("EnableDataApi", "true", ["true", "false"], ["yes", "True", ""]),
        ("AutoPause", "true", ["true", "false"], ["on"]),
        ("MaxCapacity", "4", ["1", "256", "1.5"], ["0.5", "256.5", "1.25", ""]),
        ("MinCapacity", "2", ["0.5", "256"], ["0", "0.75", "257"]),
        ("SecondsUntilAutoPause", "300", ["300", "86400"], ["299", "86401", "300.5"]),
        (
            "EngineVersion",
            "17.7",
            ["17.7", "14.12", "15.7", "16.3", "18.3", "17"],
            ["13.9", "14.11", "17.3", "9.6", "17.x"],
        ),
        ("DeletionProtection", "true", ["false"], ["no"]),
        ("Readers", "0", ["2"], ["3"]),
        (
            "SnapshotIdentifier",
            "",
            [
                "before-launch",
                "rds:dev-auroracluster-2026-11-28-03-10",
                "arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:before",
                "arn:aws:rds:eu-west-1:123456789012:snapshot:rds:box-2026",
            ],
            ["1a", "a b", "arn:aws:rds:eu-west-1:123456789012:cluster:x"],
        ),
        (
            "SourceDBClusterIdentifier",
            "",
            ["production-auroracluster", "arn:aws:rds:eu-west-1:123456789012:cluster:x"],
            ["a--b", "a-", "arn:aws:rds:eu-west-1:123456789012:snapshot:x", "a" * 64],
        ),
        ("RestoreType", "full-copy", ["copy-on-write"], ["", "clone"]),
        ("RestoreToTime", "", ["2026-11-28T13:55:00Z"], ["2026-11-28 13:55", "2026-11-28T13:55:00+01:00", "now"]),
    ],
)
def test_parameters_have_their_names_defaults_and_bounds(
    name: str, default: str, good: list[str], bad: list[str]
) -> None:
    row = BLUEPRINT.parameter(name)
    assert row is not None
    assert row.default_text == default
    assert [value for value in [default, *good] if row.problem(value)] == []
    assert [value for value in bad if not row.problem(value)] == []


def test_every_parameter_and_output_is_described() -> None:
    assert all(len(row.description) > 20 for row in BLUEPRINT.parameters)
    assert all(output["Description"] for output in TEMPLATE["Outputs"].values())


def test_outputs_are_exported_under_the_stack_and_their_own_name() -> None:
    assert {"StackName", "ClusterName", "DNSName", "DBName", "DBPort"} <= set(TEMPLATE["Outputs"])
    for name, output in TEMPLATE["Outputs"].items():
        assert output["Export"]["Name"] == {"Fn::Sub": "${AWS::StackName}-" + name}


def test_the_sections_stand_in_reading_order() -> None:
    lines = [line for line in render(BLUEPRINT).splitlines() if line and line[0].isalpha()]
    assert [line.split(":")[0] for line in lines] == [
        "AWSTemplateFormatVersion",
        "Description",
        "Metadata",
        "Parameters",
        "Rules",
        "Conditions",
        "Resources",
        "Outputs",
    ]


def test_the_clusters_data_survives_deletion_and_replacement() -> None:
    assert CLUSTER["DeletionPolicy"] == CLUSTER["UpdateReplacePolicy"] == "Snapshot"
    assert CLUSTER["Properties"]["StorageEncrypted"] is True
    assert CLUSTER["Properties"]["CopyTagsToSnapshot"] is True


def test_the_cluster_is_serverless_v2_with_an_instance_that_leaves_its_version_to_the_cluster() -> None:
    resources = TEMPLATE["Resources"]
    assert "EngineMode" not in CLUSTER["Properties"]
    instances = [entry for entry in resources.values() if entry["Type"] == "AWS::RDS::DBInstance"]
    assert len(instances) == 3
    assert "Condition" not in resources["Writer"]
    for entry in instances:
        assert entry["Properties"]["DBInstanceClass"] == "db.serverless"
        assert "EngineVersion" not in entry["Properties"]


def test_pausing_sets_the_minimum_to_zero_and_its_seconds_only_then() -> None:
    scaling = CLUSTER["Properties"]["ServerlessV2ScalingConfiguration"]["Fn::If"]
    assert scaling[1]["MinCapacity"] == 0
    assert scaling[1]["SecondsUntilAutoPause"] == {"Ref": "SecondsUntilAutoPause"}
    assert scaling[2] == {"MinCapacity": {"Ref": "MinCapacity"}, "MaxCapacity": {"Ref": "MaxCapacity"}}


def test_readers_can_pause_apart_from_the_failover_tiers() -> None:
    for name in ("Reader", "SecondReader"):
        assert TEMPLATE["Resources"][name]["Properties"]["PromotionTier"] == {"Fn::If": ["Pauses", 2, 1]}


def test_only_clients_enter_and_tls_is_forced() -> None:
    ingress = TEMPLATE["Resources"]["ClientToClusterIngress"]["Properties"]
    assert ingress["SourceSecurityGroupId"] == {"Fn::GetAtt": ["ClientSecurityGroup", "GroupId"]}
    assert (ingress["FromPort"], ingress["ToPort"]) == (5432, 5432)
    assert TEMPLATE["Resources"]["DBClusterParameterGroup"]["Properties"]["Parameters"] == {"rds.force_ssl": "1"}


def test_each_exported_log_has_a_group_with_retention_that_comes_first() -> None:
    for log in CLUSTER["Properties"]["EnableCloudwatchLogsExports"]:
        name = f"{log.capitalize()}LogGroup"
        assert TEMPLATE["Resources"][name]["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}
        assert name in CLUSTER["DependsOn"]


def test_logs_can_be_kept_for_every_time_that_cloudwatch_logs_takes() -> None:
    rules = schema("AWS::Logs::LogGroup")
    assert rules is not None
    assert tuple(map(str, rules.properties["RetentionInDays"]["enum"])) == RETENTION_DAYS
