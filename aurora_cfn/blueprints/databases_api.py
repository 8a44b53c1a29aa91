"""An HTTP API that creates, lists, changes and deletes a database for each client of a fleet.

The function calls CloudFormation; one stack of the fleet's template is made for each client, in the region that was
asked for. CloudFormation works with a role that reaches nothing but what has the name of the fleet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from troposphere import AWSObject, GetAtt, If, Join, Output, Ref, Sub

from aurora_cfn.blueprint import ParameterGroup, blueprint_of, commented, excepted, exported
from aurora_cfn.blueprints.databases_api_role import account_arn, client_role
from aurora_cfn.blueprints.parts.code import CODE_GROUP, NOT_UPLOADED
from aurora_cfn.blueprints.parts.conditions import rule
from aurora_cfn.blueprints.parts.functions import FUNCTION_GROUP, Program, bounded, function, function_outputs
from aurora_cfn.blueprints.parts.http import THROTTLE_GROUP
from aurora_cfn.blueprints.parts.http_gateway import http_gateway
from aurora_cfn.blueprints.parts.service_role import BOUNDARY_GROUP, allowed
from aurora_cfn.blueprints.unrendered import CODE
from aurora_cfn.parameters import Parameter

ROUTES = (
    "POST /databases",
    "GET /databases",
    "GET /databases/{client}",
    "PATCH /databases/{client}",
    "DELETE /databases/{client}",
)

_FILLED = "`aurora-cfn deploy` fills it in from `fleet:` of the params file."
_OWN = (
    Parameter(
        "FleetName", f"Start of the names of the clients' stacks. {_FILLED}",
        default=NOT_UPLOADED, group="Fleet", pattern="^[a-z](-?[a-z0-9])*$", max_length=30,
        constraint="lower-case letters, digits and single hyphens, starting with a letter",
    ),
    Parameter(
        "FleetRegions", f"Regions in which clients may have their databases, the first one by default. {_FILLED}",
        default=NOT_UPLOADED, type="CommaDelimitedList", group="Fleet",
    ),
    Parameter(
        "FleetKey",
        "Key in CodeBucket of what the params file says about clients. `aurora-cfn deploy` uploads it, beside their"
        " template, and fills it in.",
        default=NOT_UPLOADED, group="Fleet", max_length=1024,
    ),
    Parameter(
        "MaxClientsPerRegion", f"Maximum of clients in one region; a POST of more is answered 409. {_FILLED}",
        # RDS allows 40 clusters in a region by default; CloudFormation 2,000 stacks, which bounds the parameter.
        default=35, type="Number", group="Fleet", low=1, high=2000, step=1,
    ),
    Parameter(
        "CallerParameters", "Parameters of the clients' template that callers may set, with commas between them.",
        default="MinCapacity,MaxCapacity", group="Fleet", pattern="^$|^[A-Za-z0-9]+(,[A-Za-z0-9]+)*$",
        constraint="names of parameters with commas between them, or empty",
    ),
    Parameter(
        "ClientRoleArn",
        "ARN of the role that CloudFormation assumes for the stacks of clients. Empty: one is made, for what the"
        " templates aurora-serverless-postgres and aurora-serverless-mysql make without a password of your own.",
        default="", group="Permissions", pattern="^$|^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]{1,512}$",
        constraint="empty, or the ARN of a role",
    ),
)  # fmt: skip
_RULES: dict[str, Any] = {
    "FleetIsUploaded": rule(
        when=None,
        must={"Fn::Not": [{"Fn::Equals": [{"Ref": "FleetKey"}, NOT_UPLOADED]}]},
        why="FleetKey is missing: `aurora-cfn deploy` fills it in, or `aurora-cfn package` prints it",
    )
}
_GROUP = ParameterGroup(_OWN, conditions={"MakesClientRole": {"Fn::Equals": [Ref("ClientRoleArn"), ""]}},
                        rules=_RULES)  # fmt: skip
_ROLE = If("MakesClientRole", GetAtt("ClientRole", "Arn"), Ref("ClientRoleArn"))
_FILES = "aurora-cfn/fleet/${FleetName}/"
_URL = f"https://s3.${{AWS::Region}}.${{AWS::URLSuffix}}/${{CodeBucket}}/{_FILES}"

PARAMETERS = (_GROUP, THROTTLE_GROUP, FUNCTION_GROUP, CODE_GROUP, BOUNDARY_GROUP)


def resources() -> Sequence[AWSObject]:
    """The role of the clients' stacks, the function and its role, then the API in front."""
    made = [client_role("ClientRole", "MakesClientRole"), *function(_program())]
    role = next(row for row in made if row.title == "ApiRole")
    why = "DescribeStacks without a name, and the quotas of RDS, know no resources to name"
    commented(excepted(role, "any-resource", why), **{"Policies.0.PolicyDocument.Statement.2": _WHY_URL})
    return [*made, *http_gateway("Databases of clients", ROUTES, "AWS_IAM")]


_WHY_URL = (
    "CloudFormation sees the address of a template only where it is given by one: templates in the request, and the"
    " previous template of a stack, are refused."
)


def _program() -> Program:
    return Program(
        prefix="Api",
        entry="handlers.databases_api.handler",
        description="Answers the API with the stacks of clients",
        environment={
            "FLEET_NAME": Ref("FleetName"),
            "FLEET_REGIONS": Join(",", Ref("FleetRegions")),
            "FLEET_BUCKET": Ref("CodeBucket"),
            "FLEET_KEY": Ref("FleetKey"),
            "FLEET_URL": Sub(_URL),
            "MAX_CLIENTS_PER_REGION": Ref("MaxClientsPerRegion"),
            "CALLER_PARAMETERS": Ref("CallerParameters"),
            "CLIENT_ROLE_ARN": _ROLE,
        },
        may=_statements(),
        memory=Ref("MemorySize"),
        concurrency=bounded(),
    )


def _statements() -> list[dict[str, Any]]:
    stacks = account_arn("cloudformation", "stack/${FleetName}-*/*")
    regions = {"StringEquals": {"aws:RequestedRegion": Ref("FleetRegions")}}
    as_role = {"StringEquals": {**regions["StringEquals"], "cloudformation:RoleArn": _ROLE}}
    # The name of another stack may begin as the fleet's do; the tag is that of clients alone.
    mine = {"aws:ResourceTag/aurora-cfn:fleet": Ref("FleetName")}
    names = [account_arn("ssm", f"parameter/aurora-cfn/fleet/${{FleetName}}{rest}") for rest in ("", "/*")]
    given = as_role | {"StringLike": {"cloudformation:TemplateUrl": Sub(f"{_URL}*")}}
    follow = [
        "cloudformation:DeleteChangeSet",
        "cloudformation:DescribeChangeSet",
        "cloudformation:DescribeStackEvents",
        "cloudformation:ExecuteChangeSet",
        "cloudformation:UpdateTerminationProtection",
    ]
    passed = {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}}
    snapshots = [account_arn("rds", "cluster:${FleetName}-*"), account_arn("rds", "cluster-snapshot:*")]
    return [
        allowed(["cloudformation:CreateChangeSet", "cloudformation:CreateStack"], stacks, given, sid="ChangeClients"),
        allowed("cloudformation:DeleteStack", stacks, _both(as_role, mine), sid="DeleteClients"),
        allowed(follow, stacks, _both(regions, mine), sid="FollowClients"),
        allowed("iam:PassRole", _ROLE, passed, sid="PassTheRoleOfClients"),
        allowed("s3:GetObject", Sub(f"arn:${{AWS::Partition}}:s3:::${{CodeBucket}}/{_FILES}*"), sid="ReadTemplates"),
        allowed(["ssm:DeleteParameter", "ssm:GetParameter", "ssm:PutParameter"], names[1], sid="ClaimNames"),
        allowed("ssm:GetParametersByPath", names, sid="ListNames"),
        allowed("rds:DescribeDBClusterSnapshots", snapshots, sid="FindFinalSnapshots"),
        allowed(["cloudformation:DescribeStacks", "rds:DescribeAccountAttributes"], "*", sid="ListStacksAndQuotas"),
    ]


def _both(condition: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return {"StringEquals": condition["StringEquals"] | more}


def outputs() -> Sequence[Output]:
    """Where to call, and where to look when a call fails."""
    return [
        exported("StackName", "Name of this stack", Ref("AWS::StackName")),
        exported(
            "ApiUrl", "Where to call: /databases below it, with requests signed by IAM", GetAtt("Api", "ApiEndpoint")
        ),
        exported("ApiId", "Id of the API, which policies for execute-api:Invoke name", Ref("Api")),
        exported("ClientRoleArn", "Role that CloudFormation assumes for the stacks of clients", _ROLE),
        *function_outputs(migrates=False),
    ]


BLUEPRINT = blueprint_of(
    PARAMETERS,
    name="databases-api",
    description="HTTP API that creates, lists, changes and deletes a database for each client of a fleet",
    resources=resources,
    outputs=outputs,
    code=CODE["databases-api"],
)
