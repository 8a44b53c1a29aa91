"""The resources of an Aurora Serverless cluster: one set of functions for every engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from troposphere import And, AWSObject, Equals, GetAtt, If, Not, Ref, Select, Split, Sub, Tags
from troposphere.iam import Role
from troposphere.logs import LogGroup
from troposphere.rds import DBCluster, DBClusterParameterGroup, DBInstance, DBSubnetGroup
from troposphere.ssm import Parameter as SsmParameter

from aurora_cfn.blueprint import waived
from aurora_cfn.blueprints.parts.conditions import given, imported, imported_list, is_true, only_if, unless
from aurora_cfn.blueprints.parts.engine import Engine
from aurora_cfn.blueprints.parts.security_groups import closed_group, door, group_id

CLUSTER = "DBCluster"
_SECRET = "{{resolve:secretsmanager:${DBMaster}:SecretString:%s}}"


def aurora_conditions() -> dict[str, Any]:
    """Named answers to what the parameters ask for."""
    return {
        "HasClusterName": given("ClusterName"),
        "HasNetwork": given("NetworkStackName"),
        "HasMasterSecret": given("DBMaster"),
        "HasMasterSecretArn": Equals(Select(0, Split(":", Ref("DBMaster"))), "arn"),
        "HasKmsKey": given("KmsKeyId"),
        "HasManagedSecretKey": And(Not(_condition("HasMasterSecret")), _condition("HasKmsKey")),
        "HasService": given("ServiceName"),
        "HasDataApi": is_true("EnableDataApi"),
        "Pauses": is_true("AutoPause"),
        "HasReader": Not(Equals(Ref("Readers"), "0")),
        "HasSecondReader": Equals(Ref("Readers"), "2"),
        "HasEnhancedMonitoring": Not(Equals(Ref("MonitoringInterval"), "0")),
        "HasAdvancedInsights": Equals(Ref("DatabaseInsights"), "advanced"),
    }


def aurora_resources(engine: Engine) -> list[AWSObject]:
    """Everything the cluster needs, from the network side to what others read."""
    return [
        *_network(engine),
        *(_log_group(log) for log in engine.log_types),
        _parameter_group(engine),
        _monitoring_role(),
        _cluster(engine),
        _instance(engine, "Writer", tier=0),
        _instance(engine, "Reader", tier=If("Pauses", 2, 1), condition="HasReader"),
        _instance(engine, "SecondReader", tier=If("Pauses", 2, 1), condition="HasSecondReader"),
        *_published(),
    ]


def cluster_name() -> If:
    """The cluster's identifier: known before the cluster exists, so that log groups can be named after it."""
    return _by_name("%s")


def _by_name(text: str) -> If:
    """A text with the cluster's identifier in it."""
    return If("HasClusterName", Sub(text % "${ClusterName}"), Sub(text % "${EnvironmentName}-auroracluster"))


def secret_arn() -> If:
    """ARN of the secret that opens the cluster, whoever made it."""
    own = Sub("arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${DBMaster}")
    return If(
        "HasMasterSecret",
        If("HasMasterSecretArn", Ref("DBMaster"), own),
        GetAtt(CLUSTER, "MasterUserSecret.SecretArn"),
    )


def _network(engine: Engine) -> list[AWSObject]:
    vpc = only_if("HasNetwork", imported("NetworkStackName", "VpcId"))
    client = closed_group("ClientSecurityGroup", "client", f"Clients of the {engine.title} cluster", vpc=vpc)
    cluster = closed_group(
        "ClusterSecurityGroup", "cluster", f"The {engine.title} cluster: only its clients may enter", vpc=vpc
    )
    way = door(
        "ClientToCluster",
        source=group_id("ClientSecurityGroup"),
        target=group_id("ClusterSecurityGroup"),
        port=engine.port,
        what=f"{engine.title} from its clients",
    )
    subnets = DBSubnetGroup(
        "DBSubnetGroup",
        Condition="HasNetwork",
        DBSubnetGroupDescription="Subnets without a way in from the internet",
        SubnetIds=imported_list("NetworkStackName", "DatabaseSubnetIds"),
    )
    return [client, cluster, *way, subnets]


def _log_group(log: str) -> AWSObject:
    name = _by_name(f"/aws/rds/cluster/%s/{log}")
    group = LogGroup(
        f"{log.capitalize()}LogGroup",
        DeletionPolicy="Delete",
        UpdateReplacePolicy="Delete",
        LogGroupName=name,
        RetentionInDays=Ref("LogRetentionDays"),
    )
    return waived(
        group, ("CKV_AWS_158", "CloudWatch Logs encrypts with its own key; a customer key needs a policy for it")
    )


def _parameter_group(engine: Engine) -> DBClusterParameterGroup:
    parts = {f"Part{index}": Select(index, Split(".", Ref("EngineVersion"))) for index in range(engine.family_parts)}
    major = ".".join(f"${{{name}}}" for name in parts)
    return DBClusterParameterGroup(
        "DBClusterParameterGroup",
        Description=f"{engine.title}: TLS for every connection",
        Family=Sub(engine.name + major, **parts),
        Parameters=dict(engine.cluster_parameters),
    )


def _monitoring_role() -> Role:
    return Role(
        "MonitoringRole",
        Condition="HasEnhancedMonitoring",
        Description="Lets RDS write Enhanced Monitoring samples to CloudWatch Logs",
        AssumeRolePolicyDocument={
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "monitoring.rds.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"aws:SourceAccount": Ref("AWS::AccountId")}},
                }
            ],
        },
        ManagedPolicyArns=[Sub("arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole")],
    )


def _cluster(engine: Engine) -> DBCluster:
    return DBCluster(
        CLUSTER,
        # RDS would make the log groups itself, without retention, if the cluster came first.
        DependsOn=[f"{log.capitalize()}LogGroup" for log in engine.log_types],
        DeletionPolicy="Snapshot",
        UpdateReplacePolicy="Snapshot",
        DBClusterIdentifier=cluster_name(),
        Engine=engine.name,
        EngineVersion=Ref("EngineVersion"),
        DatabaseName=Ref("DatabaseName"),
        Port=engine.port,
        ServerlessV2ScalingConfiguration=_scaling(),
        **_master_user(),
        EnableHttpEndpoint=If("HasDataApi", True, False),
        EnableIAMDatabaseAuthentication=True,
        DBSubnetGroupName=only_if("HasNetwork", Ref("DBSubnetGroup")),
        VpcSecurityGroupIds=[group_id("ClusterSecurityGroup")],
        DBClusterParameterGroupName=Ref("DBClusterParameterGroup"),
        StorageType=Ref("StorageType"),
        StorageEncrypted=True,
        KmsKeyId=only_if("HasKmsKey", Ref("KmsKeyId")),
        DeletionProtection=Ref("DeletionProtection"),
        BackupRetentionPeriod=Ref("DBBackupRetentionPeriod"),
        PreferredBackupWindow=Ref("BackupWindow"),
        PreferredMaintenanceWindow=Ref("MaintenanceWindow"),
        CopyTagsToSnapshot=True,
        EnableCloudwatchLogsExports=list(engine.log_types),
        **_insights(),
        Tags=Tags(Name=cluster_name()),
    )


def _scaling() -> If:
    most = Ref("MaxCapacity")
    return If(
        "Pauses",
        {"MinCapacity": 0, "MaxCapacity": most, "SecondsUntilAutoPause": Ref("SecondsUntilAutoPause")},
        {"MinCapacity": Ref("MinCapacity"), "MaxCapacity": most},
    )


def _master_user() -> Mapping[str, Any]:
    return {
        "MasterUsername": If("HasMasterSecret", Sub(_SECRET % "username"), Ref("MasterUsername")),
        "MasterUserPassword": only_if("HasMasterSecret", Sub(_SECRET % "password")),
        "ManageMasterUserPassword": unless("HasMasterSecret", True),
        "MasterUserSecret": only_if("HasManagedSecretKey", {"KmsKeyId": Ref("KmsKeyId")}),
    }


def _insights() -> Mapping[str, Any]:
    return {
        "DatabaseInsightsMode": Ref("DatabaseInsights"),
        "PerformanceInsightsEnabled": True,
        # Days: 465 (15 months) is what the advanced mode asks for, 7 is free of charge.
        "PerformanceInsightsRetentionPeriod": If("HasAdvancedInsights", 465, 7),
        "PerformanceInsightsKmsKeyId": only_if("HasKmsKey", Ref("KmsKeyId")),
    }


def _instance(engine: Engine, name: str, *, tier: Any, condition: str | None = None) -> AWSObject:
    """A serverless instance. Its data lives in the cluster's storage, so deleting it needs no snapshot."""
    given_condition = {"Condition": condition} if condition else {}
    return DBInstance(
        name,
        DeletionPolicy="Delete",
        UpdateReplacePolicy="Delete",
        DBClusterIdentifier=Ref(CLUSTER),
        DBInstanceClass="db.serverless",
        Engine=engine.name,
        PromotionTier=tier,
        PubliclyAccessible=False,
        AutoMinorVersionUpgrade=Ref("AutoMinorVersionUpgrade"),
        PreferredMaintenanceWindow=Ref("MaintenanceWindow"),
        MonitoringInterval=Ref("MonitoringInterval"),
        MonitoringRoleArn=only_if("HasEnhancedMonitoring", GetAtt("MonitoringRole", "Arn")),
        **given_condition,
    )


def _published() -> list[AWSObject]:
    def published(name: str, suffix: str, description: str, value: Any) -> SsmParameter:
        path = Sub("${ServiceName}-${EnvironmentName}-" + suffix)
        return SsmParameter(
            name, Condition="HasService", Name=path, Description=description, Type="String", Value=value
        )

    return [
        published("CredentialsArnParameter", "credentials-arn", "Secret that opens the cluster", secret_arn()),
        published("ResourceArnParameter", "resource-arn", "Cluster, for the Data API", GetAtt(CLUSTER, "DBClusterArn")),
    ]


def _condition(name: str) -> dict[str, str]:
    return {"Condition": name}
