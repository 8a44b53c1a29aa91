"""The grave mistakes that cfn-lint 1.58.0 passes in silence: none of them passes here."""

from __future__ import annotations

from datetime import date

import pytest

from aurora_cfn.lint.engine import lint
from aurora_cfn.lint.subject import Subject

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Password: {Type: String}
Resources:
  Old:
    Type: AWS::RDS::DBCluster
    Properties:
      Engine: aurora-postgresql
      EngineMode: serverless
      ScalingConfiguration: {MinCapacity: 3, MaxCapacity: 2, SecondsUntilAutoPause: 10}
      StorageEncrypted: false
      EnableCloudwatchLogsExports: [audit]
      PreferredMaintenanceWindow: foo
      MasterUsername: boss
      MasterUserPassword: !Ref Password
      ManageMasterUserPassword: true
  New:
    Type: AWS::RDS::DBCluster
    Properties:
      Engine: aurora-mysql
      EngineVersion: 8.0.mysql_aurora.3.04.2
      ServerlessV2ScalingConfiguration: {MinCapacity: 0.3, MaxCapacity: 300, SecondsUntilAutoPause: 100}
      DatabaseInsightsMode: advanced
      EnableHttpEndpoint: true
      ManageMasterUserPassword: true
  Idle:
    Type: AWS::RDS::DBCluster
    Properties:
      Engine: aurora-mysql
      EngineVersion: 8.0.mysql_aurora.3.04.2
      ServerlessV2ScalingConfiguration: {MinCapacity: 0, MaxCapacity: 4}
      ManageMasterUserPassword: true
  Postgres:
    Type: AWS::RDS::DBCluster
    Properties: {Engine: aurora-postgresql, ManageMasterUserPassword: true}
  Instance:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: aurora-postgresql
      DBClusterIdentifier: !Ref Postgres
      DBInstanceClass: db.serverless
      PubliclyAccessible: true
  Subnets:
    Type: AWS::RDS::DBSubnetGroup
    Properties: {DBSubnetGroupDescription: one, SubnetIds: [subnet-0123456789abcdef0]}
  Proxy:
    Type: AWS::RDS::DBProxy
    Properties:
      DBProxyName: bad_name-
      EngineFamily: MYSQL
      RequireTLS: false
      RoleArn: arn:aws:iam::123456789012:role/proxy
      Auth: [{SecretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x"}]
      VpcSubnetIds: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
  Targets:
    Type: AWS::RDS::DBProxyTargetGroup
    Properties: {DBProxyName: !Ref Proxy, TargetGroupName: default, DBClusterIdentifiers: [!Ref Postgres]}
  Vpn:
    Type: AWS::EC2::ClientVpnEndpoint
    Properties:
      ClientCidrBlock: 10.0.0.0/27
      SessionTimeoutHours: 9
      ServerCertificateArn: arn:aws:acm:eu-west-1:123456789012:certificate/x
      ConnectionLogOptions: {Enabled: false}
      AuthenticationOptions: [{Type: certificate-authentication}]
"""


@pytest.fixture(scope="module")
def found() -> set[tuple[str, str]]:
    (rows,) = lint([Subject("t.yaml", TEMPLATE)], today=date(2026, 11, 21))
    return {(row.rule, row.key.split("/")[1] if "/" in row.key else "") for row in rows}


@pytest.mark.parametrize(
    ("mistake", "rule", "resource"),
    [
        ("EngineMode serverless", "E9001", "Old"),
        ("v1 capacity 3 to 2, pause after 10 s", "E9002", "Old"),
        ("v2 capacity 0.3 to 300", "E9005", "New"),
        ("pause after 100 s", "E9008", "New"),
        ("PostgreSQL with an audit log", "E9028", "Old"),
        ("window foo", "E9035", "Old"),
        ("two master passwords", "E9017", "Old"),
        ("advanced insights without Performance Insights", "E9034", "New"),
        ("Data API on MySQL 3.04", "E9015", "New"),
        ("scale to zero on MySQL 3.04", "E9007", "Idle"),
        ("a cluster without instances", "E9004", "Idle"),
        ("a public instance", "W9030", "Instance"),
        ("a MySQL proxy of PostgreSQL", "E9040", "Proxy"),
        ("a proxy without TLS", "W9041", "Proxy"),
        ("VPN range /27, 9 hours, no root certificate", "E9047", "Vpn"),
        ("a subnet group of one subnet", "E9031", "Subnets"),
        ("storage in the clear", "W9022", "Old"),
        ("db.serverless without capacity", "E9003", "Instance"),
        ("a password that everyone can read", "W9018", "Old"),
        ("a proxy that does not wait for its database", "E9043", "Targets"),
    ],
)
def test_no_grave_mistake_passes(found: set[tuple[str, str]], mistake: str, rule: str, resource: str) -> None:
    assert (rule, resource) in found, mistake
