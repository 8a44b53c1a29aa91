"""The resources and outputs of an Aurora Serverless cluster: one set of functions for every engine."""

from __future__ import annotations

from typing import Any

from troposphere import AWSObject, GetAtt, If, Output, Ref, Tags
from troposphere.rds import DBCluster, DBClusterParameterGroup, DBInstance

from aurora_cfn.blueprint import commented, exported, waived
from aurora_cfn.blueprints.aurora_capacity import READER_TIER, reader_tier, scaling
from aurora_cfn.blueprints.parts.conditions import unless
from aurora_cfn.blueprints.parts.database_network import group_id, network_resources, subnet_group
from aurora_cfn.blueprints.parts.engine import Engine
from aurora_cfn.blueprints.parts.engine_version import FAMILY_COMMENT, parameter_family, version_properties
from aurora_cfn.blueprints.parts.identifier import identifier
from aurora_cfn.blueprints.parts.maintenance import windows
from aurora_cfn.blueprints.parts.master_user import master_user, named_secret, secret_arn
from aurora_cfn.blueprints.parts.observation import (
    INSIGHTS_DAYS,
    LOGS_FIRST,
    enhanced_monitoring,
    exported_logs,
    insights,
    log_groups,
    monitoring_role,
)
from aurora_cfn.blueprints.parts.protection import KEPT_BACKUPS, encryption, kept_backups, protection
from aurora_cfn.blueprints.parts.published import published
from aurora_cfn.blueprints.parts.restore_source import SUPPRESSED, restore_source

CLUSTER = "DBCluster"
KIND = "cluster"


def aurora_resources(engine: Engine) -> list[AWSObject]:
    """The network side, the logs, the cluster with its instances, and the parameters that publish it."""
    return [
        *network_resources(engine, KIND),
        *log_groups(engine, KIND),
        _parameter_group(engine),
        monitoring_role(),
        _cluster(engine),
        *_instances(engine),
        *named_secret(KIND, CLUSTER, after="Writer"),
        *published(secret_arn(CLUSTER), "Cluster, for the Data API", GetAtt(CLUSTER, "DBClusterArn")),
    ]


def aurora_outputs() -> list[Output]:
    """What a client needs to connect, with SQL or with the Data API; other stacks import these by name."""
    return [
        exported("StackName", "Name of this stack", Ref("AWS::StackName")),
        exported("ClusterName", "Identifier of the cluster", Ref(CLUSTER)),
        exported("DNSName", "Host of the writer endpoint", GetAtt(CLUSTER, "Endpoint.Address")),
        exported("ReaderDNSName", "Host of the reader endpoint", GetAtt(CLUSTER, "ReadEndpoint.Address")),
        exported("DBPort", "Port of both endpoints", GetAtt(CLUSTER, "Endpoint.Port")),
        exported("DBName", "Database made with the cluster, or that it was restored with", Ref("DatabaseName")),
        exported("ClusterArn", "ARN of the cluster, for the Data API", GetAtt(CLUSTER, "DBClusterArn")),
        exported(
            "ClusterResourceId", "Id that IAM policies for rds-db:connect name", GetAtt(CLUSTER, "DBClusterResourceId")
        ),
        exported("SecretArn", "ARN of the secret that opens the cluster", secret_arn(CLUSTER)),
        exported("ClientSecurityGroupId", "Group whose members may connect", group_id("ClientSecurityGroup")),
        exported("ClusterSecurityGroupId", "Group of the cluster itself", group_id("ClusterSecurityGroup")),
    ]


def _parameter_group(engine: Engine) -> AWSObject:
    group = DBClusterParameterGroup(
        "DBClusterParameterGroup",
        Description=f"{engine.title}: {engine.settings_purpose}",
        Family=parameter_family(engine),
        Parameters=dict(engine.settings),
    )
    return commented(group, Family=FAMILY_COMMENT)


def _cluster(engine: Engine) -> AWSObject:
    user = {**master_user()}
    # A password without a name is refused by the schema; both come with the data, and RDS manages a new password.
    user |= {key: unless("IsRestored", user[key]) for key in ("MasterUsername", "MasterUserPassword")}
    cluster = DBCluster(
        CLUSTER,
        DeletionPolicy="Snapshot",
        UpdateReplacePolicy="Snapshot",
        DBClusterIdentifier=identifier(KIND),
        **version_properties(engine),
        DatabaseName=unless("IsRestored", Ref("DatabaseName")),
        **restore_source(),
        Port=engine.port,
        ServerlessV2ScalingConfiguration=scaling(),
        **user,
        EnableHttpEndpoint=If("HasDataApi", True, False),
        EnableIAMDatabaseAuthentication=True,
        DBSubnetGroupName=subnet_group(),
        VpcSecurityGroupIds=[group_id("ClusterSecurityGroup")],
        DBClusterParameterGroupName=Ref("DBClusterParameterGroup"),
        StorageType=Ref("StorageType"),
        **encryption(),
        **protection(),
        **kept_backups(),
        **windows(),
        CopyTagsToSnapshot=True,
        **exported_logs(engine),
        **insights(enabled="PerformanceInsightsEnabled", key="PerformanceInsightsKmsKeyId"),
        Tags=Tags(Name=identifier(KIND)),
    )
    return commented(
        waived(cluster, SUPPRESSED),
        DependsOn=LOGS_FIRST,
        DeleteAutomatedBackups=KEPT_BACKUPS,
        PerformanceInsightsRetentionPeriod=INSIGHTS_DAYS,
    )


def _instances(engine: Engine) -> list[AWSObject]:
    """Up to three instances. Their logical ids are an API: other ids would replace the instances.

    A failover makes another instance the writer, so the identifiers, which RDS shows everywhere, only count them.
    """
    writer = _instance(engine, "Writer", number=1, tier=0)
    readers = [
        _instance(engine, "Reader", number=2, tier=reader_tier(), condition="HasReader"),
        _instance(engine, "SecondReader", number=3, tier=reader_tier(), condition="HasSecondReader"),
    ]
    commented(
        writer,
        "The first writer. After a failover it is a reader: clients connect to the endpoints of the cluster, which"
        " follow the writer and the readers.",
        PromotionTier="Tier 0 is the first choice when another instance is the writer and fails.",
        DeletionPolicy="An instance keeps no data: the cluster does, and leaves a snapshot.",
    )
    for reader in readers:
        commented(reader, PromotionTier=READER_TIER)
    return [writer, *readers]


def _instance(engine: Engine, title: str, *, number: int, tier: Any, condition: str | None = None) -> AWSObject:
    given_condition = {"Condition": condition} if condition else {}
    return DBInstance(
        title,
        DeletionPolicy="Delete",
        UpdateReplacePolicy="Delete",
        DBInstanceIdentifier=identifier(KIND, f"%s-{number}"),
        DBClusterIdentifier=Ref(CLUSTER),
        DBInstanceClass="db.serverless",
        Engine=engine.name,
        PromotionTier=tier,
        PubliclyAccessible=False,
        AutoMinorVersionUpgrade=Ref("AutoMinorVersionUpgrade"),
        PreferredMaintenanceWindow=Ref("MaintenanceWindow"),
        **enhanced_monitoring(),
        **given_condition,
    )
