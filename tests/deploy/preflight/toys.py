"""A small database stack before and after, and the ports of the checks as fakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aurora_cfn.deploy.preflight import CheckPorts, Subject, WholeRun, preflight, subject
from aurora_cfn.deploy.preflight.subject import Deployed
from aurora_cfn.model.environment import Environment, EnvironmentStack, ParameterValue
from aurora_cfn.model.finding import Finding
from aurora_cfn.model.stack import Output, Stack, StackResource
from tests.fakes.account import FakeAccount, FakeNames, FakeSecretKeys
from tests.fakes.buckets import FakeBuckets
from tests.fakes.rds import FakeDatabases

ARN = "arn:aws:cloudformation:eu-west-1:123456789012:stack/db-dev/1"
TEMPLATE = """\
Parameters:
  EngineVersion: {Type: String, Default: "17.5"}
  MinCapacity: {Type: Number, Default: 0.5}
  MaxCapacity: {Type: Number, Default: 4}
  Master: {Type: String, Default: ""}
Conditions:
  HasMaster: !Not [!Equals [!Ref Master, ""]]
Resources:
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub "/aws/rds/cluster/${AWS::StackName}/postgresql"}
  Cluster:
    Type: AWS::RDS::DBCluster
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties:
      DBClusterIdentifier: !Sub "${AWS::StackName}-Aurora"
      Engine: aurora-postgresql
      EngineVersion: !Ref EngineVersion
      MasterUsername: !If [HasMaster, !Sub "{{resolve:secretsmanager:${Master}:SecretString:username}}", admin1]
      MasterUserPassword: !If
        - HasMaster
        - !Sub "{{resolve:secretsmanager:${Master}:SecretString:password}}"
        - !Ref AWS::NoValue
      ServerlessV2ScalingConfiguration: {MinCapacity: !Ref MinCapacity, MaxCapacity: !Ref MaxCapacity}
  Writer:
    Type: AWS::RDS::DBInstance
    Properties: {DBClusterIdentifier: !Ref Cluster, DBInstanceClass: db.serverless, Engine: aurora-postgresql}
  Address:
    Type: AWS::SSM::Parameter
    Properties: {Name: /db/address, Type: String, Value: x}
Outputs:
  Host:
    Value: !GetAtt Cluster.Endpoint.Address
    Export: {Name: !Sub "${AWS::StackName}-Host"}
"""
CALLER = "123456789012", "arn:aws:iam::123456789012:user/other"
CLUSTER = "db-dev-aurora"
LIVE = (
    StackResource("Logs", "AWS::Logs::LogGroup", "CREATE_COMPLETE", "/aws/rds/cluster/db-dev/postgresql"),
    StackResource("Cluster", "AWS::RDS::DBCluster", "CREATE_COMPLETE", CLUSTER),
    StackResource("Writer", "AWS::RDS::DBInstance", "CREATE_COMPLETE", "writer-1"),
    StackResource("Address", "AWS::SSM::Parameter", "CREATE_COMPLETE", "/db/address"),
)
DEFAULTS = {"EngineVersion": "17.5", "MinCapacity": "0.5", "MaxCapacity": "4", "Master": ""}


def environment(**more: Any) -> Environment:
    return Environment(**{"name": "dev", "path": "params/dev.yaml", "region": "eu-west-1", "stacks": (), **more})


def entry(**parameters: ParameterValue) -> EnvironmentStack:
    lines = {name: 10 + number for number, name in enumerate(parameters)}
    return EnvironmentStack("db", "db-dev", "toy", parameters, 7, lines)


def running(template: str = TEMPLATE, **parameters: str) -> Deployed:
    """The stack as it was deployed, with everything in it."""
    exports = (Output("Host", "h", export="db-dev-Host"),)
    stack = Stack(ARN, "db-dev", "UPDATE_COMPLETE", outputs=exports, parameters={**DEFAULTS, **parameters})
    return Deployed(stack, LIVE, template)


def stack(
    deployed: Deployed | None = None, template: str = TEMPLATE, where: Mapping[str, Any] | None = None, **given: str
) -> Subject:
    return subject(environment(**where or {}), entry(**given), template, given, deployed or Deployed())


@dataclass(slots=True)
class FakePorts:
    """The ports of the checks."""

    databases: FakeDatabases = field(default_factory=FakeDatabases)
    secrets: FakeSecretKeys = field(default_factory=FakeSecretKeys)
    names: FakeNames = field(default_factory=FakeNames)
    account: FakeAccount = field(default_factory=FakeAccount)
    buckets: FakeBuckets = field(default_factory=FakeBuckets)

    @property
    def ports(self) -> CheckPorts:
        return CheckPorts(self.databases, self.secrets, self.names, self.account, self.buckets)

    def found(self, *subjects: Subject) -> list[Finding]:
        """What all checks find."""
        return preflight(WholeRun(subjects[0].environment, CALLER, subjects), self.ports)

    def rules(self, *subjects: Subject) -> list[tuple[str, str]]:
        return [(row.rule, row.severity) for row in self.found(*subjects)]
