"""Projects of any size in a git repository: so many environments, stacks an environment and resources a template."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

from tests.bench.measure import ENVIRONMENT

HEAD = """AWSTemplateFormatVersion: "2010-09-09"
Description: a service with many parts
Parameters:
  EnvironmentName: {Type: String}
  MaxCapacity: {Type: Number, Default: 4}
  RetentionDays: {Type: Number, Default: 30}
  VpcId: {Type: String, Default: vpc-1}
  AlarmsOn: {Type: String, Default: "true", AllowedValues: ["true", "false"]}
Conditions:
  Alarms: !Equals [!Ref AlarmsOn, "true"]
  Production: !Equals [!Ref EnvironmentName, production]
Resources:
  Cluster:
    Type: AWS::RDS::DBCluster
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties:
      Engine: aurora-postgresql
      ManageMasterUserPassword: true
      MasterUsername: app
      StorageEncrypted: true
      ServerlessV2ScalingConfiguration:
        MinCapacity: 0.5
        MaxCapacity: !Ref MaxCapacity
"""
PARTS = (
    """  Log{0}:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Sub /${{AWS::StackName}}/part{0}
      RetentionInDays: !Ref RetentionDays
""",
    """  Setting{0}:
    Type: AWS::SSM::Parameter
    Properties:
      Name: !Sub /${{AWS::StackName}}/setting{0}
      Type: String
      Value: "{0}"
      Description: setting {0}
""",
    """  Alarm{0}:
    Type: AWS::CloudWatch::Alarm
    Condition: Alarms
    Properties:
      AlarmDescription: errors of part {0}
      Namespace: Service
      MetricName: Errors
      Dimensions:
        - Name: Part
          Value: part{0}
      Statistic: Sum
      Period: 300
      EvaluationPeriods: 1
      Threshold: {0}
      ComparisonOperator: GreaterThanThreshold
""",
    """  Group{0}:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: part {0}
      VpcId: !Ref VpcId
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 443
          ToPort: 443
          CidrIp: 10.0.0.0/8
      Tags:
        - Key: Name
          Value: !Sub ${{AWS::StackName}}-part{0}
""",
    """  Topic{0}:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !If [Production, part {0}, test part {0}]
""",
)
REFERRING = """  Setting{0}:
    Type: AWS::SSM::Parameter
    Properties: {{Type: String, Value: !Sub "${{{1}}}.{0}", Description: !GetAtt {2}}}
"""
OUTPUTS = """Outputs:
  Cluster: {Value: !GetAtt Cluster.Endpoint.Address, Export: {Name: !Sub "${AWS::StackName}-Cluster"}}
  Name: {Value: !Ref Cluster, Export: {Name: !Sub "${AWS::StackName}-Name"}}
"""
READER = """Parameters: {Source: {Type: String}}
Resources:
  Setting:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !ImportValue {"Fn::Sub": "${Source}-Cluster"}}
"""
READING = "  reader{number:04d}:\n    template: reader\n    parameters: {{Source: {{stack: service{number:04d}}}}}\n"
STACK = """  {key}:
    template: service
    parameters: {{MaxCapacity: {size}, RetentionDays: {days}, VpcId: vpc-{size:08x}}}
"""


def template(resources: int) -> str:
    """A template of so many resources: a cluster, log groups, SSM parameters, alarms, security groups, topics."""
    parts = (part.format(number) for number in count() for part in PARTS)
    return HEAD + "".join(islice(parts, resources - 1))


def chain(resources: int) -> str:
    """A template of so many resources, each of which refers to the one before it in two ways."""
    names = ["Cluster.Endpoint.Address", *(f"Setting{number}.Value" for number in range(resources))]
    return HEAD + "".join(REFERRING.format(number, names[number], names[number]) for number in range(resources - 1))


def params(stacks: int, first: int = 0, *, endpoint: str = "") -> str:
    """A params file with so many stacks of that template, each with values of its own; `first` makes files differ."""
    rows = (_stack(number, first + number) for number in range(stacks))
    return f"{endpoint}region: eu-west-1\nstacks:\n{''.join(rows)}"


def _stack(number: int, value: int) -> str:
    return STACK.format(key=f"service{number:04d}", size=4 + value % 100, days=(7, 14, 30, 60)[value % 4])


def project(
    folder: Path, *, environments: int, stacks: int, resources: int, exported: bool = False, chained: bool = False
) -> Path:
    """A committed project of that size, with edits of the template that are not committed.

    They are in a few properties of each kind and in the capacity of the clusters; with `exported` half of the stacks
    import from the other half, and an export is renamed; with `chained` each resource refers to the one before it.
    """
    for part in ("templates", "params"):
        (folder / part).mkdir(parents=True)
    file = folder / "templates" / "service.yaml"
    file.write_text((chain if chained else template)(resources) + (OUTPUTS if exported else ""))
    (folder / "templates" / "reader.yaml").write_text(READER)
    reading = "".join(READING.format(number=number) for number in range(stacks // 2)) if exported else ""
    for number in range(environments):
        own = params(stacks - stacks // 2 if exported else stacks, number)
        (folder / "params" / f"env{number}.yaml").write_text(own + reading)
    for command in _commit():
        subprocess.run(command, cwd=folder, check=True, capture_output=True, env=ENVIRONMENT)
    text = (
        file.read_text()
        .replace('-Name"', '-ClusterName"')
        .replace("MinCapacity: 0.5", "MinCapacity: 1")
        .replace("Period: 300", "Period: 60", 5)
    )
    file.write_text(text.replace("[Production, part 1,", "[Production, section 1,"))
    return folder


def _commit() -> Iterator[list[str]]:
    yield ["git", "init", "-q", "-b", "main"]
    yield ["git", "add", "-A"]
    yield ["git", "-c", "user.name=b", "-c", "user.email=b@example.com", "commit", "-q", "-m", "before"]
