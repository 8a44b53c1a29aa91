"""Drift as text and as JSON."""

from __future__ import annotations

import json

from aurora_cfn.model.resource_drift import DriftedProperty, DriftReport, IgnoredProperty, ResourceDrift
from aurora_cfn.report.drift_report import drift_json, drift_text, shown
from aurora_cfn.template.forms import MASK

REPORT = DriftReport(
    "db",
    "db-dev",
    5,
    (
        ResourceDrift(
            "Cluster",
            "db-1",
            "AWS::RDS::DBCluster",
            "MODIFIED",
            (DriftedProperty("/BackupRetentionPeriod", "30", "7"), DriftedProperty("/Tags/0/Value", "", "x")),
        ),
        ResourceDrift("Logs", "/aws/x", "AWS::Logs::LogGroup", "DELETED"),
    ),
    (IgnoredProperty("Cluster", "/EngineVersion", "17", "17.5", "why"), IgnoredProperty("Old", "", "", "", "asked")),
    (ResourceDrift("Role", "r", "AWS::IAM::Policy", "NOT_CHECKED"),),
    "half",
)


def test_text_shows_each_thing_on_its_line() -> None:
    assert drift_text(REPORT) == (
        "db-dev: 2 of 5 resources drifted\n"
        "  ~ Cluster  AWS::RDS::DBCluster  db-1\n"
        "      /BackupRetentionPeriod: 30 in the template, 7 in AWS\n"
        "      /Tags/0/Value: (none) in the template, x in AWS\n"
        "  - Logs  AWS::Logs::LogGroup  /aws/x  deleted\n"
        "  ignored: Cluster/EngineVersion: 17 -> 17.5 (why)\n"
        "  ignored: Old (asked)\n"
        "  not compared: Role\n"
        "  the detection is not complete: half\n"
    )


def test_a_stack_in_sync_is_one_line() -> None:
    assert drift_text(DriftReport("db", "db-dev", 3)) == "db-dev: in sync, 3 resources\n"


def test_json_has_a_schema_and_everything() -> None:
    document = json.loads(drift_json([REPORT]))
    assert document["schema"] == "aurora-cfn.drift/1"
    assert document["stacks"][0]["drifted"][0]["properties"][0]["actual"] == "7"
    assert document["stacks"][0]["not_compared"] == ["Role"]


def test_what_may_be_a_secret_is_hidden_everywhere() -> None:
    for path in ("/MasterUserPassword", "/Environment/Variables/KEY", "/SecretString", "/Properties/AuthToken"):
        assert shown(path, "canary") == MASK
        drifted = ResourceDrift("X", "x", "T", "MODIFIED", (DriftedProperty(path, "canary", "canary2"),))
        report = DriftReport("db", "db-dev", 1, (drifted,))
        assert "canary" not in drift_text(report) + drift_json([report])
    assert shown("/MasterUserSecret/SecretArn", "arn:x") == "arn:x"


def test_what_is_long_is_cut() -> None:
    assert len(shown("/Policy", "x" * 1000)) < 130
