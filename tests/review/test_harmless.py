"""Harmless edits in different styles: nothing is replaced, nothing fails, nothing is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.model.change import Verdict
from aurora_cfn.review.changes import changes
from aurora_cfn.template.side import Side
from tests.review.sides import one, read

CLUSTER, INSTANCE, GROUP = "AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::EC2::SecurityGroup"
RULES = [
    {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "10.0.0.0/16"},
    {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.1.0.0/16"},
]
STATEMENTS = [
    {"Effect": "Allow", "Action": ["rds-db:connect"], "Resource": "*"},
    {"Effect": "Allow", "Action": ["dsql:DbConnect"], "Resource": "*"},
]
PROPERTIES = [
    (CLUSTER, {"EnableCloudwatchLogsExports": ["a", "b"]}, {"EnableCloudwatchLogsExports": ["b", "a"]}),
    (CLUSTER, {"VpcSecurityGroupIds": ["sg-a", "sg-b"]}, {"VpcSecurityGroupIds": ["sg-b", "sg-a"]}),
    (CLUSTER, {"Port": 5432}, {"Port": "5432"}),
    (CLUSTER, {"StorageEncrypted": True}, {"StorageEncrypted": "true"}),
    (CLUSTER, {"StorageEncrypted": "True"}, {"StorageEncrypted": True}),
    ("AWS::MemoryDB::Cluster", {"SecurityGroupIds": ["a", "b"]}, {"SecurityGroupIds": ["b", "a"]}),
    (CLUSTER, {"BackupRetentionPeriod": 7}, {"BackupRetentionPeriod": 30}),
    (CLUSTER, {"DeletionProtection": False}, {"DeletionProtection": True}),
    (CLUSTER, {"CopyTagsToSnapshot": False}, {"CopyTagsToSnapshot": True}),
    (CLUSTER, {"PreferredMaintenanceWindow": "a"}, {"PreferredMaintenanceWindow": "b"}),
    (CLUSTER, {"ServerlessV2ScalingConfiguration": {"MinCapacity": 0.5, "MaxCapacity": 4}},
     {"ServerlessV2ScalingConfiguration": {"MaxCapacity": 8, "MinCapacity": 0.5}}),
    (CLUSTER, {"Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]},
     {"Tags": [{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "1"}]}),
    (INSTANCE, {"BackupRetentionPeriod": 30}, {"BackupRetentionPeriod": 7}),
    (INSTANCE, {"MultiAZ": False}, {"MultiAZ": True}),
    (INSTANCE, {"AutoMinorVersionUpgrade": True}, {"AutoMinorVersionUpgrade": False}),
    (INSTANCE, {"PreferredMaintenanceWindow": "a"}, {"PreferredMaintenanceWindow": "b"}),
    (INSTANCE, {"AllocatedStorage": "100"}, {"AllocatedStorage": "200"}),
    (INSTANCE, {"VPCSecurityGroups": ["sg-a", "sg-b"]}, {"VPCSecurityGroups": ["sg-b", "sg-a"]}),
    (INSTANCE, {"MonitoringInterval": 0}, {"MonitoringInterval": 60}),
    (INSTANCE, {"MaxAllocatedStorage": 200}, {"MaxAllocatedStorage": 300}),
    (INSTANCE, {"DBClusterIdentifier": "c", "PromotionTier": 1}, {"DBClusterIdentifier": "c", "PromotionTier": 2}),
    ("AWS::RDS::DBSubnetGroup", {"SubnetIds": ["a", "b"]}, {"SubnetIds": ["b", "a"]}),
    ("AWS::RDS::DBSubnetGroup", {"SubnetIds": ["a", "b"]}, {"SubnetIds": ["a", "b", "c"]}),
    ("AWS::RDS::DBProxy", {"VpcSecurityGroupIds": ["a", "b"]}, {"VpcSecurityGroupIds": ["b", "a"]}),
    ("AWS::RDS::EventSubscription", {"EventCategories": ["a", "b"]}, {"EventCategories": ["b", "a"]}),
    (GROUP, {"GroupDescription": "d", "SecurityGroupIngress": RULES},
     {"GroupDescription": "d", "SecurityGroupIngress": RULES[::-1]}),
    ("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": STATEMENTS}},
     {"PolicyDocument": {"Statement": STATEMENTS[::-1]}}),
    ("AWS::Lambda::Function", {"Timeout": 3}, {"Timeout": 30}),
    ("AWS::Logs::LogGroup", {"RetentionInDays": 7}, {"RetentionInDays": 30}),
    ("AWS::SecretsManager::Secret", {"Description": "a"}, {"Description": "b"}),
    ("AWS::DSQL::Cluster", {"DeletionProtectionEnabled": False}, {"DeletionProtectionEnabled": True}),
]  # fmt: skip
KEPT = "DeletionPolicy: Snapshot, UpdateReplacePolicy: Snapshot"
STYLES = [
    # Short and long intrinsics, quoted or not, another order of keys and of resources.
    ("Resources: {T: {Type: AWS::SNS::Topic}, D: {Type: AWS::RDS::DBCluster, Properties: {KmsKeyId: !Ref T}}}",
     'Resources: {D: {Properties: {KmsKeyId: {"Ref": "T"}}, Type: "AWS::RDS::DBCluster"}, T: {Type: AWS::SNS::Topic}}'),
    ("Resources: {D: {Type: AWS::RDS::DBCluster, Properties: {DatabaseName: !Sub orders}}}",
     "Resources: {D: {Type: AWS::RDS::DBCluster, Properties: {DatabaseName: orders}}}"),
    ("Resources: {D: {Type: AWS::RDS::DBCluster, Properties: {DatabaseName: !Join ['', [or, ders]]}}}",
     "Resources: {D: {Type: AWS::RDS::DBCluster, Properties: {DatabaseName: orders}}}"),
    # A condition whose value is not known, in other words.
    ("Parameters: {E: {Type: String}}\nConditions: {P: !Equals [!Ref E, prod]}\n"
     "Resources: {D: {Type: AWS::RDS::DBCluster, Properties: {DatabaseName: !If [P, a, b]}}}",
     "Parameters: {E: {Type: String}}\nConditions: {Test: !Not [!Equals [prod, !Ref E]]}\n"
     "Resources: {D: {Type: AWS::RDS::DBCluster, Properties: {DatabaseName: !If [Test, b, a]}}}"),
    # A value moves into a parameter, a mapping, a condition that holds.
    ("Resources: {D: {Type: AWS::RDS::DBCluster, Properties: {DatabaseName: orders}}}",
     "Parameters: {N: {Type: String, Default: orders}}\n"
     "Resources: {D: {Type: AWS::RDS::DBCluster, Properties: {DatabaseName: !Ref N}}}"),
    ("Resources: {D: {Type: AWS::RDS::DBCluster, Properties: {DatabaseName: orders}}}",
     "Mappings: {M: {a: {n: orders}}}\n"
     "Resources: {D: {Type: AWS::RDS::DBCluster, Properties: {DatabaseName: !FindInMap [M, a, n]}}}"),
    ("Resources: {D: {Type: AWS::RDS::DBCluster, Properties: {DatabaseName: orders}}}",
     "Conditions: {C: !Equals [a, a]}\n"
     "Resources: {D: {Type: AWS::RDS::DBCluster, Condition: C, Properties: {DatabaseName: !If [C, orders, b]}}}"),
    # A policy that keeps more, comments, another description, one more topic.
    ("Resources: {D: {Type: AWS::RDS::DBCluster, Properties: {}}}",
     f"Resources: {{D: {{Type: AWS::RDS::DBCluster, {KEPT}, Properties: {{}}}}}}"),
    ("Description: a\nResources: {D: {Type: AWS::RDS::DBCluster, Properties: {}}}",
     "Description: b # reason\nResources: {D: {Type: AWS::RDS::DBCluster}, T: {Type: AWS::SNS::Topic}}"),
]  # fmt: skip


def problems(before: Side, after: Side) -> list[str]:
    found = changes(before, after)
    return [one.logical_id for one in found if one.outcome >= Verdict.NOT_JUDGED or one.guarded or one.fails]


@pytest.mark.parametrize(("kind", "before", "after"), PROPERTIES)
def test_an_everyday_edit_of_a_property_is_harmless(kind: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    assert problems(one(kind, before), one(kind, after)) == []


@pytest.mark.parametrize(("before", "after"), STYLES)
def test_the_same_in_another_style_is_harmless(before: str, after: str) -> None:
    assert problems(read(before), read(after)) == []
