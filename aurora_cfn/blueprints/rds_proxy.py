"""RDS Proxy: a pool of connections between many short-lived clients and one database.

Clients log in with IAM over TLS; the proxy logs in with the one secret that it may read. It takes plain values and no
exports, so that the database can be replaced while its proxy stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from troposphere import AWSObject, GetAtt, If, Output, Ref, Select, Split, Sub, Tags
from troposphere.iam import Policy, Role
from troposphere.rds import AuthFormat, ConnectionPoolConfigurationInfoFormat, DBProxy, DBProxyTargetGroup

from aurora_cfn.blueprint import Blueprint, exported
from aurora_cfn.blueprints.parts.conditions import chosen, given, only_if, unless
from aurora_cfn.blueprints.parts.log_groups import log_group
from aurora_cfn.blueprints.parts.proxy_checks import proxy_checks
from aurora_cfn.blueprints.parts.security_groups import closed_group, door, group_id
from aurora_cfn.blueprints.rds_proxy_parameters import proxy_parameters

PROXY = "DBProxy"
PARAMETERS = proxy_parameters()


def resources() -> Sequence[AWSObject]:
    """The way in, the role, the proxy, and what it leads to."""
    return [*_network_side(), log_group("LogGroup", _name("/aws/rds/proxy/%s")), _role(), _proxy(), _targets()]


def _name(text: str = "%s") -> If:
    return If("HasProxyName", Sub(text % "${ProxyName}"), Sub(text % "${AWS::StackName}"))


def _port() -> If:
    """The proxy listens on the port of its engine and on no other."""
    return If("IsMySql", 3306, 5432)


def _network_side() -> list[AWSObject]:
    client = closed_group("ClientSecurityGroup", "client", "Clients of the proxy", vpc=Ref("VpcId"))
    own = closed_group("ProxySecurityGroup", "proxy", "The proxy: only its clients may enter", vpc=Ref("VpcId"))
    way = door(
        "ClientToProxy",
        source=group_id("ClientSecurityGroup"),
        target=group_id("ProxySecurityGroup"),
        port=_port(),
        what="The database's protocol, from the proxy's clients",
    )
    return [client, own, *way]


def _role() -> Role:
    statements: list[Any] = [
        {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": Ref("SecretArn")},
        only_if(
            "HasSecretKey",
            {
                "Effect": "Allow",
                "Action": "kms:Decrypt",
                "Resource": Ref("SecretKeyArn"),
                "Condition": {
                    "StringEquals": {"kms:ViaService": Sub("secretsmanager.${AWS::Region}.${AWS::URLSuffix}")}
                },
            },
        ),
    ]
    return Role(
        "ProxyRole",
        Description="Lets the proxy read the one secret that opens its database",
        AssumeRolePolicyDocument={
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "rds.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        },
        Policies=[
            Policy(PolicyName="read-one-secret", PolicyDocument={"Version": "2012-10-17", "Statement": statements})
        ],
    )


def _proxy() -> DBProxy:
    return DBProxy(
        PROXY,
        # RDS would make the log group itself, without retention, if the proxy came first.
        DependsOn="LogGroup",
        DBProxyName=_name(),
        EngineFamily=Ref("EngineFamily"),
        RoleArn=GetAtt("ProxyRole", "Arn"),
        Auth=[AuthFormat(AuthScheme="SECRETS", SecretArn=Ref("SecretArn"), IAMAuth="REQUIRED")],
        RequireTLS=True,
        IdleClientTimeout=Ref("IdleClientTimeout"),
        DebugLogging=Ref("DebugLogging"),
        VpcSubnetIds=Split(",", Ref("SubnetIds")),
        # A member of the database's group of clients: that group, and no other way, leads to the database.
        VpcSecurityGroupIds=[group_id("ProxySecurityGroup"), Ref("DatabaseClientSecurityGroupId")],
        Tags=Tags(Name=_name()),
    )


def _targets() -> DBProxyTargetGroup:
    target = [Ref("TargetName")]
    return DBProxyTargetGroup(
        "TargetGroup",
        DBProxyName=Ref(PROXY),
        # RDS knows no other name (API reference of DBProxyTargetGroup, 2026-11-20).
        TargetGroupName="default",
        DBClusterIdentifiers=only_if("IsCluster", target),
        DBInstanceIdentifiers=unless("IsCluster", target),
        ConnectionPoolConfigurationInfo=ConnectionPoolConfigurationInfoFormat(
            MaxConnectionsPercent=Ref("MaxConnectionsPercent"),
            MaxIdleConnectionsPercent=Ref("MaxIdleConnectionsPercent"),
            ConnectionBorrowTimeout=Ref("ConnectionBorrowTimeout"),
        ),
    )


def outputs() -> Sequence[Output]:
    """What a client needs to connect, under the names that a database has too."""
    return [
        exported("StackName", "Name of this stack", Ref("AWS::StackName")),
        exported("ProxyName", "Name of the proxy", Ref(PROXY)),
        exported("DNSName", "Host of the proxy", GetAtt(PROXY, "Endpoint")),
        exported("DBPort", "Port of the proxy", If("IsMySql", "3306", "5432")),
        exported("ProxyArn", "ARN of the proxy", GetAtt(PROXY, "DBProxyArn")),
        exported(
            "ProxyResourceId",
            "Id that IAM policies for rds-db:connect name",
            Select(6, Split(":", GetAtt(PROXY, "DBProxyArn"))),
        ),
        exported("ClientSecurityGroupId", "Group whose members may connect", group_id("ClientSecurityGroup")),
        exported("ProxySecurityGroupId", "Group of the proxy itself", group_id("ProxySecurityGroup")),
    ]


BLUEPRINT = Blueprint(
    name="rds-proxy",
    description="RDS Proxy that asks for IAM and TLS, in front of a cluster or an instance of either engine",
    parameters=PARAMETERS,
    conditions={
        "HasProxyName": given("ProxyName"),
        "HasSecretKey": given("SecretKeyArn"),
        "IsMySql": chosen("EngineFamily", "MYSQL"),
        "IsCluster": chosen("TargetType", "cluster"),
    },
    resources=resources,
    outputs=outputs,
    checks=proxy_checks(),
)
