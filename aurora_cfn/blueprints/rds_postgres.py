"""RDS PostgreSQL: one instance of a fixed size in subnets without a way in, for loads that do not need Aurora.

Safe by default (two zones, backups, protection); what makes a cheap experiment is reachable by parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from troposphere import AWSObject, Equals, GetAtt, Output, Ref, Tags
from troposphere.rds import DBInstance, DBParameterGroup

from aurora_cfn.blueprint import Blueprint, exported
from aurora_cfn.blueprints.parts.conditions import only_if, unless
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
from aurora_cfn.blueprints.parts.engine import RDS_POSTGRES as ENGINE
from aurora_cfn.blueprints.parts.maintenance import database_rules
from aurora_cfn.blueprints.parts.observation import (
    enhanced_monitoring,
    insights,
    monitoring_role,
    observation_conditions,
)
from aurora_cfn.blueprints.parts.security_groups import group_id
from aurora_cfn.blueprints.rds_postgres_storage import KIND, instance_checks, instance_parameters

INSTANCE = "DBInstance"

PARAMETERS = instance_parameters(ENGINE)


def resources() -> Sequence[AWSObject]:
    """The instance and what it stands on."""
    return [
        *network_side(ENGINE, KIND),
        *exported_logs(ENGINE, KIND),
        DBParameterGroup(
            "DBParameterGroup",
            Description=f"{ENGINE.title}: {ENGINE.settings_say}",
            Family=parameter_family(ENGINE),
            Parameters=dict(ENGINE.settings),
        ),
        monitoring_role(),
        _instance(),
        *published(secret_arn(INSTANCE), "Instance, for policies", GetAtt(INSTANCE, "DBInstanceArn")),
    ]


def _instance() -> AWSObject:
    instance = DBInstance(
        INSTANCE,
        # RDS would make the log groups itself, without retention, if the instance came first.
        DependsOn=[log_group_title(log) for log in ENGINE.log_types],
        DeletionPolicy="Snapshot",
        UpdateReplacePolicy="Snapshot",
        DBInstanceIdentifier=identifier(KIND),
        DBInstanceClass=Ref("InstanceClass"),
        Engine=ENGINE.name,
        EngineVersion=Ref("EngineVersion"),
        # Going from 17 to 18 is asked for by EngineVersion alone.
        AllowMajorVersionUpgrade=True,
        AutoMinorVersionUpgrade=Ref("AutoMinorVersionUpgrade"),
        DBName=Ref("DatabaseName"),
        Port=ENGINE.port,
        MultiAZ=Ref("MultiAZ"),
        **_storage(),
        **master_user(),
        EnableIAMDatabaseAuthentication=True,
        PubliclyAccessible=False,
        DBSubnetGroupName=only_if("HasNetwork", Ref("DBSubnetGroup")),
        VPCSecurityGroups=[group_id("InstanceSecurityGroup")],
        DBParameterGroupName=Ref("DBParameterGroup"),
        **protection(ENGINE),
        **enhanced_monitoring(),
        **insights(enabled="EnablePerformanceInsights", key="PerformanceInsightsKMSKeyId"),
        Tags=Tags(Name=identifier(KIND)),
    )
    # troposphere does not see that a password and a managed one stand in different branches of one condition.
    return instance.no_validation()


def _storage() -> dict[str, Any]:
    return {
        "AllocatedStorage": Ref("AllocatedStorage"),
        "MaxAllocatedStorage": unless("HasFixedStorage", Ref("MaxAllocatedStorage")),
        "StorageType": "gp3",
        "StorageEncrypted": True,
        "KmsKeyId": only_if("HasKmsKey", Ref("KmsKeyId")),
    }


def outputs() -> Sequence[Output]:
    """What a client needs to connect, under the names that a cluster has too."""
    return [
        exported("StackName", "Name of this stack", Ref("AWS::StackName")),
        exported("InstanceName", "Identifier of the instance", Ref(INSTANCE)),
        exported("DNSName", "Host of the instance", GetAtt(INSTANCE, "Endpoint.Address")),
        exported("DBPort", "Port of the instance", GetAtt(INSTANCE, "Endpoint.Port")),
        exported("DBName", "Database made with the instance", Ref("DatabaseName")),
        exported("InstanceArn", "ARN of the instance", GetAtt(INSTANCE, "DBInstanceArn")),
        exported(
            "InstanceResourceId", "Id that IAM policies for rds-db:connect name", GetAtt(INSTANCE, "DbiResourceId")
        ),
        exported("SecretArn", "ARN of the secret that opens the instance", secret_arn(INSTANCE)),
        exported("ClientSecurityGroupId", "Group whose members may connect", group_id("ClientSecurityGroup")),
        exported("InstanceSecurityGroupId", "Group of the instance itself", group_id("InstanceSecurityGroup")),
    ]


BLUEPRINT = Blueprint(
    name="rds-postgres",
    description="RDS PostgreSQL instance with a standby, backups, managed credentials and IAM authentication",
    parameters=PARAMETERS,
    conditions={
        **database_conditions(KIND),
        "HasFixedStorage": Equals(Ref("MaxAllocatedStorage"), Ref("AllocatedStorage")),
        **observation_conditions(),
    },
    rules=database_rules(ENGINE),
    resources=resources,
    outputs=outputs,
    checks=instance_checks(ENGINE),
)
