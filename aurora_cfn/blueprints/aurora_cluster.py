"""The resources of an Aurora Serverless cluster: one set of functions for every engine."""

from __future__ import annotations

from typing import Any

from troposphere import AWSObject, Equals, GetAtt, If, Not, Ref, Tags
from troposphere.rds import DBCluster, DBClusterParameterGroup, DBInstance

from aurora_cfn.blueprints.parts.conditions import is_true, only_if
from aurora_cfn.blueprints.parts.database_network import (
    database_conditions,
    exported_logs,
    identifier,
    log_group_title,
    master_user,
    network_side,
    parameter_family,
    protection,
    published,
    secret_arn,
)
from aurora_cfn.blueprints.parts.engine import Engine
from aurora_cfn.blueprints.parts.observation import (
    enhanced_monitoring,
    insights,
    monitoring_role,
    observation_conditions,
)
from aurora_cfn.blueprints.parts.security_groups import group_id

CLUSTER = "DBCluster"
KIND = "cluster"


def aurora_conditions() -> dict[str, Any]:
    """Named answers to what the parameters ask for."""
    return {
        **database_conditions(KIND),
        "HasDataApi": is_true("EnableDataApi"),
        "Pauses": is_true("AutoPause"),
        "HasReader": Not(Equals(Ref("Readers"), "0")),
        "HasSecondReader": Equals(Ref("Readers"), "2"),
        **observation_conditions(),
    }


def aurora_resources(engine: Engine) -> list[AWSObject]:
    """Everything the cluster needs, from the network side to what others read."""
    return [
        *network_side(engine, KIND),
        *exported_logs(engine, KIND),
        _parameter_group(engine),
        monitoring_role(),
        _cluster(engine),
        _instance(engine, "Writer", tier=0),
        _instance(engine, "Reader", tier=If("Pauses", 2, 1), condition="HasReader"),
        _instance(engine, "SecondReader", tier=If("Pauses", 2, 1), condition="HasSecondReader"),
        *published(secret_arn(CLUSTER), "Cluster, for the Data API", GetAtt(CLUSTER, "DBClusterArn")),
    ]


def _parameter_group(engine: Engine) -> DBClusterParameterGroup:
    return DBClusterParameterGroup(
        "DBClusterParameterGroup",
        Description=f"{engine.title}: {engine.settings_say}",
        Family=parameter_family(engine),
        Parameters=dict(engine.settings),
    )


def _cluster(engine: Engine) -> DBCluster:
    return DBCluster(
        CLUSTER,
        # RDS would make the log groups itself, without retention, if the cluster came first.
        DependsOn=[log_group_title(log) for log in engine.log_types],
        DeletionPolicy="Snapshot",
        UpdateReplacePolicy="Snapshot",
        DBClusterIdentifier=identifier(KIND),
        Engine=engine.name,
        EngineVersion=Ref("EngineVersion"),
        DatabaseName=Ref("DatabaseName"),
        Port=engine.port,
        ServerlessV2ScalingConfiguration=_scaling(),
        **master_user(),
        EnableHttpEndpoint=If("HasDataApi", True, False),
        EnableIAMDatabaseAuthentication=True,
        DBSubnetGroupName=only_if("HasNetwork", Ref("DBSubnetGroup")),
        VpcSecurityGroupIds=[group_id("ClusterSecurityGroup")],
        DBClusterParameterGroupName=Ref("DBClusterParameterGroup"),
        StorageType=Ref("StorageType"),
        StorageEncrypted=True,
        KmsKeyId=only_if("HasKmsKey", Ref("KmsKeyId")),
        **protection(engine),
        **insights(enabled="PerformanceInsightsEnabled", key="PerformanceInsightsKmsKeyId"),
        Tags=Tags(Name=identifier(KIND)),
    )


def _scaling() -> If:
    most = Ref("MaxCapacity")
    return If(
        "Pauses",
        {"MinCapacity": 0, "MaxCapacity": most, "SecondsUntilAutoPause": Ref("SecondsUntilAutoPause")},
        {"MinCapacity": Ref("MinCapacity"), "MaxCapacity": most},
    )


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
        **enhanced_monitoring(),
        **given_condition,
    )
