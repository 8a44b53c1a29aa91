"""An HTTP API in front of one function: routes, stage, throttling and the log of its requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from troposphere import AWSObject, GetAtt, Ref, Sub
from troposphere.apigatewayv2 import AccessLogSettings, Api, Integration, Route, RouteSettings, Stage

from aurora_cfn.blueprints.parts.functions import own_log
from aurora_cfn.blueprints.parts.http import access_line, may_call, title_of


def http_gateway(description: str, routes: Sequence[str], authorization: Any) -> list[AWSObject]:
    """The API with its routes, all answered by ApiFunction, its stage and the log of its requests."""
    api = Api(
        "Api",
        Name=Ref("AWS::StackName"),
        Description=description,
        ProtocolType="HTTP",
        DisableExecuteApiEndpoint=False,
    )
    integration = Integration(
        "Integration",
        ApiId=Ref("Api"),
        Description="The function behind every route",
        IntegrationType="AWS_PROXY",
        IntegrationUri=GetAtt("ApiFunction", "Arn"),
        PayloadFormatVersion="2.0",
        TimeoutInMillis=30000,  # the longest that an HTTP API waits
    )
    stage = Stage(
        "Stage",
        ApiId=Ref("Api"),
        StageName="$default",
        AutoDeploy=True,
        AccessLogSettings=AccessLogSettings(DestinationArn=GetAtt("AccessLogGroup", "Arn"), Format=access_line("http")),
        DefaultRouteSettings=RouteSettings(
            ThrottlingBurstLimit=Ref("ThrottleBurst"), ThrottlingRateLimit=Ref("ThrottleRate")
        ),
        Tags={"Name": Ref("AWS::StackName")},
    )
    found = [_route(key, authorization) for key in routes]
    return [own_log("AccessLogGroup", "access"), api, integration, *found, stage, may_call("ApiFunction")]


def _route(key: str, authorization: Any) -> Route:
    method, path = key.split()
    return Route(
        f"{method.capitalize()}{title_of(path)}Route",
        ApiId=Ref("Api"),
        RouteKey=key,
        AuthorizationType=authorization,
        Target=Sub("integrations/${Integration}"),
    )
