"""Reading the resource schemas that cfn-lint carries, without cfn-lint."""

from __future__ import annotations

import subprocess
import sys

import pytest

from aurora_cfn.model.value import Value
from aurora_cfn.template.resource_schema import picked, schema


def test_cfn_lint_itself_is_not_imported() -> None:
    code = (
        "import sys\n"
        "from aurora_cfn.template.resource_schema import schema\n"
        "assert schema('AWS::RDS::DBCluster').create_only\n"
        "assert not [name for name in sys.modules if name.startswith('cfnlint')]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_rules_of_a_cluster() -> None:
    rules = schema("AWS::RDS::DBCluster")
    assert rules is not None
    assert ("KmsKeyId",) in rules.create_only
    assert ("Engine",) in rules.conditional
    assert rules.names == ("DBClusterIdentifier",)
    assert rules.tags == "Tags"
    assert rules.is_number(("ServerlessV2ScalingConfiguration", "MaxCapacity"))
    assert not rules.is_number(("EngineVersion",))
    assert not rules.is_number(("Nonsense", "Deeper"))


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("AWS::RDS::DBInstance", ("DBInstanceIdentifier",)),
        ("AWS::RDS::DBProxy", ("DBProxyName",)),
        ("AWS::RDS::DBSubnetGroup", ("DBSubnetGroupName",)),
        ("AWS::SecretsManager::Secret", ("Name",)),
        ("AWS::EC2::SecurityGroup", ("GroupName",)),
        ("AWS::S3::Bucket", ("BucketName",)),
        ("AWS::Logs::LogGroup", ("LogGroupName",)),
        ("AWS::EC2::Subnet", ()),
        ("AWS::RDS::DBProxyTargetGroup", ()),
        # The other part of its identifier is made by AWS: a function has many of them.
        ("AWS::Lambda::Permission", ()),
        ("AWS::Logs::AccountPolicy", ("PolicyName",)),
    ],
)
def test_which_properties_name_the_physical_resource(kind: str, names: tuple[str, ...]) -> None:
    rules = schema(kind)
    assert rules is not None
    assert rules.names == names


@pytest.mark.parametrize("kind", ["Custom::Thing", "AWS::CloudFormation::CustomResource::X", "", "My::Module::MODULE"])
def test_a_type_without_a_public_schema_is_none(kind: str) -> None:
    assert schema(kind) is None


def test_pointers_pick_through_lists() -> None:
    properties: Value = {"A": [{"B": "1"}, {"B": "2"}, {}], "C": {"D": "3"}}
    assert picked(properties, ("A", "*", "B")) == ["1", "2"]
    assert picked(properties, ("C", "D")) == ["3"]
    assert picked(properties, ("C", "*")) == []
    assert picked("text", ("A",)) == []
