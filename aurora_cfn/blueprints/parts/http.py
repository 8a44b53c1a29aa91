"""What both kinds of API share: throttling, names and permission of their routes, the line of the access log."""

from __future__ import annotations

import json

from troposphere import Ref, Sub
from troposphere.awslambda import Permission

from aurora_cfn.blueprint import ParameterGroup
from aurora_cfn.parameters import Parameter

_PARAMETERS = (
    Parameter(
        "ThrottleRate", "Requests a second that the API lets through on average; more are answered 429.",
        default=50, type="Number", group="API", low=1, high=10000, step=1,
    ),
    Parameter(
        "ThrottleBurst", "Requests that may come at once before the rate counts.",
        default=100, type="Number", group="API", low=1, high=5000, step=1,
    ),
)  # fmt: skip

THROTTLE_GROUP = ParameterGroup(_PARAMETERS)

# No caller's data: neither query strings, bodies nor headers. The route is the pattern, not the path that was asked.
_LINE = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "ip": "$context.identity.sourceIp",
    "method": "$context.httpMethod",
    "status": "$context.status",
    "length": "$context.responseLength",
    "latency": "$context.responseLatency",
    "error": "$context.error.message",
}
_ROUTE = {"http": "$context.routeKey", "rest": "$context.resourcePath"}
_INTEGRATION = {"http": "$context.integrationErrorMessage", "rest": "$context.integration.error"}


def title_of(path: str) -> str:
    """A path as part of logical ids: `/games/{id}` is `GamesId`."""
    return "".join(part.strip("{}").capitalize() for part in path.split("/"))


def may_call(function: str) -> Permission:
    """The permission that lets the API with the logical id Api invoke a function, from every stage and route."""
    return Permission(
        "ApiMayCall",
        Action="lambda:InvokeFunction",
        FunctionName=Ref(function),
        Principal="apigateway.amazonaws.com",
        SourceArn=Sub("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*"),
    )


def access_line(kind: str) -> str:
    """The format of an access log, `kind` is http or rest: one JSON object a request."""
    line = _LINE | {"route": _ROUTE[kind], "integrationError": _INTEGRATION[kind]}
    return json.dumps(line, separators=(",", ":"))
