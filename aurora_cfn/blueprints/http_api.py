"""An HTTP API that reads a table: API Gateway, a Lambda function in the VPC, and the RDS Proxy that it signs in to.

The table is made by a migration that the stack runs before the API changes: a function in the VPC, called by a custom
resource whose own function is outside it, because only that one can answer CloudFormation without opening access
out of an isolated network.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from troposphere import AWSObject, GetAtt, Output, Ref, Sub
from troposphere.awslambda import VPCConfig
from troposphere.cloudformation import CustomResource

from aurora_cfn.blueprint import ParameterGroup, blueprint_of, commented, exported
from aurora_cfn.blueprints.parts.code import CODE_GROUP
from aurora_cfn.blueprints.parts.functions import FUNCTION_GROUP, Program, bounded, function, function_outputs
from aurora_cfn.blueprints.parts.http import THROTTLE_GROUP
from aurora_cfn.blueprints.parts.http_gateway import http_gateway
from aurora_cfn.blueprints.parts.service_role import BOUNDARY_GROUP, allowed
from aurora_cfn.blueprints.unrendered import CODE, checks_of
from aurora_cfn.parameters import Parameter

ROUTES = ("GET /planets", "GET /planets/{name}")

_OWN = (
    Parameter(
        "SubnetIds", "Private subnets for the functions, two zones at least, in the VPC of the proxy.",
        type="List<AWS::EC2::Subnet::Id>", group="Network",
    ),
    Parameter(
        "SecurityGroupIds", "Security groups of the functions; the proxy must let them in.",
        type="List<AWS::EC2::SecurityGroup::Id>", group="Network",
    ),
    Parameter(
        "Engine", "Engine of the database: the functions speak its protocol, and so must the proxy.",
        default="postgresql", group="Database", allowed=("postgresql", "mysql"),
    ),
    Parameter(
        "ProxyEndpoint", "Host of the RDS Proxy, with `:port` after it when that is not 5432 (MySQL: 3306).",
        group="Database", pattern="^[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?$", constraint="a host name, or host:port",
    ),
    Parameter(
        "ProxyResourceId", "Id of the proxy that rds-db:connect names: the end of its ARN.",
        group="Database", pattern="^(prx|cluster|db)-[A-Za-z0-9]+$",
        constraint="prx- and letters and digits (cluster- or db- to connect without a proxy)",
    ),
    Parameter(
        "DatabaseName", "Database that holds the table.",
        default="temporal", group="Database", pattern="^[A-Za-z][A-Za-z0-9_]{0,62}$",
        constraint="letters, digits and underscores, starting with a letter, at most 63",
    ),
    Parameter(
        "DatabaseUser", "Database user of the functions: the one in the secret that the proxy reads.",
        default="dbadmin", group="Database", pattern="^[A-Za-z_][A-Za-z0-9_]{0,62}$",
        constraint="letters, digits and underscores, at most 63",
    ),
    Parameter(
        "Authorization",
        "Who may call the API. AWS_IAM: requests signed by principals that may execute-api:Invoke. NONE: everyone.",
        default="AWS_IAM", group="API", allowed=("AWS_IAM", "NONE"),
    ),
)  # fmt: skip


PARAMETERS = (ParameterGroup(_OWN), THROTTLE_GROUP, FUNCTION_GROUP, CODE_GROUP, BOUNDARY_GROUP)

_RUNNER = Program(
    prefix="Runner",
    entry="handlers.migration_runner.handler",
    description="Calls the migration and reports its result to CloudFormation",
    environment={"MIGRATION_FUNCTION": Ref("MigrationFunction"), "MIGRATION_LOG": Ref("MigrationLogGroup")},
    may=(allowed("lambda:InvokeFunction", GetAtt("MigrationFunction", "Arn"), sid="CallTheMigration"),),
    # Longer than the migration's timeout (300), and shorter than the ServiceTimeout (360): the innermost error is
    # shown.
    timeout=330,
)


def resources() -> Sequence[AWSObject]:
    """The migration first, then the function that needs its table, then the API in front."""
    return [
        *function(_in_vpc("Migration", "handlers.planets_migration.handler", "Makes the table", timeout=300)),
        *function(_RUNNER),
        _migrated(),
        *function(
            _in_vpc(
                "Api",
                "handlers.planets.handler",
                "Answers the API from the database",
                memory=Ref("MemorySize"),
                concurrency=bounded(),
                depends_on=("Migrated",),
            )
        ),
        *http_gateway("Reads the table of planets", ROUTES, Ref("Authorization")),
    ]


def _in_vpc(prefix: str, entry: str, description: str, **more: Any) -> Program:
    user = "arn:${AWS::Partition}:rds-db:${AWS::Region}:${AWS::AccountId}:dbuser:${ProxyResourceId}/${DatabaseUser}"
    connect = allowed("rds-db:connect", Sub(user), sid="SignInToTheDatabase")
    settings = {
        "DB_ENGINE": "Engine",
        "DB_ENDPOINT": "ProxyEndpoint",
        "DB_NAME": "DatabaseName",
        "DB_USER": "DatabaseUser",
    }
    environment = {name: Ref(parameter) for name, parameter in settings.items()}
    network = VPCConfig(SubnetIds=Ref("SubnetIds"), SecurityGroupIds=Ref("SecurityGroupIds"))
    return Program(prefix, entry, description, environment, may=(connect,), network=network, **more)


def _migrated() -> AWSObject:
    """The call of the migration: a property that changes runs it again."""
    call = CustomResource(
        "Migrated",
        ServiceToken=GetAtt("RunnerFunction", "Arn"),
        ServiceTimeout=360,
        CodeKey=Ref("CodeKey"),
    )
    return commented(call, CodeKey="The function does not read it: new code has a new key, and so the migration runs.")


def outputs() -> Sequence[Output]:
    """Where to call, and where to look when a call fails."""
    return [
        exported("StackName", "Name of this stack", Ref("AWS::StackName")),
        exported(
            "ApiUrl", "Where to call: GET /planets and GET /planets/{name} below it", GetAtt("Api", "ApiEndpoint")
        ),
        exported("ApiId", "Id of the API, which policies for execute-api:Invoke name", Ref("Api")),
        *function_outputs(),
    ]


BLUEPRINT = blueprint_of(
    PARAMETERS,
    name="http-api",
    description="HTTP API and a Lambda function in the VPC that reads a database through RDS Proxy with IAM",
    resources=resources,
    outputs=outputs,
    checks=checks_of("http-api"),
    code=CODE["http-api"],
)
