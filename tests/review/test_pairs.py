"""Before and after, one resource at a time: the verdict, and the words that a reviewer must read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from aurora_cfn.facts.stateful import stateful_types
from aurora_cfn.model.change import Verdict
from aurora_cfn.review.changes import changes
from aurora_cfn.template.side import Side
from tests.review.sides import between, of, one

D, R, I = Verdict.DATA_LOSS, Verdict.REPLACE, Verdict.INTERRUPTION  # noqa: E741 - short names for a long table
P, M = Verdict.IN_PLACE, Verdict.METADATA
CLUSTER, INSTANCE, NESTED = "AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::CloudFormation::Stack"
TABLE, BUCKET, SAM = "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Serverless::"
GLOBAL = "AWS::DynamoDB::GlobalTable"
KEPT = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
SNAPSHOT = {"DeletionPolicy": "Snapshot", "UpdateReplacePolicy": "Snapshot"}
MEMBER = {"DBClusterIdentifier": "c", "Engine": "aurora-postgresql"}


class Row(NamedTuple):
    kind: str
    before: dict[str, Any]
    after: dict[str, Any]
    verdict: Verdict
    says: str
    flags: str = ""
    """g guarded, m maybe, f fails, a alert; exactly these."""
    attributes: Mapping[str, Any] = MappingProxyType({})


def replicas(*regions: str) -> dict[str, Any]:
    return {"Replicas": [{"Region": region} for region in regions]}


def expire(rule: dict[str, Any]) -> dict[str, Any]:
    return {"LifecycleConfiguration": {"Rules": [{"Status": "Enabled", **rule}]}}


def indexes(*names: str, key: str = "a", units: int = 1) -> dict[str, Any]:
    throughput = {"ReadCapacityUnits": units, "WriteCapacityUnits": 1}
    rest = {"KeySchema": [{"AttributeName": key, "KeyType": "HASH"}], "ProvisionedThroughput": throughput}
    return {"GlobalSecondaryIndexes": [{"IndexName": name, **rest} for name in names]}


ROWS = [
    # What the schema replaces, under each policy.
    Row(CLUSTER, {"DatabaseName": "a"}, {"DatabaseName": "b"}, D, "is deleted, and with it every database", "g"),
    Row(CLUSTER, {"DatabaseName": "a"}, {"DatabaseName": "b"}, R, "after a final snapshot", "g", SNAPSHOT),
    Row(CLUSTER, {"DatabaseName": "a"}, {"DatabaseName": "b"}, R, "is retained with its data", "g", KEPT),
    Row(CLUSTER, {"DBSubnetGroupName": "a"}, {"DBSubnetGroupName": "b"}, D, "empty, takes its place", "g"),
    Row(CLUSTER, {"KmsKeyId": "a"}, {"KmsKeyId": "b"}, D, "KmsKeyId replaces it", "g"),
    Row(CLUSTER, {"StorageEncrypted": False}, {"StorageEncrypted": True}, D, "StorageEncrypted replaces it", "g"),
    Row(CLUSTER, {}, {"StorageEncrypted": True}, D, "StorageEncrypted replaces it", "g"),
    Row(CLUSTER, {"EngineMode": "serverless"}, {"EngineMode": "provisioned"}, D, "EngineMode replaces it", "g"),
    Row(CLUSTER, {"DBClusterIdentifier": "a"}, {"DBClusterIdentifier": "b"}, D, "replaces it", "g"),
    Row(CLUSTER, {"DBClusterIdentifier": "A"}, {"DBClusterIdentifier": "a"}, D, "may replace it", "gm"),
    Row(CLUSTER, {"MasterUsername": "a"}, {"MasterUsername": "b"}, D, "may replace it", "gm"),
    Row(CLUSTER, {"Engine": "aurora-mysql"}, {"Engine": "aurora-postgresql"}, D, "Engine replaces it", "g"),
    Row(CLUSTER, {"Engine": "aurora"}, {"Engine": "aurora-mysql"}, I, "becomes aurora-mysql in place"),
    Row(CLUSTER, {"GlobalClusterIdentifier": "g"}, {}, P, "becomes standalone", "a"),
    Row(CLUSTER, {"GlobalClusterIdentifier": "g"}, {"GlobalClusterIdentifier": "h"}, D, "replaces it", "g"),
    Row(CLUSTER, {"SnapshotIdentifier": "s"}, {}, D, "makes an empty database cluster", "g", SNAPSHOT),
    Row(CLUSTER, {"SnapshotIdentifier": "s"}, {"SnapshotIdentifier": "t"}, R, "written since then", "g", SNAPSHOT),
    Row(CLUSTER, {}, {"SnapshotIdentifier": "s"}, D, "restored from a snapshot", "g"),
    Row(
        CLUSTER,
        {"SnapshotIdentifier": "s"},
        {"SourceDBClusterIdentifier": "c"},
        R,
        "restored from SourceDBClusterIdentifier",
        "g",
        SNAPSHOT,
    ),
    Row(CLUSTER, {"SourceDBClusterIdentifier": "s"}, {}, D, "makes an empty database cluster", "g", SNAPSHOT),
    Row(CLUSTER, {"SourceDbClusterResourceId": "s"}, {}, D, "makes an empty database cluster", "g", SNAPSHOT),
    Row(
        CLUSTER,
        {"SourceDbClusterResourceId": "s"},
        {"SourceDbClusterResourceId": "t"},
        R,
        "written since then is not in it",
        "g",
        SNAPSHOT,
    ),
    Row(
        CLUSTER,
        {"SourceDbClusterResourceId": "s", "RestoreToTime": "a"},
        {"SourceDbClusterResourceId": "s", "RestoreToTime": "b"},
        R,
        "restored from the automated backups of a deleted cluster, takes its place",
        "g",
        SNAPSHOT,
    ),
    Row(
        CLUSTER,
        {"DatabaseName": "a", "DeleteAutomatedBackups": False},
        {"DatabaseName": "b", "DeleteAutomatedBackups": False},
        R,
        "its automated backups stay too, until their retention ends",
        "g",
        SNAPSHOT,
    ),
    # A key without a value is an item of a list too.
    Row(
        BUCKET,
        {"AnalyticsConfigurations": [{"TagFilters": [{"Key": "a"}]}]},
        {"AnalyticsConfigurations": [{"TagFilters": [{"Key": "b"}]}]},
        P,
        "updated in place",
    ),
    Row(CLUSTER, {}, {"DeleteAutomatedBackups": False}, P, "it only counts when the cluster is deleted"),
    Row(CLUSTER, {"DeleteAutomatedBackups": False}, {}, P, "deleted together", "a"),
    Row(
        CLUSTER,
        {"SourceDBClusterIdentifier": "s"},
        {"SourceDBClusterIdentifier": "t"},
        R,
        "from that source",
        "g",
        SNAPSHOT,
    ),
    Row(CLUSTER, {"RestoreToTime": "1"}, {"RestoreToTime": "2"}, D, "RestoreToTime replaces it", "g"),
    # Versions.
    Row(CLUSTER, {"EngineVersion": "16.3"}, {"EngineVersion": "16.4"}, I, "restarts on the new engine version"),
    Row(CLUSTER, {"EngineVersion": "16.4"}, {"EngineVersion": "16.3"}, I, "does not downgrade", "fa"),
    Row(CLUSTER, {"EngineVersion": "16.4"}, {"EngineVersion": "17.4"}, I, "major upgrade 16.4 to 17.4", "ga"),
    Row(CLUSTER, {"EngineVersion": "16.4"}, {"EngineVersion": "16"}, I, "restarts"),
    Row(CLUSTER, {"EngineVersion": "17"}, {"EngineVersion": "16.9"}, I, "does not downgrade", "fa"),
    Row(
        CLUSTER,
        {"Engine": "aurora-mysql", "EngineVersion": "8.0.mysql_aurora.3.08.0"},
        {"Engine": "aurora-mysql", "EngineVersion": "8.0.mysql_aurora.3.04.2"},
        I,
        "does not downgrade",
        "fa",
    ),
    Row(
        INSTANCE,
        {"Engine": "postgres", "EngineVersion": "16.4"},
        {"Engine": "postgres", "EngineVersion": "17.4"},
        I,
        "without AllowMajorVersionUpgrade",
        "gfa",
    ),
    Row(
        INSTANCE,
        {"Engine": "mysql", "EngineVersion": "8.0.36"},
        {"Engine": "mysql", "EngineVersion": "8.4.3", "AllowMajorVersionUpgrade": True},
        I,
        "major upgrade",
        "ga",
    ),
    # Protection, backups, access.
    Row(CLUSTER, {"DeletionProtection": True}, {"DeletionProtection": False}, P, "protection goes off", "a"),
    Row(CLUSTER, {"DeletionProtection": True}, {}, P, "deletion protection stays on"),
    Row(CLUSTER, {}, {"DeletionProtection": True}, P, "updated in place"),
    Row(CLUSTER, {"BackupRetentionPeriod": 14}, {"BackupRetentionPeriod": 7}, P, "kept shorter", "a"),
    Row(CLUSTER, {"BackupRetentionPeriod": 14}, {}, P, "older than a day are deleted", "a"),
    Row(CLUSTER, {"BackupRetentionPeriod": 7}, {"BackupRetentionPeriod": 14}, P, "updated in place"),
    Row(
        CLUSTER,
        {"EnableIAMDatabaseAuthentication": True},
        {"EnableIAMDatabaseAuthentication": False},
        I,
        "IAM tokens stop",
        "a",
    ),
    Row(CLUSTER, {"DeleteAutomatedBackups": False}, {"DeleteAutomatedBackups": True}, P, "deleted together", "a"),
    Row(
        CLUSTER,
        {"EngineLifecycleSupport": "a"},
        {"EngineLifecycleSupport": "b"},
        P,
        "the cluster may keep the old value",
        "mfa",
    ),
    Row(CLUSTER, {"EnableIAMDatabaseAuthentication": True}, {}, P, "IAM authentication stays on"),
    # What interrupts, and what does not.
    Row(CLUSTER, {"Port": 5432}, {"Port": 5433}, I, "new port"),
    Row(CLUSTER, {"DBClusterParameterGroupName": "a"}, {"DBClusterParameterGroupName": "b"}, I, "rebooted"),
    Row(CLUSTER, {"MasterUserPassword": "a"}, {"MasterUserPassword": "b"}, I, "logins with the old password"),
    Row(CLUSTER, {"EnableHttpEndpoint": True}, {"EnableHttpEndpoint": False}, P, "Data API"),
    Row(CLUSTER, {"PreferredBackupWindow": "a"}, {"PreferredBackupWindow": "b"}, P, "updated in place"),
    Row(CLUSTER, {"VpcSecurityGroupIds": ["a", "b"]}, {"VpcSecurityGroupIds": ["b", "a"]}, P, "only the order changed"),
    Row(INSTANCE, {"VPCSecurityGroups": ["a", "b"]}, {"VPCSecurityGroups": ["b", "c"]}, I, "are cut off"),
    Row(
        CLUSTER,
        {"ServerlessV2ScalingConfiguration": {"MinCapacity": 0.5, "MaxCapacity": 2}},
        {"ServerlessV2ScalingConfiguration": {"MinCapacity": 0, "MaxCapacity": 2}},
        P,
        "pauses when idle",
    ),
    Row(
        CLUSTER,
        {"ServerlessV2ScalingConfiguration": {"MinCapacity": 0, "MaxCapacity": 2}},
        {"ServerlessV2ScalingConfiguration": {"MinCapacity": 1, "MaxCapacity": 2}},
        P,
        "does not pause any more",
    ),
    Row(
        CLUSTER,
        {"ServerlessV2ScalingConfiguration": {"MinCapacity": 1, "MaxCapacity": 2}},
        {"ServerlessV2ScalingConfiguration": {"MinCapacity": 1, "MaxCapacity": 8}},
        P,
        "max_connections",
    ),
    Row(CLUSTER, {"Tags": [{"Key": "a", "Value": "1"}]}, {"Tags": [{"Key": "a", "Value": "2"}]}, M, "tags are changed"),
    # Instances: a member of a cluster keeps no data, one that stands alone does.
    Row(
        INSTANCE, {**MEMBER, "DBSubnetGroupName": "a"}, {**MEMBER, "DBSubnetGroupName": "b"}, R, "a new one is created"
    ),
    Row(INSTANCE, {**MEMBER, "DBInstanceClass": "a"}, {**MEMBER, "DBInstanceClass": "b"}, I, "fails over"),
    Row(INSTANCE, {**MEMBER, "PubliclyAccessible": False}, {**MEMBER, "PubliclyAccessible": True}, I, "", "ga"),
    Row(INSTANCE, {**MEMBER, "PromotionTier": 0}, {**MEMBER, "PromotionTier": 2}, P, "updated in place"),
    Row(INSTANCE, {"StorageEncrypted": False}, {"StorageEncrypted": True}, D, "every database in it", "g"),
    Row(
        INSTANCE,
        {"BackupRetentionPeriod": 7},
        {"BackupRetentionPeriod": 0},
        D,
        "backups are switched off",
        "ga",
    ),
    Row(INSTANCE, {"DBSnapshotIdentifier": "s"}, {}, P, "keeps its data"),
    Row(INSTANCE, {"DBSnapshotIdentifier": "s"}, {"DBSnapshotIdentifier": "t"}, D, "restored from that snapshot", "g"),
    Row(INSTANCE, {"AllocatedStorage": "20"}, {"AllocatedStorage": "40"}, P, "never shrink"),
    # What a nested stack does inside is not seen, so that it has to be named; its tags change nothing there.
    Row(NESTED, {"TemplateURL": "a"}, {"TemplateURL": "b"}, I, "not seen from here", "g"),
    Row(NESTED, {"Parameters": {"A": "1"}}, {"Parameters": {"A": "2"}}, I, "not seen from here", "g"),
    Row(NESTED, {"TimeoutInMinutes": 1}, {"TimeoutInMinutes": 2}, P, "updated in place"),
    # The rest of the stateful types.
    Row("AWS::RDS::DBSubnetGroup", {"DBSubnetGroupName": "a"}, {"DBSubnetGroupName": "b"}, R, "subnet group", "g"),
    Row("AWS::RDS::GlobalCluster", {"GlobalClusterIdentifier": "a"}, {"GlobalClusterIdentifier": "b"}, R, "", "g"),
    Row("AWS::DSQL::Cluster", {"DeletionProtectionEnabled": True}, {}, P, "protection goes off", "a"),
    Row(
        "AWS::DSQL::Cluster",
        {"KmsEncryptionKey": "a"},
        {"KmsEncryptionKey": "b"},
        P,
        "encrypted again with the other key",
    ),
    Row("AWS::SecretsManager::Secret", {"Name": "a"}, {"Name": "b"}, D, "applications log in with", "g"),
    Row("AWS::SecretsManager::Secret", {"Name": "a"}, {"Name": "b"}, R, "outside the stack", "g", KEPT),
    Row("AWS::SecretsManager::Secret", {"Name": "a"}, {"Name": "b"}, D, "is deleted", "g", SNAPSHOT),
    Row("AWS::KMS::Key", {"Enabled": True}, {"Enabled": False}, I, "while it is disabled", "a"),
    Row("AWS::KMS::Key", {"EnableKeyRotation": True}, {}, P, "not rotated", "a"),
    Row("AWS::S3::Bucket", {"BucketName": "a"}, {"BucketName": "b"}, D, "objects in it", "g"),
    Row("AWS::DynamoDB::Table", {"TableName": "a"}, {"TableName": "b"}, D, "every item", "g"),
    Row("AWS::DynamoDB::Table", {"DeletionProtectionEnabled": True}, {}, P, "protection goes off", "a"),
    Row(GLOBAL, replicas("a", "b"), replicas("a", "b", "c"), P, "updated in place"),
    Row(GLOBAL, replicas("a", "b"), replicas("b", "a"), P, "only the order changed"),
    Row(GLOBAL, replicas("a", "b"), replicas("a"), I, "the replica in b is deleted", "a"),
    Row(GLOBAL, replicas("a", "b"), replicas("a", "c"), P, "one replica in an update, not 2 (b, c)", "fa"),
    # What a lifecycle rule deletes earlier than before, or what none deleted.
    Row(BUCKET, {}, expire({"ExpirationInDays": 30}), P, "deletes objects after 30 days", "a"),
    Row(BUCKET, expire({"ExpirationInDays": 90}), expire({"ExpirationInDays": 30}), P, "deletes objects after 30", "a"),
    Row(BUCKET, expire({"ExpirationInDays": 30}), expire({"ExpirationInDays": 90}), P, "updated in place"),
    Row(BUCKET, expire({"ExpirationInDays": 30}), {}, P, "updated in place"),
    Row(BUCKET, expire({"ExpirationInDays": 9}), expire({"ExpirationInDays": 9, "Prefix": "a"}), P, "updated in place"),
    Row(
        BUCKET,
        expire({"ExpirationInDays": 9, "Prefix": "a"}),
        expire({"ExpirationInDays": 9, "Prefix": "b"}),
        P,
        "deletes objects after 9 days",
        "a",
    ),
    Row(BUCKET, {}, expire({"ExpirationInDays": 30, "Status": "Disabled"}), P, "updated in place"),
    Row(
        BUCKET, {}, expire({"NoncurrentVersionExpiration": {"NoncurrentDays": 7}}), P, "old versions after 7 days", "a"
    ),
    Row(BUCKET, {}, expire({"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}), P, "updated in place"),
    # Resources of SAM have no schema: what they become is replaced.
    Row(SAM + "SimpleTable", {"TableName": "a"}, {"TableName": "b"}, D, "every item in it", "g"),
    Row(
        SAM + "SimpleTable", {"PrimaryKey": {"Name": "a"}}, {"PrimaryKey": {"Name": "b"}}, R, "with its data", "g", KEPT
    ),
    Row(SAM + "Function", {"FunctionName": "a"}, {"FunctionName": "b"}, R, "FunctionName replaces it"),
    Row(SAM + "Function", {"Timeout": 1}, {"Timeout": 2}, P, "AWS SAM passes it on", "m"),
    Row(SAM + "Api", {"StageName": "a"}, {"StageName": "b"}, R, "StageName makes another stage"),
    Row(SAM + "LayerVersion", {"ContentUri": "a"}, {"ContentUri": "b"}, R, "the old one stays"),
    Row(SAM + "LayerVersion", {"RetentionPolicy": "Delete"}, {"Description": "b"}, R, "the old one is deleted"),
    Row(SAM + "HttpApi", {}, {"StageName": "b"}, R, "StageName makes another stage"),
    # One global index comes or goes in an update, and only its throughput changes.
    Row(TABLE, indexes("a"), indexes("a", "b"), P, "updated in place"),
    Row(TABLE, indexes("a", "b"), indexes("b", "a"), P, "updated in place"),
    Row(TABLE, indexes("a"), indexes("a", "b", "c"), P, "one global index in an update, not 2 (b, c)", "fa"),
    Row(TABLE, indexes("a", "b"), {}, P, "not 2 (a, b)", "fa"),
    Row(TABLE, indexes("a"), indexes("b"), P, "not 2 (a, b)", "fa"),
    Row(
        TABLE,
        indexes("a"),
        indexes("a", key="b"),
        P,
        "another key or projection of a global index that exists (a)",
        "fa",
    ),
    Row(TABLE, indexes("a"), indexes("a", "b", key="b"), P, "another key or projection", "fa"),
    Row(TABLE, indexes("a"), indexes("a", units=5), P, "updated in place"),
    Row(TABLE, indexes("a"), {"GlobalSecondaryIndexes": {"Ref": "Unknown"}}, P, "updated in place"),
    Row("AWS::EFS::FileSystem", {"Encrypted": False}, {"Encrypted": True}, D, "every file", "g"),
    Row("AWS::Redshift::Cluster", {"DBName": "a"}, {"DBName": "b"}, R, "final snapshot", "g", SNAPSHOT),
    Row("AWS::Logs::LogGroup", {"LogGroupName": "a"}, {"LogGroupName": "b"}, R, "log event", "g"),
    Row("AWS::Logs::LogStream", {"LogStreamName": "a"}, {"LogStreamName": "b"}, R, "log event", "g"),
    Row("AWS::Logs::LogGroup", {}, {"RetentionInDays": 30}, P, "all of them to 30", "a"),
    Row("AWS::SQS::Queue", {"FifoQueue": False}, {"FifoQueue": True}, D, "messages", "g"),
    Row("AWS::Neptune::DBCluster", {"SnapshotIdentifier": "a"}, {}, D, "makes an empty", "g", KEPT),
    Row("AWS::DocDB::DBCluster", {"StorageEncrypted": False}, {"StorageEncrypted": True}, D, "collection", "g"),
    Row("AWS::DocDB::DBCluster", {"EngineVersion": "4.0.0"}, {"EngineVersion": "5.0.0"}, I, "major upgrade", "ga"),
    Row(
        "AWS::DocDB::DBCluster",
        {"EngineVersion": "5.0.0", "VpcSecurityGroupIds": ["sg-1"]},
        {"EngineVersion": "8.0.0", "VpcSecurityGroupIds": ["sg-1"]},
        I,
        "Cannot change VPC security group",
        "ga",
    ),
    Row("AWS::Cognito::UserPool", {"DeletionProtection": "ACTIVE"}, {"DeletionProtection": "INACTIVE"}, P, "", "a"),
    Row(
        "AWS::ElastiCache::ReplicationGroup", {"SnapshotRetentionLimit": 5}, {"SnapshotRetentionLimit": 0}, D, "", "ga"
    ),
    Row("AWS::ElastiCache::ReplicationGroup", {}, {"SnapshotRetentionLimit": 0}, P, "updated in place"),
    Row("AWS::Kinesis::Stream", {"RetentionPeriodHours": 168}, {}, P, "168 to 24", "a"),
    Row("AWS::CloudTrail::EventDataStore", {}, {"RetentionPeriod": 90}, P, "366 to 90", "a"),
    Row("AWS::Events::Archive", {}, {"RetentionDays": 30}, P, "all of them to 30", "a"),
    Row("AWS::Events::Archive", {"RetentionDays": 0}, {"RetentionDays": 30}, P, "all of them to 30", "a"),
    Row("AWS::Events::Archive", {"RetentionDays": 30}, {"RetentionDays": 0}, P, "updated in place"),
    Row("AWS::Backup::BackupVault", {"BackupVaultName": "a"}, {"BackupVaultName": "b"}, D, "recovery points", "g"),
    # Everything else.
    Row("AWS::RDS::DBClusterParameterGroup", {"Family": "a"}, {"Family": "b"}, R, "a new one is created"),
    Row(
        "AWS::RDS::DBClusterParameterGroup",
        {"Family": "a", "Parameters": {"rds.logical_replication": "0"}},
        {"Family": "a", "Parameters": {"rds.logical_replication": "1"}},
        I,
        "is static",
    ),
    Row(
        "AWS::RDS::DBParameterGroup",
        {"Family": "aurora-postgresql17", "Parameters": {"max_connections": "100"}},
        {"Family": "aurora-postgresql17", "Parameters": {"max_connections": "200"}},
        I,
        "max_connections is static",
    ),
    Row(
        "AWS::RDS::DBParameterGroup",
        {"Family": "aurora-mysql8.0", "Parameters": {"max_connections": "100"}},
        {"Family": "aurora-mysql8.0", "Parameters": {"max_connections": "200"}},
        P,
        "max_connections is dynamic",
    ),
    Row(
        "AWS::RDS::DBClusterParameterGroup",
        {"Family": {"Fn::Sub": "${Kind}8.0"}, "Parameters": {"max_connections": "100"}},
        {"Family": {"Fn::Sub": "${Kind}8.0"}, "Parameters": {"max_connections": "200"}},
        P,
        "after a reboot where it is static",
    ),
    Row(
        "AWS::RDS::DBClusterParameterGroup",
        {"Family": "a", "Parameters": {"rds.force_ssl": 1}},
        {"Family": "a", "Parameters": {"rds.force_ssl": 0}},
        P,
        "without TLS are let in",
        "a",
    ),
    Row(
        "AWS::RDS::DBClusterParameterGroup",
        {"Family": "a", "Parameters": {"work_mem": 1}},
        {"Family": "a", "Parameters": {"work_mem": 2}},
        P,
        "dynamic",
    ),
    Row("AWS::RDS::DBProxy", {"RequireTLS": True}, {"RequireTLS": False}, I, "without TLS", "a"),
    Row("AWS::RDS::DBProxy", {"EngineFamily": "MYSQL"}, {"EngineFamily": "POSTGRESQL"}, R, "a new one is created"),
    Row("AWS::RDS::DBProxy", {"VpcSubnetIds": ["a", "b"]}, {"VpcSubnetIds": ["b", "a"]}, R, "", "m"),
    Row("AWS::RDS::DBProxy", {"DebugLogging": False}, {"DebugLogging": True}, P, "updated in place"),
    Row("AWS::EC2::ClientVpnEndpoint", {"ClientCidrBlock": "a"}, {"ClientCidrBlock": "b"}, R, "a new one is created"),
    Row("AWS::EC2::ClientVpnEndpoint", {"SplitTunnel": True}, {"SplitTunnel": False}, I, "connect again"),
    Row(
        "AWS::EC2::SecurityGroup",
        {"SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "10.0.0.0/8"}]},
        {"SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "0.0.0.0/0"}]},
        P,
        "port 5432 opens to 0.0.0.0/0",
        "ga",
    ),
    Row(
        "AWS::EC2::SecurityGroup",
        {},
        {"SecurityGroupIngress": [{"IpProtocol": -1, "CidrIpv6": "::/0"}]},
        P,
        "every port opens to ::/0",
        "a",
    ),
    Row(
        "AWS::EC2::SecurityGroup",
        {"SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "CidrIp": "10.0.0.0/8"}]},
        {"SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "CidrIp": "10.1.0.0/16"}]},
        I,
        "1 ingress rule is removed",
    ),
    Row(
        "AWS::EC2::SecurityGroup",
        {"SecurityGroupIngress": [{"IpProtocol": "tcp", "SourceSecurityGroupId": "a"}]},
        {},
        I,
        "lose access",
    ),
    Row(
        "AWS::SecretsManager::Secret",
        {"GenerateSecretString": {"PasswordLength": 16}},
        {"GenerateSecretString": {"PasswordLength": 32}},
        I,
        "a new value is generated",
    ),
    Row("AWS::Lambda::Function", {"MemorySize": 128}, {"MemorySize": 256}, P, "updated in place"),
    Row(
        "AWS::Lambda::Function",
        {"MemorySize": 128},
        {"FunctionName": "a", "MemorySize": 128},
        R,
        "a new one is created",
    ),
    Row("Custom::Thing", {"A": 1}, {"A": 2}, P, "its own provider", "m"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.kind}:{row.says or row.verdict.word}")
def test_the_verdict_and_the_words(row: Row) -> None:
    change = between(one(row.kind, row.before, **row.attributes), one(row.kind, row.after, **row.attributes))
    assert change.verdict is row.verdict, change.effects
    assert row.says in " ".join(effect.sentence for effect in change.effects)
    worst = [effect for effect in change.effects if effect.verdict is row.verdict]
    flags = {
        "g": change.guarded,
        "m": any(effect.maybe for effect in worst),
        "f": any(effect.fails for effect in change.effects),
        "a": any(effect.alert for effect in change.effects),
    }
    assert "".join(flag for flag in "gmfa" if flags[flag]) == "".join(sorted(row.flags, key="gmfa".index))


def test_the_table_is_long_enough_and_knows_every_stateful_database() -> None:
    assert len(ROWS) >= 60
    assert {row.kind for row in ROWS} >= {kind for kind in stateful_types() if kind.startswith(("AWS::RDS::DBC",))}


@pytest.mark.parametrize("kind", sorted(stateful_types()))
def test_removing_any_stateful_type_is_guarded_and_says_what_is_lost(kind: str) -> None:
    row = stateful_types()[kind]
    change = between(one(kind, {}, DeletionPolicy="Delete"), Side({"Resources": {}}))
    assert change.verdict is (Verdict.DATA_LOSS if row.keeps_data and not row.records else Verdict.REPLACE)
    assert change.guarded
    assert row.loses in change.effects[0].sentence
    kept = between(one(kind, {}, DeletionPolicy="Retain"), Side({"Resources": {}}))
    assert kept.verdict is Verdict.REPLACE
    assert kept.guarded


@pytest.mark.parametrize("kind", sorted(stateful_types()))
def test_renaming_any_stateful_type_is_shown_as_a_rename(kind: str) -> None:
    properties = {"Description": "the same"}
    before = Side({"Resources": {"Old": {"Type": kind, "Properties": properties, "DeletionPolicy": "Delete"}}})
    after = Side({"Resources": {"New": {"Type": kind, "Properties": properties, "DeletionPolicy": "Delete"}}})
    change = between(before, after)
    assert (change.kind, change.renamed_from, change.logical_id) == ("rename", "Old", "New")
    assert change.verdict >= Verdict.REPLACE
    assert change.guarded
    assert "Old became New" in change.effects[0].sentence
    assert "stack refactor" in change.effects[0].remedy


def test_a_new_stateful_resource_of_a_type_that_goes_says_that_the_data_does_not_follow() -> None:
    before = Side({"Resources": {"A": {"Type": CLUSTER, "Properties": {"Port": 1, "DatabaseName": "a"}}}})
    after = Side({"Resources": {"B": {"Type": CLUSTER, "Properties": {"Port": 2, "DatabaseName": "b"}}}})
    found = changes(before, after)
    assert of(found, "A").kind == "remove"
    assert "while A of the same type is removed" in of(found, "B").effects[0].sentence


def test_another_stage_of_an_api_does_not_replace_what_refers_to_the_api() -> None:
    def side(stage: str) -> Side:
        plan: dict[str, Any] = {"Type": "AWS::ApiGateway::Deployment", "Properties": {"RestApiId": {"Ref": "Api"}}}
        return Side({"Resources": {"Api": {"Type": SAM + "Api", "Properties": {"StageName": stage}}, "Plan": plan}})

    assert [change.logical_id for change in changes(side("a"), side("b"))] == ["Api"]


def test_a_custom_name_makes_a_replacement_fail_and_says_the_ways_out() -> None:
    before = one("AWS::RDS::DBProxy", {"DBProxyName": "p", "EngineFamily": "MYSQL"})
    after = one("AWS::RDS::DBProxy", {"DBProxyName": "p", "EngineFamily": "POSTGRESQL"})
    failing = [effect for effect in between(before, after).effects if effect.fails]
    assert [effect.key for effect in failing] == ["Properties.DBProxyName"]
    assert "change DBProxyName too" in failing[0].remedy
    renamed = one("AWS::RDS::DBProxy", {"DBProxyName": "q", "EngineFamily": "POSTGRESQL"})
    assert not any(effect.fails for effect in between(before, renamed).effects)


def test_another_type_under_one_logical_id_is_refused_by_cloudformation() -> None:
    change = between(one(CLUSTER, {}), one("AWS::DSQL::Cluster", {}))
    assert change.effects[0].fails
    assert change.guarded


def test_the_weaker_replace_policy_of_both_sides_counts() -> None:
    for left, right in (("Retain", "Delete"), ("Delete", "Retain")):
        before = one(CLUSTER, {"DatabaseName": "a"}, UpdateReplacePolicy=left)
        after = one(CLUSTER, {"DatabaseName": "b"}, UpdateReplacePolicy=right)
        change = between(before, after)
        assert change.verdict is Verdict.DATA_LOSS
        assert f"UpdateReplacePolicy {left} before and {right}" in change.effects[0].sentence


def test_a_weaker_policy_alone_alerts() -> None:
    change = between(one(CLUSTER, {}, DeletionPolicy="Retain"), one(CLUSTER, {}, DeletionPolicy="Delete"))
    assert change.verdict is Verdict.METADATA
    assert change.alert


def test_deletion_protection_is_said_to_leave_the_old_one_behind() -> None:
    before = one(CLUSTER, {"DatabaseName": "a", "DeletionProtection": True})
    after = one(CLUSTER, {"DatabaseName": "b", "DeletionProtection": True})
    assert "it is left behind outside the stack" in between(before, after).effects[0].sentence
    gone = between(before, Side({"Resources": {}}))
    assert "it is left behind outside the stack" in gone.effects[0].sentence
