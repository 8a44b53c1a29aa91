"""Rules about capacity, pausing and engine modes: what is found, and what must be left alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lint.toys import DROP, PROXY, SECRET_ROLE, TARGETS, WRITER, found

SCALING = "Cluster.ServerlessV2ScalingConfiguration"
PAUSING = {SCALING: {"MinCapacity": 0, "MaxCapacity": 4}}
MYSQL = {"Cluster.Engine": "aurora-mysql", "Cluster.EngineVersion": "8.0.mysql_aurora.3.10.0"}
MODE = {
    "/Parameters/Mode": {"Type": "String", "Default": "provisioned", "AllowedValues": ["provisioned", "serverless"]}
}
SECOND = WRITER | {"Properties": WRITER["Properties"] | {"PromotionTier": 2}}
BEHIND_PROXY = {"Proxy": PROXY, "Targets": TARGETS, "Role": SECRET_ROLE}

BAD: list[tuple[str, dict[str, Any], str]] = [
    ("E9001", {"Cluster.EngineMode": "serverless"}, "ended on 2025-03-31"),
    ("E9001", MODE | {"Cluster.EngineMode": {"Ref": "Mode"}}, "when Mode is 'serverless'"),
    ("E9002", {"Cluster.ScalingConfiguration": {"MinCapacity": 3, "MaxCapacity": 2}}, "Serverless v1"),
    ("E9003", {SCALING: DROP}, "Cluster has no ServerlessV2ScalingConfiguration"),
    ("E9003", {SCALING: {"Ref": "AWS::NoValue"}}, "Cluster has no ServerlessV2ScalingConfiguration"),
    ("E9004", {"Writer": DROP}, "the cluster Cluster has no instance"),
    ("E9004", {"Writer": DROP, "/Outputs/Id": {"Value": {"Ref": "Cluster"}}}, "the cluster Cluster has no instance"),
    ("E9004", {"Writer.DBClusterIdentifier": "another"}, "has no instance"),
    ("E9005", {SCALING: {"MinCapacity": 0.3, "MaxCapacity": 4}}, "MinCapacity 0.3 is not a multiple of 0.5"),
    ("E9005", {SCALING: {"MinCapacity": 0.5, "MaxCapacity": 300}}, "MaxCapacity 300 is not between 1 and 256"),
    ("E9005", {SCALING: {"MinCapacity": -1, "MaxCapacity": 1}}, "MinCapacity -1 is not between 0 and 256"),
    ("E9005", {SCALING: {"MinCapacity": 0, "MaxCapacity": 0.5}}, "MaxCapacity 0.5 is not between 1 and 256"),
    ("E9005", {SCALING: {"MinCapacity": 8, "MaxCapacity": 4}}, "MinCapacity 8 is over MaxCapacity 4"),
    ("E9005", {SCALING: {"MinCapacity": "few", "MaxCapacity": 4}}, "MinCapacity 'few' is not a number"),
    ("W9006", {SCALING: {"MinCapacity": 1, "MaxCapacity": 200}, "Cluster.EngineVersion": "15.4"}, "128 ACU only"),
    ("E9007", PAUSING | {"Cluster.EngineVersion": "16.2"}, "16.2 cannot scale to zero, 13.15, 14.12, 15.7 or 16.3"),
    ("E9007", PAUSING | {"Cluster.EngineVersion": "12.22"}, "12.22 cannot scale to zero"),
    ("E9007", PAUSING | MYSQL | {"Cluster.EngineVersion": "8.0.mysql_aurora.3.04.2"}, "3.04.2 cannot scale to zero"),
    ("E9008", {SCALING: {"MinCapacity": 0, "MaxCapacity": 4, "SecondsUntilAutoPause": 100}}, "100 is not between"),
    ("E9008", {SCALING: {"MinCapacity": 0, "MaxCapacity": 4, "SecondsUntilAutoPause": 300.5}}, "300.5 is not between"),
    ("E9008", {SCALING: {"MinCapacity": 0, "MaxCapacity": 4, "SecondsUntilAutoPause": 86401}}, "86401 is not between"),
    ("E9009", {SCALING: {"MinCapacity": 1, "MaxCapacity": 4, "SecondsUntilAutoPause": 300}}, "MinCapacity 0, not 1"),
    ("W9009", PAUSING | BEHIND_PROXY, "Cluster never pauses: Targets keeps connections open"),
    ("W9010", PAUSING | {"Settings.Parameters": {"rds.logical_replication": "1"}}, "keeps Cluster from pausing"),
    ("W9010", PAUSING | MYSQL | {"Settings.Parameters": {"binlog_format": "ROW"}}, "binlog_format ROW"),
    ("W9011", PAUSING | {"Cluster.GlobalClusterIdentifier": "variant"}, "its global database"),
    ("W9011", PAUSING | {"Writer.DBInstanceClass": "db.r6g.large"}, "the provisioned instance Writer"),
    ("W9011", PAUSING | {"Copy": {"Type": "AWS::RDS::Integration",
                                  "Properties": {"SourceArn": {"Fn::GetAtt": ["Cluster", "DBClusterArn"]}}}}, "Copy"),
    ("I9012", PAUSING | {"/Parameters/Stage": {"Type": "String", "Default": "production"}}, "production cluster"),
    ("I9012", PAUSING | {"Cluster.Tags": [{"Key": "env", "Value": "prod-eu"}]}, "production cluster"),
    ("I9013", PAUSING | {"Settings.Parameters": {"shared_preload_libraries": "pg_stat_statements,pg_cron"}}, "skipped"),
    ("W9014", {"Reader": SECOND}, "the readers of Cluster start at tier 2"),
    ("E9051", {"Cluster.EngineVersion": "14.2"}, "14.2 has no Serverless v2"),
]  # fmt: skip
GOOD: list[tuple[str, dict[str, Any]]] = [
    ("E9001", {}),
    ("E9001", {"Cluster.EngineMode": "provisioned"}),
    ("E9001", {"/Parameters/Mode": {"Type": "String"}, "Cluster.EngineMode": {"Ref": "Mode"}}),
    ("E9002", {}),
    ("E9003", {}),
    ("E9003", {SCALING: DROP, "Writer.DBInstanceClass": "db.r6g.large"}),
    ("E9003", {SCALING: {"Fn::ImportValue": "scaling"}}),
    ("E9004", {}),
    ("E9004", {"Writer": DROP, "Cluster.SnapshotIdentifier": "kept"}),
    ("E9004", {"Writer": DROP, "Cluster.WithExpressConfiguration": True}),
    ("E9004", {"Writer": DROP, "/Outputs/Id": {"Value": {"Ref": "Cluster"}, "Export": {"Name": "id"}}}),
    ("E9004", {"Writer": DROP, "Nested": {"Type": "AWS::CloudFormation::Stack",
                                          "Properties": {"Parameters": {"Cluster": {"Ref": "Cluster"}}}}}),
    ("E9004", {"Writer": DROP, "Cluster.GlobalClusterIdentifier": "variant"}),
    ("E9004", {"Writer": DROP, "Cluster.EngineVersion": "16.9-limitless"}),
    ("E9004", {"Writer.DBClusterIdentifier": {"Fn::ImportValue": "x"}}),
    ("E9004", {"Writer": DROP, "/Transform": ["Ours"]}),
    ("E9004", {"Writer.DBClusterIdentifier": "orders", "Cluster.DBClusterIdentifier": "Orders"}),
    ("E9005", {SCALING: {"MinCapacity": 0, "MaxCapacity": 256}}),
    ("E9005", {SCALING: {"MinCapacity": "0.5", "MaxCapacity": "1"}}),
    ("E9005", {"/Parameters/Most": {"Type": "Number"}, SCALING: {"MinCapacity": 8, "MaxCapacity": {"Ref": "Most"}}}),
    ("E9005", {"/Parameters/Most": {"Type": "Number", "Default": 8, "AllowedValues": [2, 8]},
               SCALING: {"MinCapacity": 4, "MaxCapacity": {"Ref": "Most"}}}),
    ("W9006", {SCALING: {"MinCapacity": 1, "MaxCapacity": 200}}),
    ("W9006", {SCALING: {"MinCapacity": 1, "MaxCapacity": 200}, "Cluster.EngineVersion": "15"}),
    ("E9007", PAUSING),
    ("E9007", PAUSING | {"Cluster.EngineVersion": "16"}),
    ("E9007", PAUSING | {"Cluster.EngineVersion": "16.3"}),
    ("E9007", PAUSING | {"Cluster.EngineVersion": {"Fn::ImportValue": "version"}}),
    ("E9007", PAUSING | MYSQL),
    ("E9008", {SCALING: {"MinCapacity": 0, "MaxCapacity": 4, "SecondsUntilAutoPause": 86400}}),
    ("E9009", {SCALING: {"MinCapacity": 0, "MaxCapacity": 4, "SecondsUntilAutoPause": 300}}),
    ("W9009", BEHIND_PROXY),
    ("W9009", PAUSING),
    ("W9010", {"Settings.Parameters": {"rds.logical_replication": "1"}}),
    ("W9010", PAUSING | {"Settings.Parameters": {"rds.logical_replication": "0"}}),
    ("W9010", PAUSING | MYSQL | {"Settings.Parameters": {"binlog_format": "OFF"}}),
    ("W9011", PAUSING),
    ("I9012", PAUSING),
    ("I9012", PAUSING | {"/Parameters/Stage": {"Type": "String", "Default": "dev"}}),
    ("I9012", PAUSING | {"/Parameters/Stage": {"Type": "String", "Default": "dev", "AllowedValues": ["dev", "prod"]}}),
    ("I9013", {"Settings.Parameters": {"shared_preload_libraries": "pg_cron"}}),
    ("I9013", PAUSING | {"Settings.Parameters": {"shared_preload_libraries": "pg_stat_statements"}}),
    ("W9014", {}),
    ("W9014", PAUSING | {"Reader": SECOND}),
    ("W9014", {"Reader": WRITER}),
    ("E9051", {}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "changes", "message"), BAD)
def test_what_is_wrong_is_found(rule: str, changes: dict[str, Any], message: str) -> None:
    assert [text for _, text in found(rule, changes) if message in text]


@pytest.mark.parametrize(("rule", "changes"), GOOD)
def test_what_is_right_is_left_alone(rule: str, changes: dict[str, Any]) -> None:
    assert found(rule, changes) == []


def test_the_environment_decides() -> None:
    choice = MODE | {"Cluster.EngineMode": {"Ref": "Mode"}}
    assert found("E9001", choice, Mode="provisioned") == []
    (only,) = found("E9001", choice, Mode="serverless")
    assert "when" not in only[1]


def test_a_condition_leads_to_the_branch_that_is_wrong() -> None:
    changes = {
        "/Parameters/AutoPause": {"Type": "String", "Default": "false", "AllowedValues": ["true", "false"]},
        "/Conditions/Pauses": {"Fn::Equals": [{"Ref": "AutoPause"}, "true"]},
        SCALING: {"MinCapacity": {"Fn::If": ["Pauses", 0, 2]}, "MaxCapacity": 4},
        "Cluster.EngineVersion": "16.2",
    }
    ((path, message),) = found("E9007", changes)
    assert path.endswith("ServerlessV2ScalingConfiguration/MinCapacity/Fn::If/1")
    assert "when AutoPause is 'true'" in message


def test_what_the_templates_own_rules_refuse_is_left_alone() -> None:
    changes = MODE | {
        "Cluster.EngineMode": {"Ref": "Mode"},
        "/Rules/NoV1": {"Assertions": [{"Assert": {"Fn::Equals": [{"Ref": "Mode"}, "provisioned"]}}]},
    }
    assert found("E9001", changes) == []


def test_values_that_share_a_mistake_are_shown_once() -> None:
    changes = PAUSING | {
        "/Parameters/V": {"Type": "String", "Default": "16.3", "AllowedValues": ["16.3", "16.2", "15.6", "15.5"]},
        "Cluster.EngineVersion": {"Ref": "V"},
    }
    ((_, message),) = found("E9007", changes)
    assert message.startswith("16.2 cannot scale to zero")
    assert "when V is '16.2' (and with 2 other values): " in message


def test_what_stands_in_the_first_variant_is_not_shown_again() -> None:
    changes = PAUSING | {
        "/Parameters/V": {"Type": "String", "Default": "16.2", "AllowedValues": ["16.2", "15.6"]},
        "Cluster.EngineVersion": {"Ref": "V"},
    }
    ((_, message),) = found("E9007", changes)
    assert "when" not in message
