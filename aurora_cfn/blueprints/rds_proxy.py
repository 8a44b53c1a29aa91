"""RDS Proxy: a pool of connections between many short-lived clients and one database.

Clients log in with IAM over TLS; the proxy logs in with the one secret that it may read. It takes plain values and no
exports, so that the database can be replaced while its proxy stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from troposphere import AWSObject, GetAtt, If, Output, Ref, Select, Split, Sub, Tags
from troposphere.rds import AuthFormat, ConnectionPoolConfigurationInfoFormat, DBProxy, DBProxyTargetGroup

from aurora_cfn.blueprint import blueprint_of, commented, exported
from aurora_cfn.blueprints.parts.conditions import only_if, unless
from aurora_cfn.blueprints.parts.database_network import allow, closed_group, group_id
from aurora_cfn.blueprints.parts.observation import log_group
from aurora_cfn.blueprints.parts.service_role import NO_SOURCE_ACCOUNT, allowed, role, trust_policy
from aurora_cfn.blueprints.rds_proxy_parameters import PARAMETERS
from aurora_cfn.blueprints.unrendered import checks_of

PROXY = "DBProxy"


def resources() -> Sequence[AWSObject]:
    """The network side, the log, the role, the proxy, and the database that it connects to."""
    return [*_network_side(), log_group("LogGroup", _log_name()), _role(), _proxy(), _targets()]


def _name() -> If:
    return If("HasProxyName", Ref("ProxyName"), Ref("AWS::StackName"))


def _log_name() -> If:
    prefix = "/aws/rds/proxy/"
    return If("HasProxyName", Sub(prefix + "${ProxyName}"), Sub(prefix + "${AWS::StackName}"))


def _port() -> If:
    """The port of the engine: a proxy listens on no other."""
    return If("IsMySql", 3306, 5432)


def _network_side() -> list[AWSObject]:
    client = closed_group("ClientSecurityGroup", "client", "Clients of the proxy", vpc=Ref("VpcId"))
    own = closed_group("ProxySecurityGroup", "proxy", "The proxy: only its clients may enter", vpc=Ref("VpcId"))
    rules = allow(
        "ClientToProxy",
        source=group_id("ClientSecurityGroup"),
        target=group_id("ProxySecurityGroup"),
        port=_port(),
        what="The protocol of the database, from the clients of the proxy",
    )
    return [client, own, *rules]


def _role() -> AWSObject:
    for_secrets = {"StringEquals": {"kms:ViaService": Sub("secretsmanager.${AWS::Region}.${AWS::URLSuffix}")}}
    made = role(
        "ProxyRole",
        "Lets the proxy read the one secret that opens its database",
        trust_policy("rds.amazonaws.com"),
        "read-one-secret",
        [
            allowed("secretsmanager:GetSecretValue", Ref("SecretArn")),
            only_if("HasSecretKey", allowed("kms:Decrypt", Ref("SecretKeyArn"), for_secrets)),
        ],
    )
    return commented(made, AssumeRolePolicyDocument=NO_SOURCE_ACCOUNT)


def _proxy() -> AWSObject:
    proxy = DBProxy(
        PROXY,
        DependsOn=["LogGroup"],
        DBProxyName=_name(),
        EngineFamily=Ref("EngineFamily"),
        RoleArn=GetAtt("ProxyRole", "Arn"),
        Auth=[AuthFormat(AuthScheme="SECRETS", SecretArn=Ref("SecretArn"), IAMAuth="REQUIRED")],
        RequireTLS=True,
        IdleClientTimeout=Ref("IdleClientTimeout"),
        DebugLogging=Ref("DebugLogging"),
        VpcSubnetIds=Ref("SubnetIds"),
        VpcSecurityGroupIds=[group_id("ProxySecurityGroup"), Ref("DatabaseClientSecurityGroupId")],
        Tags=Tags(Name=_name()),
    )
    return commented(
        proxy,
        DependsOn="RDS would make the log group itself, without a retention period, if the proxy came first.",
        VpcSecurityGroupIds="The second group is that of the database's clients: only its members reach the database.",
    )


def _targets() -> AWSObject:
    target = [Ref("TargetName")]
    group = DBProxyTargetGroup(
        "TargetGroup",
        DBProxyName=Ref(PROXY),
        TargetGroupName="default",
        DBClusterIdentifiers=only_if("IsCluster", target),
        DBInstanceIdentifiers=unless("IsCluster", target),
        ConnectionPoolConfigurationInfo=ConnectionPoolConfigurationInfoFormat(
            MaxConnectionsPercent=Ref("MaxConnectionsPercent"),
            MaxIdleConnectionsPercent=Ref("MaxIdleConnectionsPercent"),
            ConnectionBorrowTimeout=Ref("ConnectionBorrowTimeout"),
        ),
    )
    # API reference of DBProxyTargetGroup, 2026-11-20.
    return commented(group, TargetGroupName="The only name that RDS takes here.")


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


BLUEPRINT = blueprint_of(
    PARAMETERS,
    name="rds-proxy",
    description="RDS Proxy that requires IAM and TLS, in front of a cluster or an instance of either engine",
    resources=resources,
    outputs=outputs,
    checks=checks_of("rds-proxy"),
)
