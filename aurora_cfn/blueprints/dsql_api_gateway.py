"""The REST API of dsql-api: one function behind every route, and an API key with a usage plan."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from troposphere import AWSObject, GetAtt, Ref, Sub, Tags
from troposphere.apigateway import (
    AccessLogSetting,
    Account,
    ApiKey,
    ApiStage,
    Deployment,
    EndpointConfiguration,
    Integration,
    Method,
    MethodSetting,
    QuotaSettings,
    Resource,
    RestApi,
    Stage,
    ThrottleSettings,
    UsagePlan,
    UsagePlanKey,
)
from troposphere.iam import Role

from aurora_cfn.blueprint import commented, waived
from aurora_cfn.blueprints.parts.http import access_line, may_call, title_of
from aurora_cfn.blueprints.parts.service_role import NO_SOURCE_ACCOUNT, permissions_boundary, trust_policy

ACCOUNT_CONDITION = "SetsAccountLogRole"


def rest_api(description: str, routes: Sequence[str], *, function: str) -> list[AWSObject]:
    """The API with `routes` such as `GET /games/{id}`, all answered by `function` (its logical id)."""
    paths = sorted({path for _, path in map(str.split, routes)})
    methods = [_method(route, function) for route in routes]
    deployment = _deployment(routes, methods)
    api = RestApi(
        "Api",
        Name=Ref("AWS::StackName"),
        Description=description,
        EndpointConfiguration=EndpointConfiguration(Types=["REGIONAL"]),
        Tags=Tags(Name=Ref("AWS::StackName")),
    )
    resources = [_resource(path) for path in paths]
    return [
        api,
        *resources,
        *methods,
        deployment,
        *_account(),
        _stage(str(deployment.title)),
        may_call(function),
        *_key(),
    ]


def _resource(path: str) -> Resource:
    parent, _, part = path.rpartition("/")
    above = Ref(f"{title_of(parent)}Resource") if parent else GetAtt("Api", "RootResourceId")
    return Resource(f"{title_of(path)}Resource", RestApiId=Ref("Api"), ParentId=above, PathPart=part)


def _method(route: str, function: str) -> AWSObject:
    verb, path = route.split()
    # 2015-03-31 is the version of Lambda's API, part of every such URI.
    uri = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${%s.Arn}/invocations"
    method = Method(
        f"{verb.capitalize()}{title_of(path)}Method",
        RestApiId=Ref("Api"),
        ResourceId=Ref(f"{title_of(path)}Resource"),
        HttpMethod=verb,
        AuthorizationType="NONE",
        ApiKeyRequired=True,
        Integration=Integration(Type="AWS_PROXY", IntegrationHttpMethod="POST", Uri=Sub(uri % function)),
    )
    return commented(
        method,
        **{"Integration.IntegrationHttpMethod": "Lambda is invoked with POST, whatever the route's method."},
    )


def _deployment(routes: Sequence[str], methods: Sequence[AWSObject]) -> AWSObject:
    """A snapshot of the methods: its id follows their content, so that a change of them is published."""
    content = json.dumps([method.to_dict() for method in methods], sort_keys=True)
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    made = Deployment(
        f"Deployment{digest}",
        DependsOn=[method.title for method in methods],
        RestApiId=Ref("Api"),
        Description=", ".join(routes),
    )
    return commented(
        made,
        "A deployment is a snapshot of the methods and is never updated. Its logical id ends in a hash of them, so that"
        " a changed method makes a new deployment.",
        DependsOn="A snapshot without its methods would publish an empty API, and no Ref leads from it to them.",
    )


def _account() -> list[AWSObject]:
    role = Role(
        "ApiLogRole",
        Condition=ACCOUNT_CONDITION,
        DeletionPolicy="RetainExceptOnCreate",
        UpdateReplacePolicy="Retain",
        Description="Lets API Gateway write the logs of every REST API of this region",
        AssumeRolePolicyDocument=trust_policy("apigateway.amazonaws.com"),
        PermissionsBoundary=permissions_boundary(),
        ManagedPolicyArns=[
            Sub("arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs")
        ],
    )
    account = Account(
        "ApiAccount",
        Condition=ACCOUNT_CONDITION,
        DeletionPolicy="RetainExceptOnCreate",
        UpdateReplacePolicy="Retain",
        CloudWatchRoleArn=GetAtt("ApiLogRole", "Arn"),
    )
    commented(role, AssumeRolePolicyDocument=NO_SOURCE_ACCOUNT)
    commented(
        account,
        DeletionPolicy="One setting for all REST APIs of an account and region: other stacks use it too.",
    )
    return [role, account]


def _stage(deployment: str) -> AWSObject:
    stage = Stage(
        "Stage",
        RestApiId=Ref("Api"),
        DeploymentId=Ref(deployment),
        StageName=Ref("StageName"),
        TracingEnabled=True,
        AccessLogSetting=AccessLogSetting(DestinationArn=GetAtt("AccessLogGroup", "Arn"), Format=access_line("rest")),
        MethodSettings=[
            MethodSetting(
                HttpMethod="*",
                ResourcePath="/*",
                MetricsEnabled=True,
                LoggingLevel="OFF",
                DataTraceEnabled=False,
                ThrottlingRateLimit=Ref("ThrottleRate"),
                ThrottlingBurstLimit=Ref("ThrottleBurst"),
            )
        ],
        Tags=Tags(Name=Ref("AWS::StackName")),
    )
    commented(stage, **{"MethodSettings.0.LoggingLevel": "Execution logs would hold requests and responses in full."})
    return waived(stage, ("CKV_AWS_120", "every response is read from the database: a cached one would be stale"))


def _key() -> list[AWSObject]:
    key = ApiKey(
        "Key",
        Name=Ref("AWS::StackName"),
        Description="The first key of the usage plan; API Gateway makes its value",
        Enabled=True,
        Tags=Tags(Name=Ref("AWS::StackName")),
    )
    plan = UsagePlan(
        "UsagePlan",
        DependsOn=["Stage"],
        UsagePlanName=Ref("AWS::StackName"),
        Description="How much each key may call",
        ApiStages=[ApiStage(ApiId=Ref("Api"), Stage=Ref("StageName"))],
        Throttle=ThrottleSettings(RateLimit=Ref("ThrottleRate"), BurstLimit=Ref("ThrottleBurst")),
        Quota=QuotaSettings(Limit=Ref("DailyQuota"), Period="DAY"),
        Tags=Tags(Name=Ref("AWS::StackName")),
    )
    commented(plan, DependsOn="ApiStages names the stage as text, which orders nothing.")
    return [key, plan, UsagePlanKey("KeyInPlan", KeyId=Ref("Key"), KeyType="API_KEY", UsagePlanId=Ref("UsagePlan"))]
