"""RDS PostgreSQL: one instance of a fixed size in subnets without inbound routes, for loads that do not need Aurora.

Safe by default (two zones, backups, protection); what makes a cheap experiment is reachable by parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from troposphere import AWSObject, Equals, GetAtt, Output, Ref, Tags
from troposphere.rds import DBInstance, DBParameterGroup

from aurora_cfn.blueprint import ParameterGroup, blueprint_of, commented, exported
from aurora_cfn.blueprints.parts.conditions import unless
from aurora_cfn.blueprints.parts.database_network import group_id, network_group, network_resources, subnet_group
from aurora_cfn.blueprints.parts.engine import RDS_POSTGRES as ENGINE
from aurora_cfn.blueprints.parts.engine_version import (
    FAMILY_COMMENT,
    engine_version_group,
    parameter_family,
    version_properties,
)
from aurora_cfn.blueprints.parts.identifier import database_name_group, identifier, identifier_group
from aurora_cfn.blueprints.parts.maintenance import maintenance_group, windows
from aurora_cfn.blueprints.parts.master_user import master_user, master_user_group, named_secret, secret_arn
from aurora_cfn.blueprints.parts.observation import (
    INSIGHTS_DAYS,
    LOGS_FIRST,
    enhanced_monitoring,
    exported_logs,
    insights,
    log_groups,
    monitoring_role,
    observation_group,
)
from aurora_cfn.blueprints.parts.protection import encryption, protection, protection_group
from aurora_cfn.blueprints.parts.published import published, published_group
from aurora_cfn.blueprints.parts.service_role import BOUNDARY_GROUP
from aurora_cfn.blueprints.unrendered import checks_of
from aurora_cfn.parameters import BOOLEAN, Parameter


def size_group() -> ParameterGroup:
    """InstanceClass, AllocatedStorage, MaxAllocatedStorage and MultiAZ."""
    # 20 to 65,536 GiB: what gp3 takes for PostgreSQL (RDS User Guide, "DB instance storage").
    rows = (
        Parameter(
            "InstanceClass",
            "Size of the instance. db.t4g.micro is the cheapest; classes with other letters than t never run out of"
            " CPU credits. Changing it restarts the database.",
            default="db.t4g.micro", group="Size", pattern=r"^db\.[a-z0-9-]+\.[a-z0-9-]+$",
            constraint="a class such as db.t4g.micro or db.m8g.large",
        ),
        Parameter(
            "AllocatedStorage", "Storage in GiB at the start. It can grow later, but never shrink.",
            default=20, type="Number", group="Size", low=20, high=65536, step=1,
        ),
        Parameter(
            "MaxAllocatedStorage",
            "Storage in GiB up to which RDS lets it grow by itself. The same as AllocatedStorage: it does not grow.",
            default=100, type="Number", group="Size", low=20, high=65536, step=1,
        ),
        Parameter(
            "MultiAZ", "Whether a standby in a second zone takes over when the first fails; it doubles the price.",
            default="true", group="Size", allowed=BOOLEAN,
        ),
    )  # fmt: skip
    return ParameterGroup(
        rows,
        conditions={"HasFixedStorage": Equals(Ref("MaxAllocatedStorage"), Ref("AllocatedStorage"))},
    )


def storage() -> dict[str, Any]:
    """The properties of an instance for its storage. Without MaxAllocatedStorage it does not grow."""
    return {
        "AllocatedStorage": Ref("AllocatedStorage"),
        "MaxAllocatedStorage": unless("HasFixedStorage", Ref("MaxAllocatedStorage")),
        "StorageType": "gp3",
    }


INSTANCE = "DBInstance"
KIND = "instance"

PARAMETERS = (
    identifier_group(KIND),
    network_group(KIND),
    published_group(KIND),
    size_group(),
    engine_version_group(ENGINE),
    database_name_group(KIND),
    master_user_group(KIND),
    protection_group(KIND, fewest_backup_days=0),
    maintenance_group(ENGINE, KIND),
    observation_group(),
    BOUNDARY_GROUP,
)


def resources() -> Sequence[AWSObject]:
    """The network side, the logs, the instance, and the parameters that publish it."""
    group = DBParameterGroup(
        "DBParameterGroup",
        Description=f"{ENGINE.title}: {ENGINE.settings_purpose}",
        Family=parameter_family(ENGINE),
        Parameters=dict(ENGINE.settings),
    )
    return [
        *network_resources(ENGINE, KIND),
        *log_groups(ENGINE, KIND),
        commented(group, Family=FAMILY_COMMENT),
        monitoring_role(),
        _instance(),
        *named_secret(KIND, INSTANCE, after=INSTANCE),
        *published(secret_arn(INSTANCE), "Instance, for policies", GetAtt(INSTANCE, "DBInstanceArn")),
    ]


def _instance() -> AWSObject:
    instance = DBInstance(
        INSTANCE,
        DeletionPolicy="Snapshot",
        UpdateReplacePolicy="Snapshot",
        DBInstanceIdentifier=identifier(KIND),
        DBInstanceClass=Ref("InstanceClass"),
        **version_properties(ENGINE),
        AllowMajorVersionUpgrade=True,
        AutoMinorVersionUpgrade=Ref("AutoMinorVersionUpgrade"),
        DBName=Ref("DatabaseName"),
        Port=ENGINE.port,
        MultiAZ=Ref("MultiAZ"),
        **storage(),
        **encryption(),
        **master_user(),
        EnableIAMDatabaseAuthentication=True,
        PubliclyAccessible=False,
        DBSubnetGroupName=subnet_group(),
        VPCSecurityGroups=[group_id("InstanceSecurityGroup")],
        DBParameterGroupName=Ref("DBParameterGroup"),
        **protection(),
        **windows(),
        CopyTagsToSnapshot=True,
        **exported_logs(ENGINE),
        **enhanced_monitoring(),
        **insights(enabled="EnablePerformanceInsights", key="PerformanceInsightsKMSKeyId"),
        Tags=Tags(Name=identifier(KIND)),
    )
    commented(
        instance,
        DependsOn=LOGS_FIRST,
        AllowMajorVersionUpgrade="EngineVersion alone decides: RDS refuses a new major version without this.",
        PerformanceInsightsRetentionPeriod=INSIGHTS_DAYS,
    )
    # troposphere does not see that a password and a managed one are in different branches of one condition.
    return instance.no_validation()


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


BLUEPRINT = blueprint_of(
    PARAMETERS,
    name="rds-postgres",
    description="RDS PostgreSQL instance with a standby, backups, managed credentials and IAM authentication",
    resources=resources,
    outputs=outputs,
    checks=checks_of("rds-postgres"),
)
