"""Two resources under one name: only where the service refuses it, the update fails."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.facts import read_facts
from aurora_cfn.model.change import Change
from aurora_cfn.review.changes import changes
from aurora_cfn.template.resource_schema import schema
from aurora_cfn.template.side import Side
from tests.review.sides import between, of, one

GROUP, SERVICE, HOOK = "AWS::EC2::SecurityGroup", "AWS::ECS::Service", "AWS::AutoScaling::LifecycleHook"
SIMPLE_AD, ZONE, KEY = "AWS::DirectoryService::SimpleAD", "AWS::Route53::HostedZone", "AWS::ApiGateway::ApiKey"
POOL_GROUP, STAGE, PATH = "AWS::Cognito::UserPoolGroup", "AWS::ApiGateway::Stage", "AWS::ApiGateway::BasePathMapping"
STREAM, FILTER, TARGETS = (
    "AWS::Logs::LogStream", "AWS::Logs::SubscriptionFilter", "AWS::ElasticLoadBalancingV2::TargetGroup",
)  # fmt: skip


def failing(change: Change) -> list[str]:
    return [effect.key for effect in change.effects if effect.fails]


@pytest.mark.parametrize(
    ("kind", "before", "after", "fails"),
    [
        # Its name is unique in what does not change.
        (GROUP, {"GroupName": "g", "VpcId": "a", "GroupDescription": "a"}, {"GroupDescription": "b"}, "GroupName"),
        (GROUP, {"GroupName": "g", "VpcId": "a"}, {"VpcId": "b"}, ""),
        (SERVICE, {"ServiceName": "s", "Cluster": "a", "Role": "a"}, {"Role": "b"}, "ServiceName"),
        (SERVICE, {"ServiceName": "s", "Cluster": "a"}, {"Cluster": "b"}, ""),
        (TARGETS, {"Name": "t", "VpcId": "a"}, {"VpcId": "b"}, "Name"),
        # Several properties identify it, and one of them changes.
        (POOL_GROUP, {"GroupName": "g", "UserPoolId": "a"}, {"UserPoolId": "b"}, ""),
        (STAGE, {"StageName": "s", "RestApiId": "a"}, {"RestApiId": "b"}, ""),
        (PATH, {"DomainName": "d", "BasePath": "a"}, {"BasePath": "b"}, ""),
        (STREAM, {"LogStreamName": "s", "LogGroupName": "a"}, {"LogGroupName": "b"}, ""),
        # Any number of them may have the name.
        (ZONE, {"Name": "example.com", "VPCs": []}, {"Name": "example.com", "HostedZoneConfig": {}}, ""),
        (SIMPLE_AD, {"Name": "a.example.com", "Size": "Small"}, {"Size": "Large"}, ""),
        (KEY, {"Name": "k", "Value": "a"}, {"Value": "b"}, ""),
    ],
)
def test_a_replacement_fails_under_a_name_that_must_be_unique(
    kind: str, before: dict[str, Any], after: dict[str, Any], fails: str
) -> None:
    change = between(one(kind, before), one(kind, before | after))
    assert failing(change) == ([f"Properties.{fails}"] if fails else [])


@pytest.mark.parametrize(
    ("kind", "properties", "fails"),
    [
        (STAGE, {"RestApiId": "a", "StageName": "s"}, "StageName"),
        (GROUP, {"GroupName": "g", "GroupDescription": "d"}, "GroupName"),
        # AWS makes up the name that is left out.
        (HOOK, {"AutoScalingGroupName": "a", "LifecycleTransition": "b"}, ""),
        (FILTER, {"LogGroupName": "a", "DestinationArn": "b"}, ""),
        (HOOK, {"AutoScalingGroupName": "a", "LifecycleHookName": "b"}, "LifecycleHookName"),
        (ZONE, {"Name": "example.com"}, ""),
    ],
)
def test_another_logical_id_fails_under_a_name_that_must_be_unique(
    kind: str, properties: dict[str, Any], fails: str
) -> None:
    old, new = (Side({"Resources": {name: {"Type": kind, "Properties": properties}}}) for name in ("Old", "New"))
    assert failing(between(old, new)) == ([f"Properties.{fails}"] if fails else [])


def test_a_child_of_a_replaced_parent_is_another_one() -> None:
    def side(description: str) -> Side:
        parent: dict[str, Any] = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": description}}
        child: dict[str, Any] = {"Type": GROUP, "Properties": {"GroupName": "g", "VpcId": {"Ref": "Vpc"}}}
        return Side({"Resources": {"Vpc": parent, "Group": child}})

    assert failing(of(changes(side("10.0.0.0/16"), side("10.1.0.0/16")), "Group")) == []


@pytest.mark.parametrize(
    ("wrong", "fails"),
    [("AWS::Cloudwatch::Alarm", False), ("AWS::Serverless::Function", True), ("Custom::Alarm", True)],
)
def test_the_mending_of_a_mistyped_type_creates_the_resource(wrong: str, fails: bool) -> None:
    change = between(one(wrong, {}), one("AWS::CloudWatch::Alarm", {}))
    assert change.fails is fails
    assert change.guarded is False


def test_the_facts_are_about_properties_that_exist() -> None:
    names = read_facts("effects")["names"]
    for kind, within in names["unique_within"].items():
        rules = schema(kind)
        assert rules is not None
        assert rules.names
        assert not rules.identity
        assert set(within) <= rules.properties.keys()
    for kind in names["not_unique"]:
        rules = schema(kind)
        assert rules is not None
        assert rules.names
