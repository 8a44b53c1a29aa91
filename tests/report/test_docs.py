"""The reference page of the templates: complete, well-formed, and safe against what a description may hold."""

from __future__ import annotations

import re
from typing import Any

import pytest
from troposphere import Output, Ref
from troposphere.sns import Topic

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.blueprints import BLUEPRINTS
from aurora_cfn.parameters import Parameter
from aurora_cfn.render import template
from aurora_cfn.report.diagram import diagram
from aurora_cfn.report.docs import output_table, parameter_table, templates_page

RENDERED: list[tuple[Blueprint, dict[str, Any]]] = [(blueprint, template(blueprint)) for blueprint in BLUEPRINTS]
TOY = Blueprint(
    name="toy",
    description="A topic & nothing <else>",
    parameters=(
        Parameter("Name", "What it is called | in a table, as <name>.", pattern="^[a|b]$", constraint="a | b"),
        Parameter("Size", "How large.", default=2, type="Number", group="Limits", low=1, high=3),
        Parameter("Note", "Anything.", default=""),
    ),
    resources=lambda: [Topic("Topic", DisplayName=Ref("Name"))],
    outputs=lambda: [Output("TopicArn", Description="The ARN", Value=Ref("Topic"), Condition="Never")],
)


def test_parameters_stand_in_their_groups_with_default_and_bounds() -> None:
    assert parameter_table(TOY).splitlines() == [
        "| Parameter | Default | Values | What it is for |",
        "|---|---|---|---|",
        "| **Stack** | | | |",
        r"| `Name` | must be given | a \| b | What it is called \| in a table, as &lt;name&gt;. |",
        "| `Note` | empty |  | Anything. |",
        "| **Limits** | | | |",
        "| `Size` | `2` | 1 to 3 | How large. |",
    ]


def test_outputs_say_when_they_may_be_missing() -> None:
    assert "| `TopicArn` | The ARN (only under a condition) |" in output_table(template(TOY))


def test_a_description_cannot_become_html() -> None:
    page = templates_page([(TOY, template(TOY))])
    assert "A topic &amp; nothing &lt;else&gt; |" in page


def test_the_page_has_every_template_parameter_and_output() -> None:
    page = templates_page(RENDERED)
    for blueprint, rendered in RENDERED:
        assert f"\n## {blueprint.name}\n" in page
        assert all(f"| `{row.name}` |" in page for row in blueprint.parameters)
        assert all(f"| `{name}` |" in page for name in rendered["Outputs"])
    assert page.endswith("|\n")
    assert not page.endswith("\n\n")


@pytest.mark.parametrize(("blueprint", "rendered"), RENDERED, ids=lambda value: getattr(value, "name", ""))
def test_every_arrow_joins_boxes_that_are_drawn_once(blueprint: Blueprint, rendered: dict[str, Any]) -> None:
    text = diagram(rendered)
    boxes = re.findall(r'^  (\w+)(?:\[\(?|\(\[)"', text, re.MULTILINE)
    ends = [end for pair in re.findall(r"^  (\w+) .*> (\w+)$", text, re.MULTILINE) for end in pair]
    assert len(boxes) == len(set(boxes))
    assert set(ends) <= set(boxes)


def entry(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def test_alike_resources_share_a_box_and_the_rest_keep_theirs() -> None:
    resources = {
        "Net": entry("EC2::VPC"),
        **{f"Subnet{zone}": entry("EC2::Subnet", VpcId={"Ref": "Net"}) for zone in (1, 2)},
        **{f"{name}Endpoint": entry("EC2::VPCEndpoint", VpcId={"Ref": "Net"}) for name in ("Ssm", "Kms", "Sts")},
        **{name: entry("Logs::LogGroup") for name in ("One", "Two")},
    }
    text = diagram({"Resources": resources})
    assert 'Subnet1["2 x Subnet<br/>EC2::Subnet"]' in text
    assert 'SsmEndpoint["3 x VPCEndpoint<br/>EC2::VPCEndpoint"]' in text
    assert 'One["One<br/>Logs::LogGroup"]' in text
    assert text.count("Endpoint --> Net") == 1


@pytest.mark.parametrize(
    "reference",
    [
        {"Ref": "Role"},
        {"Fn::GetAtt": ["Role", "Arn"]},
        {"Fn::Sub": "x-${Role.Arn}"},
        {"Fn::Sub": ["${A}", {"A": {"Ref": "Role"}}]},
        {"Fn::If": ["C", [{"Ref": "Role"}], {"Ref": "AWS::NoValue"}]},
    ],
)
def test_every_kind_of_reference_is_an_arrow(reference: Any) -> None:
    resources = {"Role": entry("IAM::Role"), "User": entry("Lambda::Function", Role=reference)}
    assert "  User --> Role" in diagram({"Resources": resources})


def test_a_rule_between_groups_is_an_arrow_and_no_box() -> None:
    resources = {
        "Client": entry("EC2::SecurityGroup"),
        "Server": entry("EC2::SecurityGroup"),
        "In": entry(
            "EC2::SecurityGroupIngress",
            GroupId={"Fn::GetAtt": ["Server", "GroupId"]},
            SourceSecurityGroupId={"Fn::GetAtt": ["Client", "GroupId"]},
            FromPort=5432,
        ),
    }
    text = diagram({"Resources": resources})
    assert '  Client == "port 5432" ==> Server' in text
    assert "  In[" not in text


def test_data_is_a_barrel_and_what_depends_on_parameters_is_dashed() -> None:
    resources = {
        "Cluster": entry("RDS::DBCluster", Vpc={"Fn::ImportValue": {"Fn::Sub": "${NetworkStackName}-VpcId"}}),
        "Reader": entry("RDS::DBInstance", DBClusterIdentifier={"Ref": "Cluster"}) | {"Condition": "HasReader"},
    }
    text = diagram({"Resources": resources})
    assert 'Cluster[("Cluster<br/>RDS::DBCluster")]' in text
    assert "class Reader conditional" in text
    assert "Cluster -.-> NetworkStackName" in text
