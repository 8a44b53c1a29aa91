"""Rules about what stands around a database: proxies, IAM, DSQL, VPN, networks."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.lint.toys import DROP, DSQL, PROXY, SECRET_ROLE, TARGETS, VPN, found, role, statement

BEHIND = {"Proxy": PROXY, "Targets": TARGETS, "Role": SECRET_ROLE}
DBUSER = "arn:aws:rds-db:${AWS::Region}:${AWS::AccountId}:dbuser:"
AUTH = {"AuthScheme": "SECRETS", "SecretArn": "arn"}
DEV = {"/Parameters/Stage": {"Type": "String", "Default": "dev"}}
READS = {
    "Function": {"Type": "AWS::Lambda::Function",
                 "Properties": {"Role": {"Fn::GetAtt": ["Role", "Arn"]}, "VpcConfig": {"SubnetIds": [{"Ref": "A"}]}}},
    "Role": SECRET_ROLE,
}  # fmt: skip
WAY_OUT = {
    "Type": "AWS::EC2::VPCEndpoint",
    "Properties": {
        "ServiceName": {"Fn::Sub": "com.amazonaws.${AWS::Region}.secretsmanager"},
        "PrivateDnsEnabled": True,
    },
}


def vpn(**changes: Any) -> dict[str, Any]:
    rows = copy.deepcopy(VPN)
    rows["Endpoint"]["Properties"].update(changes)
    return rows


KEYED = {"Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"KmsKeyId": {"Ref": "Key"}}}}
OWN_GROUP = {"ProxyGroup": {"Type": "AWS::EC2::SecurityGroup", "Properties": {}},
             "Proxy.VpcSecurityGroupIds": [{"Ref": "ProxyGroup"}]}  # fmt: skip


def let_in(source: Any) -> dict[str, Any]:
    return BEHIND | OWN_GROUP | {"Group.SecurityGroupIngress": [source | {"IpProtocol": "tcp"}]}


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("E9040", BEHIND | {"Proxy.EngineFamily": "MYSQL"}, "does not fit aurora-postgresql, which is POSTGRESQL"),
    ("E9040", BEHIND | {"Proxy.DBProxyName": "bad_name-"}, "cannot be the name of a proxy"),
    ("E9040", BEHIND | {"Proxy.Auth": DROP}, "has no Auth"),
    ("E9040", BEHIND | {"Proxy.Auth": [AUTH | {"IAMAuth": "ENABLED"}]}, "for SQL Server only"),
    ("W9041", BEHIND | {"Proxy.RequireTLS": False}, "without TLS"),
    ("W9041", BEHIND | {"Proxy.RequireTLS": DROP}, "without TLS"),
    ("W9041", BEHIND | {"Proxy.DebugLogging": True}, "logs the text of SQL"),
    ("I9041", BEHIND | {"Proxy.Auth": [AUTH | {"IAMAuth": "DISABLED"}]}, "log in with passwords"),
    ("E9041", BEHIND | {"Targets.ConnectionPoolConfigurationInfo": {"SessionPinningFilters": ["X"]}}, "PostgreSQL"),
    ("E9042", BEHIND | {"Role": role(statement("secretsmanager:DescribeSecret", "*"))}, "does not allow"),
    ("E9042", BEHIND | KEYED, "does not allow kms:Decrypt"),
    ("W9043", BEHIND | OWN_GROUP, "the security groups of Cluster do not let Proxy in"),
    ("W9043", let_in({"SourceSecurityGroupId": {"Fn::GetAtt": ["Group", "GroupId"]}}), "do not let Proxy in"),
    ("W9042", BEHIND | {"Role": role(statement("secretsmanager:*", "*"))}, "may read every secret"),
    ("E9043", BEHIND | {"/Resources/Targets/DependsOn": DROP}, "does not wait for an instance"),
    ("E9043", BEHIND | {"Targets.TargetGroupName": "mine"}, "is not default"),
    ("E9044", {"Role": role(statement("rds-db:connect", {"Fn::Sub": DBUSER + "${Cluster}/app"}))}, "Ref of Cluster"),
    ("E9044", BEHIND | {"Who": role(statement("rds-db:connect", {"Fn::Sub": DBUSER + "${Proxy}/*"}))}, "Ref of Proxy"),
    ("E9045", {"Role": role(statement("dsql:ExecuteStatement", "arn"))}, "no action dsql:ExecuteStatement"),
    ("E9045", {"Role": role(statement("dsql:Connect", "arn"))}, "no action dsql:Connect"),
    ("W9045", {"Role": role(statement("dsql:DbConnectAdmin", "arn"))}, "admin may do everything"),
    ("W9045", {"Role": role(statement("dsql:DbConnect", "*"))}, "every DSQL cluster"),
    ("W9046", {"Orders": DSQL, "Orders.DeletionProtectionEnabled": False}, "no deletion protection"),
    ("W9046", {"Orders": DSQL, "/Resources/Orders/UpdateReplacePolicy": DROP}, "has no UpdateReplacePolicy"),
    ("W9046", DEV | {"Orders": DSQL, "/Resources/Orders/DeletionPolicy": DROP}, "has no DeletionPolicy"),
    ("E9047", vpn(ClientCidrBlock="10.1.0.0/27"), "not a range from /12 to /22"),
    ("E9047", vpn(ClientCidrBlock="10.0.0.0/20"), "overlaps the VPC's 10.0.0.0/16"),
    ("E9047", vpn(SessionTimeoutHours=9), "9 is not 8, 10, 12 or 24"),
    ("E9047", vpn(AuthenticationOptions=[{"Type": "certificate-authentication"}]), "needs MutualAuthentication"),
    ("E9047", vpn() | {"Association": DROP}, "has no ClientVpnTargetNetworkAssociation"),
    ("E9047", vpn() | {"Rule": DROP}, "has no ClientVpnAuthorizationRule"),
    ("W9047", vpn(ConnectionLogOptions={"Enabled": False}), "has no connection log"),
    ("W9047", vpn(SplitTunnel=False), "cannot leave it"),
    ("W9048", READS, "reads a secret that it cannot reach"),
    ("W9048", READS | {"Way": WAY_OUT, "Way.PrivateDnsEnabled": False}, "reads a secret that it cannot reach"),
    ("I9048", {"A.CidrBlock": "10.0.0.0/28"}, "10.0.0.0/28 has 11 usable addresses"),
]
GOOD: list[tuple[str, dict[str, Any]]] = [
    ("E9040", BEHIND),
    ("E9040", BEHIND | {"Proxy.Auth": DROP, "Proxy.DefaultAuthScheme": "IAM_AUTH"}),
    ("E9040", BEHIND | {"Proxy.DBProxyName": {"Fn::Sub": "${AWS::StackName}-proxy"}}),
    ("E9040", BEHIND | {"Proxy.DBProxyName": "{{resolve:ssm:/name}}", "Proxy.EngineFamily": "{{resolve:ssm:/kind}}"}),
    ("E9040", BEHIND | {"Targets.DBClusterIdentifiers": [{"Fn::ImportValue": "x"}], "Proxy.EngineFamily": "MYSQL"}),
    ("W9041", BEHIND),
    ("I9041", BEHIND),
    ("E9041", BEHIND),
    ("E9042", BEHIND),
    ("E9042", BEHIND | {"Role": role(statement("secretsmanager:Get*", "arn"))}),
    ("E9042", BEHIND | {"Role": role(), "Role.ManagedPolicyArns": ["arn"]}),
    ("E9042", BEHIND | {"Proxy.RoleArn": {"Fn::ImportValue": "role"}}),
    ("W9042", BEHIND),
    ("E9042", BEHIND | KEYED | {"Role": role(statement("*", "*"))}),
    ("W9043", BEHIND),
    ("W9043", let_in({"SourceSecurityGroupId": {"Fn::GetAtt": ["ProxyGroup", "GroupId"]}})),
    ("W9043", let_in({"CidrIp": "10.0.0.0/16"})),
    ("W9043", let_in({"SourceSecurityGroupId": {"Fn::ImportValue": "x"}})),
    ("W9043", BEHIND | OWN_GROUP | {"Proxy.VpcSecurityGroupIds": [{"Fn::ImportValue": "x"}]}),
    ("E9043", BEHIND),
    ("E9043", BEHIND | {"Targets.DBClusterIdentifiers": [{"Fn::ImportValue": "x"}],
                        "/Resources/Targets/DependsOn": DROP}),
    ("E9044", {"Role": role(statement("rds-db:connect", {"Fn::Sub": DBUSER + "${Cluster.DBClusterResourceId}/app"}))}),
    ("E9044", {"Role": role(statement("rds:DescribeDBClusters", {"Ref": "Cluster"}))}),
    ("E9045", {"Role": role(statement("dsql:DbConnect", "arn"))}),
    ("W9045", {"Role": role(statement("dsql:DbConnect", "arn"))}),
    ("W9046", {"Orders": DSQL}),
    ("W9046", DEV | {"Orders": DSQL, "Orders.DeletionProtectionEnabled": False}),
    ("E9046", {"Orders": DSQL}),
    ("E9047", vpn()),
    ("E9047", vpn(ClientCidrBlock={"Fn::ImportValue": "x"})),
    ("E9047", vpn() | {"Rule": DROP, "/Outputs/Door": {"Value": {"Ref": "Endpoint"}, "Export": {"Name": "door"}}}),
    ("W9047", vpn(SplitTunnel=False) | {"/Outputs/Door": {"Value": {"Ref": "Endpoint"}, "Export": {"Name": "door"}}}),
    ("W9047", vpn()),
    ("W9047", vpn(SplitTunnel=False) | {"Out": {"Type": "AWS::EC2::ClientVpnRoute",
                                                "Properties": {"DestinationCidrBlock": "0.0.0.0/0"}}}),
    ("W9048", READS | {"Way": WAY_OUT}),
    ("W9048", READS | {"Nat": {"Type": "AWS::EC2::NatGateway"}}),
    ("W9048", READS | {"Function.VpcConfig": DROP}),
    ("I9048", {}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "changes", "message"), BAD)
def test_what_is_wrong_is_found(rule: str, changes: dict[str, Any], message: str) -> None:
    assert [text for _, text in found(rule, changes) if message in text]


@pytest.mark.parametrize(("rule", "changes"), GOOD)
def test_what_is_right_is_left_alone(rule: str, changes: dict[str, Any]) -> None:
    assert found(rule, changes) == []


def test_a_region_without_dsql_is_found() -> None:
    assert "us-west-1 has no Aurora DSQL" in found("E9046", {"Orders": DSQL}, region="us-west-1")[0][1]
    assert found("E9046", {"Orders": DSQL}, region="us-east-2") == []


def test_a_witness_is_a_third_region() -> None:
    changes = {"Orders": DSQL, "Orders.MultiRegionProperties": {"WitnessRegion": "us-east-2"}}
    assert "is the region of the cluster itself" in found("E9046", changes, region="us-east-2")[0][1]


@pytest.mark.parametrize(
    ("rule", "changes", "text"),
    [
        ("W9041", BEHIND | {"Proxy.RequireTLS": False}, "Proxy takes connections without TLS: set RequireTLS to true"),
        ("E9040", BEHIND | {"Proxy.EngineFamily": "MYSQL"},
         "EngineFamily MYSQL does not fit aurora-postgresql, which is POSTGRESQL: set EngineFamily to POSTGRESQL"),
        ("E9047", vpn(SessionTimeoutHours=9), "SessionTimeoutHours 9 is not 8, 10, 12 or 24: set it to one of these"),
    ],
)  # fmt: skip
def test_a_finding_gives_the_advice_that_helps_against_it_alone(rule: str, changes: dict[str, Any], text: str) -> None:
    assert [fix for _, fix in found(rule, changes)] == [text]
