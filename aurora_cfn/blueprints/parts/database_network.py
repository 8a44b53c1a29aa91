"""What stands around every database, whether a cluster or an instance: network side, credentials, protection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from troposphere import And, AWSObject, Equals, GetAtt, If, Not, Ref, Select, Split, Sub
from troposphere.rds import DBSubnetGroup
from troposphere.ssm import Parameter as SsmParameter

from aurora_cfn.blueprints.parts.conditions import given, imported, imported_list, named, only_if, unless
from aurora_cfn.blueprints.parts.engine import Engine
from aurora_cfn.blueprints.parts.log_groups import log_group
from aurora_cfn.blueprints.parts.protection import default_suffix
from aurora_cfn.blueprints.parts.security_groups import closed_group, door, group_id

_SECRET = "{{resolve:secretsmanager:${DBMaster}:SecretString:%s}}"


def database_conditions(kind: str) -> dict[str, Any]:
    """Named answers to what the shared parameters ask for."""
    return {
        f"Has{kind.capitalize()}Name": given(f"{kind.capitalize()}Name"),
        "HasNetwork": given("NetworkStackName"),
        "HasMasterSecret": given("DBMaster"),
        "HasMasterSecretArn": Equals(Select(0, Split(":", Ref("DBMaster"))), "arn"),
        "HasKmsKey": given("KmsKeyId"),
        "HasManagedSecretKey": And(Not(named("HasMasterSecret")), named("HasKmsKey")),
        "HasService": given("ServiceName"),
    }


def identifier(kind: str, text: str = "%s") -> If:
    """A text with the database's identifier: known before the database exists, so that log groups can be named so."""
    own = f"{kind.capitalize()}Name"
    return If(f"Has{own}", Sub(text % f"${{{own}}}"), Sub(text % f"${{EnvironmentName}}-{default_suffix(kind)}"))


def secret_arn(title: str) -> If:
    """ARN of the secret that opens the database of that logical id, whoever made it."""
    own = Sub("arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${DBMaster}")
    return If(
        "HasMasterSecret",
        If("HasMasterSecretArn", Ref("DBMaster"), own),
        GetAtt(title, "MasterUserSecret.SecretArn"),
    )


def master_user() -> Mapping[str, Any]:
    """The properties that say who may log in first."""
    return {
        "MasterUsername": If("HasMasterSecret", Sub(_SECRET % "username"), Ref("MasterUsername")),
        "MasterUserPassword": only_if("HasMasterSecret", Sub(_SECRET % "password")),
        "ManageMasterUserPassword": unless("HasMasterSecret", True),
        "MasterUserSecret": only_if("HasManagedSecretKey", {"KmsKeyId": Ref("KmsKeyId")}),
    }


def protection(engine: Engine) -> Mapping[str, Any]:
    """The properties that keep the data, tell when AWS may touch it, and send the logs out."""
    return {
        "DeletionProtection": Ref("DeletionProtection"),
        "BackupRetentionPeriod": Ref("DBBackupRetentionPeriod"),
        "PreferredBackupWindow": Ref("BackupWindow"),
        "PreferredMaintenanceWindow": Ref("MaintenanceWindow"),
        "CopyTagsToSnapshot": True,
        "EnableCloudwatchLogsExports": list(engine.log_types),
    }


def network_side(engine: Engine, kind: str) -> list[AWSObject]:
    """Groups for clients and for the database, the way between them, and the subnets."""
    vpc = only_if("HasNetwork", imported("NetworkStackName", "VpcId"))
    own = f"{kind.capitalize()}SecurityGroup"
    client = closed_group("ClientSecurityGroup", "client", f"Clients of the {engine.title} {kind}", vpc=vpc)
    group = closed_group(own, kind, f"The {engine.title} {kind}: only its clients may enter", vpc=vpc)
    way = door(
        f"ClientTo{kind.capitalize()}",
        source=group_id("ClientSecurityGroup"),
        target=group_id(own),
        port=engine.port,
        what=f"{engine.title} from its clients",
    )
    subnets = DBSubnetGroup(
        "DBSubnetGroup",
        Condition="HasNetwork",
        DBSubnetGroupDescription="Subnets without a way in from the internet",
        SubnetIds=imported_list("NetworkStackName", "DatabaseSubnetIds"),
    )
    return [client, group, *way, subnets]


def exported_logs(engine: Engine, kind: str) -> list[AWSObject]:
    """A group for each log that RDS exports: RDS would make them itself, without retention."""
    return [log_group(log_group_title(log), identifier(kind, f"/aws/rds/{kind}/%s/{log}")) for log in engine.log_types]


def log_group_title(log: str) -> str:
    """Logical id of the group of that log."""
    return f"{log.capitalize()}LogGroup"


def parameter_family(engine: Engine) -> Sub:
    """Family of the parameter group, from the version asked for."""
    parts = {f"Part{index}": Select(index, Split(".", Ref("EngineVersion"))) for index in range(engine.family_parts)}
    return Sub(engine.name + ".".join(f"${{{name}}}" for name in parts), **parts)


def published(secret: Any, what: str, arn: Any) -> list[AWSObject]:
    """Where a service finds its database without knowing the stack: two SSM parameters named after the service."""

    def entry(name: str, suffix: str, description: str, value: Any) -> SsmParameter:
        path = Sub("${ServiceName}-${EnvironmentName}-" + suffix)
        return SsmParameter(
            name, Condition="HasService", Name=path, Description=description, Type="String", Value=value
        )

    return [
        entry(
            "CredentialsArnParameter", "credentials-arn", f"Secret that opens the {what.split(',')[0].lower()}", secret
        ),
        entry("ResourceArnParameter", "resource-arn", what, arn),
    ]
