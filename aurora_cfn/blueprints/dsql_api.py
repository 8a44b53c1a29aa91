"""A REST API over Aurora DSQL: an API key, a usage plan, and a Lambda function that signs in without a password.

Two roles reach the cluster. The migration may sign in as `admin`, makes the schema, the table and a database role, and
ties that role to the API's function; the API may sign in as that role alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from troposphere import AWSObject, GetAtt, If, Output, Ref, Sub
from troposphere.cloudformation import CustomResource

from aurora_cfn.blueprint import ParameterGroup, blueprint_of, commented, exported, waived
from aurora_cfn.blueprints.dsql import CLUSTER_ARN
from aurora_cfn.blueprints.dsql_api_gateway import ACCOUNT_CONDITION, rest_api
from aurora_cfn.blueprints.parts.code import CODE_GROUP
from aurora_cfn.blueprints.parts.conditions import chosen, is_true
from aurora_cfn.blueprints.parts.functions import FUNCTION_GROUP, Program, bounded, function, function_outputs, own_log
from aurora_cfn.blueprints.parts.http import THROTTLE_GROUP
from aurora_cfn.blueprints.parts.service_role import BOUNDARY_GROUP, allowed
from aurora_cfn.blueprints.unrendered import CODE
from aurora_cfn.parameters import BOOLEAN, Parameter

ROUTES = ("GET /games", "POST /games", "GET /games/{id}")

_OWN = (
    Parameter(
        "ClusterEndpoint", "Host of the DSQL cluster, with `:port` after it when that is not 5432.",
        group="Database", pattern="^[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?$", constraint="a host name, or host:port",
    ),
    Parameter(
        "ClusterArn", "ARN of the DSQL cluster: the functions may sign in to this one alone.",
        group="Database", pattern=f"^{CLUSTER_ARN}$", constraint="the ARN of a DSQL cluster",
    ),
    Parameter(
        "DatabaseRole",
        "Database role of the API, made by the migration and tied to the function. admin: the function signs in as the"
        " administrator of the whole cluster, with dsql:DbConnectAdmin.",
        default="games_api", group="Database", pattern="^[a-z_][a-z0-9_]{0,62}$",
        constraint="lower-case letters, digits and underscores, at most 63",
    ),
    Parameter(
        "StageName", "First part of the API's paths.",
        default="v1", group="API", pattern="^[A-Za-z0-9_-]{1,128}$",
        constraint="letters, digits, underscores and hyphens",
    ),
    Parameter(
        "DailyQuota", "Requests a day that each API key may make; more are answered 429.",
        default=10000, type="Number", group="API", low=1, high=2147483647, step=1,
    ),
    Parameter(
        "SetAccountLogRole",
        "Whether the stack sets the role through which the REST APIs of this account and region write logs. Without one"
        " API Gateway refuses access logs. false when it is set already.",
        default="true", group="API", allowed=BOOLEAN,
    ),
)  # fmt: skip
PARAMETERS = (
    ParameterGroup(
        _OWN,
        conditions={
            "SignsInAsAdmin": chosen("DatabaseRole", "admin"),
            ACCOUNT_CONDITION: is_true("SetAccountLogRole"),
        },
    ),
    THROTTLE_GROUP,
    FUNCTION_GROUP,
    CODE_GROUP,
    BOUNDARY_GROUP,
)

_CONNECTION = {"DB_ENDPOINT": Ref("ClusterEndpoint"), "DB_NAME": "postgres"}
_MIGRATION = Program(
    prefix="Migration",
    entry="handlers.games_migration.handler",
    description="Makes the table and the API's database role, and reports to CloudFormation",
    environment={
        **_CONNECTION,
        "DB_USER": "admin",
        "API_DB_ROLE": Ref("DatabaseRole"),
        "API_IAM_ROLE": GetAtt("ApiRole", "Arn"),
    },
    may=(allowed("dsql:DbConnectAdmin", Ref("ClusterArn"), sid="SignInAsAdministrator"),),
    # More than the retries while DSQL does not know the role everywhere: 8 attempts, 5 s apart (handlers/retry).
    timeout=120,
)
_API = Program(
    prefix="Api",
    entry="handlers.games.handler",
    description="Answers the API from DSQL",
    environment={**_CONNECTION, "DB_USER": Ref("DatabaseRole")},
    may=(allowed(If("SignsInAsAdmin", "dsql:DbConnectAdmin", "dsql:DbConnect"), Ref("ClusterArn"), sid="SignIn"),),
    memory=Ref("MemorySize"),
    concurrency=bounded(),
    depends_on=("Migrated",),
)


def resources() -> Sequence[AWSObject]:
    """The migration first, then the function that needs its table, then the API in front."""
    migrated = CustomResource(
        "Migrated",
        ServiceToken=GetAtt("MigrationFunction", "Arn"),
        # Longer than the function's own timeout, so that its own answer comes first. (Without it CloudFormation waits
        # an hour.)
        ServiceTimeout=180,
        CodeKey=Ref("CodeKey"),
        DatabaseRole=Ref("DatabaseRole"),
        Cluster=Ref("ClusterArn"),
    )
    commented(migrated, CodeKey="The function does not read these: a change of one of them runs the migration again.")
    return [
        *map(_administrator, function(_MIGRATION)),
        migrated,
        *function(_API),
        own_log("AccessLogGroup", "access"),
        *rest_api("Keeps games in Aurora DSQL", ROUTES, function="ApiFunction"),
    ]


def _administrator(resource: AWSObject) -> AWSObject:
    if resource.title != "MigrationRole":
        return resource
    return waived(resource, ("W9045", "only the administrator can make the table and the API's database role"))


def outputs() -> Sequence[Output]:
    """Where to call, with which key, and where to look when a call fails."""
    url = Sub("https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${StageName}")
    return [
        exported("StackName", "Name of this stack", Ref("AWS::StackName")),
        exported("ApiUrl", "Where to call, with the header x-api-key: /games and /games/{id} below it", url),
        exported("ApiId", "Id of the API", Ref("Api")),
        exported("ApiKeyId", "Id of the first key; its value is in no output", Ref("Key")),
        exported("ApiKeyCommand", "Command of the AWS CLI that prints the value of the first key", _key_command()),
        exported("UsagePlanId", "Usage plan, to add more keys to", Ref("UsagePlan")),
        *function_outputs(),
    ]


def _key_command() -> Sub:
    """What the holder of the right apigateway:GET runs; CloudFormation itself never knows the value of a key."""
    return Sub(
        "aws apigateway get-api-key --api-key ${Key} --include-value --query value --output text"
        " --region ${AWS::Region}"
    )


BLUEPRINT = blueprint_of(
    PARAMETERS,
    name="dsql-api",
    description="REST API with API key and usage plan, and a Lambda function that keeps its data in Aurora DSQL",
    resources=resources,
    outputs=outputs,
    code=CODE["dsql-api"],
)
