"""Blueprints of the project: which files they are, and what is said when one fails."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from aurora_cfn.errors import InputError
from aurora_cfn.project.overlays import overlay_files, tag_form
from aurora_cfn.project.own_blueprints import blueprint_files, errors_of, load_blueprint
from aurora_cfn.render import render, template
from aurora_cfn.report.docs import templates_page
from aurora_cfn.template.overlay import TagForm

GOOD = """\
from troposphere import Ref
from troposphere.ec2 import VPC

from aurora_cfn import Blueprint, Parameter, exported
from blueprints._shared import TITLE


def resources():
    print("building")
    return [VPC(TITLE, CidrBlock=Ref("Cidr"))]


BLUEPRINT = Blueprint(
    name="orders-db",
    description="A network",
    parameters=(Parameter("Cidr", "Addresses of the network.", default="10.0.0.0/16"),),
    resources=resources,
    outputs=lambda: [exported("VpcId", "Id of the VPC", Ref(TITLE))],
)
"""
LINE = GOOD.splitlines().index('    return [VPC(TITLE, CidrBlock=Ref("Cidr"))]') + 1


def module(tmp_path: Path, text: str = GOOD) -> Path:
    folder = tmp_path / "blueprints"
    folder.mkdir()
    (folder / "_shared.py").write_text('TITLE = "Vpc"\n')
    path = folder / "orders_db.py"
    path.write_text(text)
    return path


def test_a_module_is_a_blueprint_unless_it_starts_with_an_underscore(tmp_path: Path) -> None:
    path = module(tmp_path)
    assert blueprint_files(path.parent) == {"orders-db": path}
    assert blueprint_files(tmp_path / "none") == {}


def test_it_renders_and_leaves_neither_byte_code_nor_modules(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = module(tmp_path)
    with errors_of(path):
        text = render(load_blueprint(path))
    assert text.startswith("# Rendered by aurora-cfn from the blueprint orders-db.\n")
    assert "CidrBlock: !Ref Cidr" in text
    assert not list(tmp_path.rglob("__pycache__"))
    assert not [name for name in sys.modules if name.startswith("blueprints")]
    assert capsys.readouterr() == ("", "building\n")


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('CidrBlock=Ref("Cidr")', "CidrBlock=7", LINE, "Vpc.CidrBlock is <class 'int'>, expected <class 'str'>"),
        ("CidrBlock=", "CidrBlok=", LINE, "does not support attribute CidrBlok"),
        ('CidrBlock=Ref("Cidr")', 'EnableDnsSupport="x"', LINE, "function validator 'boolean' threw"),
        ("TITLE, Cidr", "UNKNOWN, Cidr", LINE, "NameError: name 'UNKNOWN' is not defined"),
        ("def resources():", "def resources(:", LINE - 2, "SyntaxError: invalid syntax"),
        ("def resources():", "raise SystemExit(0)\ndef resources():", LINE - 2, "SystemExit: 0"),
        ("blueprints._shared", "blueprints._gone", 5, "ModuleNotFoundError"),
        ('name="orders-db"', 'name="orders"', LINE + 4, "after its file it must be 'orders-db'"),
        ("BLUEPRINT =", "OTHER =", 1, "has no BLUEPRINT"),
        ("[VPC(TITLE", '[__import__("troposphere.rds").rds.DBSubnetGroup("G"), VPC(TITLE', LINE, "(title: G)"),
        ("resources=resources", "resources=[]", LINE + 3, "resources must be a function that returns a list, not the"),
        ("[VPC(TITLE", "[{}, VPC(TITLE", 1, "TypeError: resources() returns a dict: each must be a resource of"),
        ('"Addresses of the network."', '"x", typo=1', LINE + 6, "unexpected keyword argument 'typo'"),
    ],
)
def test_an_error_is_one_line_with_its_place(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    assert old in GOOD
    path = module(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(InputError) as caught, errors_of(path):
        render(load_blueprint(path))
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


BUILT = """\
from troposphere import Output, Parameter, Ref, Template
from troposphere.ec2 import VPC

made = Template(Description="A VPC")
kind = "AWS::SSM::Parameter::Value<String>"
cidr = made.add_parameter(Parameter("Cidr", Type=kind, Default="/cidr", AllowedPattern="x"))
vpc = made.add_resource(VPC("Vpc", CidrBlock=Ref(cidr)))
made.add_output(Output("VpcId", Value=Ref(vpc)))
BLUEPRINT = made
"""
RENDERED = """\
Description: A VPC

Parameters:
  Cidr:
    Type: AWS::SSM::Parameter::Value<String>
    Default: /cidr
    AllowedPattern: x

Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: !Ref Cidr

Outputs:
  VpcId:
    Value: !Ref Vpc
"""


def test_a_template_of_troposphere_is_rendered_as_it_is(tmp_path: Path) -> None:
    path = module(tmp_path, BUILT)
    with errors_of(path):
        blueprint = load_blueprint(path)
        text = render(blueprint)
    assert text.split("\n", 3)[3] == RENDERED
    assert [row.name for row in blueprint.parameters] == ["Cidr"]
    assert "| `VpcId` |" in templates_page([(blueprint, template(blueprint))])


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("AWS::RDS::DBCluster", TagForm("Tags", more={})),
        ("AWS::SSM::Parameter", TagForm("Tags", is_mapping=True)),
        ("AWS::Serverless::Function", None),
        ("AWS::ApiGatewayV2::Api", TagForm("Tags", is_mapping=True)),
        ("AWS::AutoScaling::AutoScalingGroup", TagForm("Tags", more={"PropagateAtLaunch": True})),
        ("AWS::EC2::SecurityGroupIngress", None),
        ("Custom::Migration", None),
    ],
)
def test_how_a_type_takes_tags(kind: str, form: TagForm | None) -> None:
    assert tag_form(kind) == form


def test_overlays_are_found_by_the_name_of_the_blueprint(tmp_path: Path) -> None:
    (tmp_path / "network.yaml").write_text("{}")
    (tmp_path / "notes.md").write_text("")
    assert overlay_files(tmp_path) == {"network": tmp_path / "network.yaml"}
    assert overlay_files(tmp_path / "none") == {}
