"""Interface endpoints: those asked for and no other, each with the name that its partition has for it."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.blueprints.network_endpoints import BLUEPRINT, CHINA, ENDPOINTS
from aurora_cfn.render import template

TEMPLATE: dict[str, Any] = template(BLUEPRINT)
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("InterfaceEndpoints", ["ssm", "ssm,rds-data"], ["", "ssm, rds-data", "ssm,", "s4"]),
        ("VpcId", ["vpc-0123456789abcdef0", "vpc-01234567"], ["", "vpc-1", "subnet-01234567"]),
        (
            "SubnetIds",
            ["subnet-01234567", "subnet-01234567,subnet-0123456789abcdef0"],
            ["", "vpc-01234567", "subnet-x"],
        ),
        ("VpcCidr", ["10.0.0.0/16"], ["", "10.0.0.0/8"]),
    ],
)
def test_parameters_have_their_bounds(name: str, good: list[str], bad: list[str]) -> None:
    row = BLUEPRINT.parameter(name)
    assert row is not None
    assert [value for value in good if row.problem(value)] == []
    assert [value for value in bad if not row.problem(value)] == []


@pytest.mark.parametrize("asked", ["", "rds", "rds-data", "ssm,ssmmessages", ",".join(ENDPOINTS)])
def test_an_endpoint_is_made_for_the_services_listed_and_no_other(asked: str) -> None:
    made = {service for service, title in ENDPOINTS.items() if holds(f"Has{title}Endpoint", asked)}
    assert made == set(filter(None, asked.split(",")))


def holds(condition: str, endpoints: str) -> bool:
    (equals,) = TEMPLATE["Conditions"][condition]["Fn::Not"]
    cut, whole = equals["Fn::Equals"]
    index, split = cut["Fn::Select"]
    delimiter, text = split["Fn::Split"]
    assert text == whole == {"Fn::Join": [",", ["", {"Ref": "InterfaceEndpoints"}, ""]]}
    return bool(f",{endpoints},".split(delimiter)[index] != f",{endpoints},")


def test_endpoint_services_have_their_own_domain_in_china() -> None:
    for service, title in ENDPOINTS.items():
        name = RESOURCES[f"{title}Endpoint"]["Properties"]["ServiceName"]["Fn::Sub"]
        if service in CHINA:
            assert name == [
                f"${{Domain}}.${{AWS::Region}}.{service}",
                {"Domain": {"Fn::If": ["InChina", "cn.com.amazonaws", "com.amazonaws"]}},
            ]
        else:
            assert name == f"com.amazonaws.${{AWS::Region}}.{service}"


def test_an_endpoint_is_in_every_subnet_and_has_the_name_of_its_service() -> None:
    for title in ENDPOINTS.values():
        properties = RESOURCES[f"{title}Endpoint"]["Properties"]
        assert properties["SubnetIds"] == {"Ref": "SubnetIds"}
        assert properties["PrivateDnsEnabled"] is True
