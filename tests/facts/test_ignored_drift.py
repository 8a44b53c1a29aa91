"""The list of differences that AWS makes by itself: what it lets pass, and what it must not."""

from __future__ import annotations

import pytest

from aurora_cfn.facts import read_facts
from aurora_cfn.facts.ignored_drift import _TESTS, why_ignored
from aurora_cfn.template.resource_schema import schema

CLUSTER, INSTANCE = "AWS::RDS::DBCluster", "AWS::RDS::DBInstance"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234"


@pytest.mark.parametrize(
    ("kind", "path", "expected", "actual", "ignored"),
    [
        (CLUSTER, "/EngineVersion", "17", "17.5", True),
        (CLUSTER, "/EngineVersion", "17.4", "17.5", False),
        (CLUSTER, "/EngineVersion", "1", "17.5", False),
        (CLUSTER, "/EngineVersion", "8.0", "8.0.mysql_aurora.3.10.0", True),
        ("AWS::RDS::DBInstance", "/EngineVersion", "10.11", "10.11.10", True),
        (CLUSTER, "/DBClusterIdentifier", "Prod-Db", "prod-db", True),
        (CLUSTER, "/DBClusterIdentifier", "prod-db", "other", False),
        (CLUSTER, "/KmsKeyId", "alias/mine", KEY, True),
        (CLUSTER, "/KmsKeyId", "1234", KEY, True),
        (CLUSTER, "/KmsKeyId", "9999", KEY, False),
        (CLUSTER, "/KmsKeyId", "", KEY, True),
        (CLUSTER, "/AvailabilityZones", "", '["a","b","c"]', True),
        (CLUSTER, "/VpcSecurityGroupIds", '["a","b"]', '["b","a"]', True),
        (CLUSTER, "/VpcSecurityGroupIds", '["a","b"]', '["b","c"]', False),
        (CLUSTER, "/VpcSecurityGroupIds/0", "sg-1", "sg-2", False),
        (CLUSTER, "/PreferredMaintenanceWindow", "Sun:03:30-Sun:04:30", "sun:03:30-sun:04:30", True),
        (CLUSTER, "/StorageType", "aurora", "", True),
        (CLUSTER, "/StorageType", "aurora-iopt1", "", False),
        (CLUSTER, "/DeletionProtection", "true", "false", False),
        (CLUSTER, "/BackupRetentionPeriod", "", "7", False),
        (INSTANCE, "/PubliclyAccessible", "false", "true", False),
        ("AWS::EC2::SecurityGroup", "/SecurityGroupIngress", "", "[]", False),
    ],
)
def test_what_is_let_pass(kind: str, path: str, expected: str, actual: str, ignored: bool) -> None:
    assert bool(why_ignored(kind, path, expected, actual)) is ignored


def test_the_list_names_real_types_real_properties_and_known_kinds() -> None:
    facts = read_facts("drift")
    assert set(facts["kinds"]) == set(_TESTS)
    for kind, rows in facts["types"].items():
        known = schema(kind)
        assert known is not None
        for path, names in rows.items():
            assert path.split("/")[0] in known.properties, f"{kind} has no {path}"
            assert set(names) <= set(_TESTS)
