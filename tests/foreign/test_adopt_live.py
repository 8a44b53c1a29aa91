"""Stacks that boto3 made from templates of other tools are adopted at the emulator, and deployed after an edit."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.examples.workplace import Workplace
from tests.foreign.cases import FOLDER
from tests.local.conftest import Stacks

pytestmark = pytest.mark.slow
IAM, EXPANDS = "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"
SHARED = {"/shared/engine-version": "17.7", "/shared/names": "one,two", "/cdk-bootstrap/hnb659fds/version": "25"}
ROLE = "arn:aws:iam::000000000000:role/deploys"
TOPIC = "arn:aws:sns:eu-west-1:000000000000:events"
ALLOW = {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}
DENY = ALLOW | {"Effect": "Deny", "Action": ["Update:Replace", "Update:Delete"], "Resource": "LogicalResourceId/Topic"}
LISTS = """\
Parameters:
  Size: {Type: Number, Default: 1}
  Cidrs: {Type: CommaDelimitedList, Default: 10.0.0.0/24}
  Ports: {Type: List<Number>, Default: "1,2"}
  Zones: {Type: "List<AWS::EC2::AvailabilityZone::Name>"}
  Bare: {Type: String, AllowedValues: [true, false], Default: false}
  Empty: {Type: String, Default: x}
  Lines: {Type: String, Default: x}
Resources:
  A:
    Type: AWS::SSM::Parameter
    Properties:
      Type: String
      Value: !Join
        - "|"
        - [!Ref Size, !Join [";", !Ref Cidrs], !Select [0, !Ref Ports], !Join [";", !Ref Zones], !Ref Bare]
  B:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !Sub "<${Empty}|${Lines}>"}
"""
GUARDED = "# comments stay\nResources:\n  Topic: {Type: AWS::SNS::Topic}\n"


def foreign(name: str, old: str = "", new: str = "") -> str:
    return (FOLDER / "templates" / name).read_text().replace(old, new)


@dataclass(frozen=True)
class Live:
    """A stack, how it was made, what `adopt` says could not be carried over, and an edit: of which file, old, new."""

    name: str
    template: str
    edit: tuple[str, str, str]
    notes: tuple[str, ...] = ()
    parameters: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)


STACKS = (
    Live("OrdersStack", foreign("cdk/OrdersStack.template.json"),
         ("templates/OrdersStack.json", '"MaxCapacity": 4', '"MaxCapacity": 8'),
         options={"Capabilities": [IAM], "Tags": [{"Key": "aws-cdk:owner", "Value": "a: b"}]}),
    Live("sam-app", foreign("sam-app.yaml", "../src", "s3://artifacts/hello.zip"),
         ("templates/sam-app.yaml", "86400", "3600"),
         ("what AWS::Serverless-2016-10-31 makes of it", "Hello.Properties.CodeUri stays s3://artifacts/hello.zip"),
         options={"Capabilities": [IAM, EXPANDS]}),
    Live("shared", foreign("ssm-types.yaml"), ("templates/shared.yaml", "Select [0", "Select [1"),
         ("Password (NoEcho) is not returned by AWS: set ADOPTED_PASSWORD",), {"Password": "hunter2-hunter2"}),
    Live("lists", LISTS, ("params/local.yaml", '"Bare": "true"', '"Bare": "false"'), (),
         {"Size": "5", "Cidrs": "10.1.0.0/24,10.2.0.0/24", "Ports": "5432,3306", "Zones": "eu-west-1a,eu-west-1b",
          "Bare": "true", "Empty": "", "Lines": "a: b\n# é"}),
    Live("orders-db", foreign("orders-db.yaml"), ("params/local.yaml", '"BackupDays": 5', '"BackupDays": 6'), (),
         {"BackupDays": "5"}),
    Live("platform", foreign("platform.yaml", "nested/", "https://artifacts.s3.eu-west-1.amazonaws.com/"),
         ("templates/platform.yaml", "::SNS::Topic", "::SNS::Topic\n    Properties: {DisplayName: a}"),
         ("Data.Properties.TemplateURL stays https://artifacts.s3",), {"Capacity": "8"}, {"Capabilities": [IAM]}),
    Live("guarded", GUARDED, ("templates/guarded.yaml", "::Topic}", "::Topic, Properties: {DisplayName: a}}"),
         (f"notifies {TOPIC}: without `notification_arns:`", f"has the service role {ROLE}, and keeps it"),
         options={"StackPolicyBody": json.dumps({"Statement": [ALLOW, DENY]}), "EnableTerminationProtection": True,
                  "Tags": [{"Key": "Cost Centre", "Value": "1:2"}], "NotificationARNs": [TOPIC], "RoleARN": ROLE}),
)  # fmt: skip
NAMES = [word for row in STACKS for word in ("--take-over", row.name)]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """A project with one stack of its own, and an emulator in which boto3 made those of the others."""
    folder = tmp_path_factory.mktemp("adopting")
    for name in ("templates", "params"):
        (folder / name).mkdir()
    (folder / "templates/own.yaml").write_text(GUARDED)
    (folder / "params/local.yaml").write_text("endpoint: local\nregion: eu-west-1\nstacks:\n  own: {template: own}\n")
    made = Workplace(folder, tmp_path_factory.mktemp("home"))
    _make_all(made)
    yield made
    made.run("local", "reset", "--yes")


def _make_all(place: Workplace) -> None:
    for name, value in SHARED.items():
        kind = "StringList" if "," in value else "String"
        place.client("ssm").put_parameter(Name=name, Value=value, Type=kind)
    s3, packed = place.client("s3"), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(FOLDER / "src/hello.py", "hello.py")
    s3.create_bucket(Bucket="artifacts", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="artifacts", Key="hello.zip", Body=packed.getvalue())
    s3.put_object(Bucket="artifacts", Key="database.yaml", Body=foreign("nested/database.yaml").encode())
    cloudformation = place.client("cloudformation")
    for row in STACKS:
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in row.parameters.items()]
        cloudformation.create_stack(StackName=row.name, TemplateBody=row.template, Parameters=given, **row.options)
    for row in STACKS:
        assert Stacks(place.client).settled(row.name, timeout=120)["StackStatus"] == "CREATE_COMPLETE"


def test_all_of_them_are_adopted_and_deployed(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    """One test: each step needs what the one before it leaves."""
    assert place.run("deploy", "--env", "local", "--yes").returncode == 0
    for row in STACKS:
        _adopted_with_what_is_not_carried_over(place, row)
    _no_changes(place)
    # The value that AWS does not return, as its note says.
    monkeypatch.setenv("ADOPTED_PASSWORD", "hunter2-hunter2")
    _edited_and_deployed(place)
    _no_changes(place)
    _options_of_the_stack_stay(place)


def _adopted_with_what_is_not_carried_over(place: Workplace, row: Live) -> None:
    done = place.run("adopt", "--env", "local", "--stack-name", row.name)
    assert done.returncode == 0, done.stderr
    said = [
        line for line in done.stderr.splitlines() if not line.startswith(("next:", "the first deployment", row.name))
    ]
    assert len(said) == len(row.notes), said
    for note in row.notes:
        assert note in done.stderr


def _no_changes(place: Workplace) -> None:
    done = place.run("diff", "--env", "local", "--exit-code")
    assert done.returncode == 0, done.stdout + done.stderr


def _edited_and_deployed(place: Workplace) -> None:
    for row in STACKS:
        file, old, new = row.edit
        path = place.folder / file
        assert old in path.read_text(), row.name
        path.write_text(path.read_text().replace(old, new))
    done = place.run("deploy", "--env", "local", "--yes", "--no-proof", *NAMES)
    assert done.returncode == 0, done.stderr[-5000:]
    assert done.stderr.count("  updated\n") == len(STACKS), done.stderr[-5000:]
    assert "hunter2" not in done.stdout + done.stderr


def _options_of_the_stack_stay(place: Workplace) -> None:
    cloudformation = place.client("cloudformation")
    (found,) = cloudformation.describe_stacks(StackName="guarded")["Stacks"]
    assert (found["RoleARN"], found["EnableTerminationProtection"]) == (ROLE, True)
    assert {"Key": "Cost Centre", "Value": "1:2"} in found["Tags"]
    policy = json.loads(cloudformation.get_stack_policy(StackName="guarded")["StackPolicyBody"])
    assert policy == {"Statement": [ALLOW, DENY]}
