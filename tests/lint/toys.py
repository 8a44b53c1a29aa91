"""A template that no rule minds, and a way to change it at one place."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from cfnlint.context.parameters import ParameterSet
from cfnlint.decode.decode import decode_str
from cfnlint.template import Template

from aurora_cfn.lint.engine import rules

DROP = object()
CLUSTER: dict[str, Any] = {
    "Type": "AWS::RDS::DBCluster",
    "DeletionPolicy": "Snapshot",
    "UpdateReplacePolicy": "Snapshot",
    "Properties": {
        "Engine": "aurora-postgresql",
        "EngineVersion": "17.7",
        "DatabaseName": "orders",
        "MasterUsername": "dbadmin",
        "ManageMasterUserPassword": True,
        "ServerlessV2ScalingConfiguration": {"MinCapacity": 1, "MaxCapacity": 4},
        "StorageEncrypted": True,
        "DeletionProtection": True,
        "BackupRetentionPeriod": 30,
        "CopyTagsToSnapshot": True,
        "EnableIAMDatabaseAuthentication": True,
        "EnableCloudwatchLogsExports": ["postgresql"],
        "DBSubnetGroupName": {"Ref": "Subnets"},
        "DBClusterParameterGroupName": {"Ref": "Settings"},
        "VpcSecurityGroupIds": [{"Fn::GetAtt": ["Group", "GroupId"]}],
    },
}
WRITER: dict[str, Any] = {
    "Type": "AWS::RDS::DBInstance",
    "DeletionPolicy": "Delete",
    "UpdateReplacePolicy": "Delete",
    "Properties": {
        "Engine": "aurora-postgresql",
        "DBClusterIdentifier": {"Ref": "Cluster"},
        "DBInstanceClass": "db.serverless",
        "PromotionTier": 0,
        "AutoMinorVersionUpgrade": False,
    },
}
PROXY: dict[str, Any] = {
    "Type": "AWS::RDS::DBProxy",
    "Properties": {
        "DBProxyName": "orders-proxy",
        "EngineFamily": "POSTGRESQL",
        "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "RequireTLS": True,
        "Auth": [{"AuthScheme": "SECRETS", "IAMAuth": "REQUIRED", "SecretArn": {"Ref": "Secret"}}],
        "VpcSubnetIds": [{"Ref": "A"}, {"Ref": "B"}],
    },
}
TARGETS: dict[str, Any] = {
    "Type": "AWS::RDS::DBProxyTargetGroup",
    "DependsOn": ["Writer"],
    "Properties": {
        "DBProxyName": {"Ref": "Proxy"},
        "TargetGroupName": "default",
        "DBClusterIdentifiers": [{"Ref": "Cluster"}],
    },
}


def statement(action: str, resource: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def role(*statements: dict[str, Any]) -> dict[str, Any]:
    policy = {"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}, "Policies": [policy]}}


def subnet(zone: Any, block: str) -> dict[str, Any]:
    return {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": block, "AvailabilityZone": zone},
    }


VPN: dict[str, Any] = {
    "Endpoint": {
        "Type": "AWS::EC2::ClientVpnEndpoint",
        "Properties": {
            "VpcId": {"Ref": "Vpc"},
            "ClientCidrBlock": "10.1.0.0/22",
            "SessionTimeoutHours": 8,
            "SplitTunnel": True,
            "ConnectionLogOptions": {"Enabled": True, "CloudwatchLogGroup": "vpn"},
            "AuthenticationOptions": [
                {"Type": "certificate-authentication", "MutualAuthentication": {"ClientRootCertificateChainArn": "arn"}}
            ],
        },
    },
    "Association": {
        "Type": "AWS::EC2::ClientVpnTargetNetworkAssociation",
        "Properties": {"ClientVpnEndpointId": {"Ref": "Endpoint"}, "SubnetId": {"Ref": "A"}},
    },
    "Rule": {
        "Type": "AWS::EC2::ClientVpnAuthorizationRule",
        "Properties": {
            "ClientVpnEndpointId": {"Ref": "Endpoint"},
            "TargetNetworkCidr": "10.0.0.0/16",
            "AuthorizeAllGroups": True,
        },
    },
}
DSQL: dict[str, Any] = {
    "Type": "AWS::DSQL::Cluster",
    "DeletionPolicy": "Retain",
    "UpdateReplacePolicy": "Retain",
    "Properties": {"DeletionProtectionEnabled": True},
}
BOX: dict[str, Any] = {
    "Type": "AWS::RDS::DBInstance",
    "DeletionPolicy": "Snapshot",
    "UpdateReplacePolicy": "Snapshot",
    "Properties": {
        "Engine": "postgres",
        "EngineVersion": "17.9",
        "DBInstanceClass": "db.m7g.large",
        "AllocatedStorage": "100",
        "StorageType": "gp3",
        "MasterUsername": "dbadmin",
        "ManageMasterUserPassword": True,
        "BackupRetentionPeriod": 7,
        "StorageEncrypted": True,
        "DeletionProtection": True,
    },
}
SECRET_ROLE = role(statement("secretsmanager:GetSecretValue", {"Ref": "Secret"}))
GOOD: dict[str, Any] = {
    "Resources": {
        "Cluster": CLUSTER,
        "Writer": WRITER,
        "Settings": {
            "Type": "AWS::RDS::DBClusterParameterGroup",
            "Properties": {"Family": "aurora-postgresql17", "Parameters": {"rds.force_ssl": "1"}},
        },
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "A": subnet({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "10.0.0.0/24"),
        "B": subnet({"Fn::Select": [1, {"Fn::GetAZs": ""}]}, "10.0.1.0/24"),
        "Subnets": {"Type": "AWS::RDS::DBSubnetGroup", "Properties": {"SubnetIds": [{"Ref": "A"}, {"Ref": "B"}]}},
        "Clients": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"VpcId": {"Ref": "Vpc"}}},
        "Group": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "VpcId": {"Ref": "Vpc"},
                "SecurityGroupIngress": [
                    {
                        "IpProtocol": "tcp",
                        "FromPort": 5432,
                        "ToPort": 5432,
                        "SourceSecurityGroupId": {"Fn::GetAtt": ["Clients", "GroupId"]},
                    }
                ],
            },
        },
        "Log": {
            "Type": "AWS::Logs::LogGroup",
            "Properties": {"LogGroupName": {"Fn::Sub": "/aws/rds/cluster/${AWS::StackName}/postgresql"}},
        },
    },
    "Outputs": {"Host": {"Value": {"Fn::GetAtt": ["Cluster", "Endpoint.Address"]}}},
}


def changed(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The good template with changes: `Cluster.EngineVersion` is a property, `/Parameters/X` a place, DROP removes."""
    template = copy.deepcopy(GOOD)
    for place, value in changes.items():
        if place.startswith("/"):
            *keys, last = place[1:].split("/")
        else:
            name, *rest = place.split(".", 1)
            keys = ["Resources", name, "Properties"] if rest else ["Resources"]
            *inner, last = rest[0].split("|") if rest else [name]
            keys += inner
        _put(template, keys, last, value)
    return template


def _put(node: dict[str, Any], keys: list[str], last: str, value: Any) -> None:
    for key in keys:
        node = node.setdefault(key, {})
    if value is DROP:
        node.pop(last, None)
    else:
        node[last] = copy.deepcopy(value)


def found(rule: str, changes: Mapping[str, Any], *, region: str = "us-east-1", **given: Any) -> list[tuple[str, str]]:
    """What one rule finds in the changed template: the path and the message of each finding."""
    template, _ = decode_str(json.dumps(changed(changes)))
    sets = [ParameterSet(source=None, parameters=given)] if given else []
    cfn = Template("t.json", template, [region], sets)
    one = rules()[rule]
    one.configure({"today": "2026-11-21"})
    return [("/".join(map(str, match.path)), match.message) for match in one.match(cfn)]
