"""The Rules of a network: which subnets its parameters have to ask for."""

from __future__ import annotations

from aurora_cfn.blueprints.parts.conditions import is_given, rule
from aurora_cfn.model.value import Value


def network_rules() -> dict[str, Value]:
    """The template's Rules: CloudFormation checks them before it makes anything."""
    return {
        "SomewhereToLive": rule(
            when=None,
            must={"Fn::Or": [is_given("PrivateCidr"), is_given("IsolatedCidr")]},
            why="give PrivateCidr or IsolatedCidr: databases never live in public subnets",
        ),
        "NatNeedsBothSides": rule(
            when={"Fn::Not": [{"Fn::Equals": [{"Ref": "NatGateways"}, "none"]}]},
            must={"Fn::And": [is_given("PublicCidr"), is_given("PrivateCidr")]},
            why="a NAT gateway is in a public subnet and serves private ones: give both, or NatGateways none",
        ),
    }
