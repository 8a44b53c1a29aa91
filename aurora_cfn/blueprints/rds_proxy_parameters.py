"""The parameters of a proxy."""

from __future__ import annotations

from aurora_cfn.blueprint import ParameterGroup
from aurora_cfn.blueprints.parts.conditions import chosen, given
from aurora_cfn.blueprints.parts.observation import log_retention
from aurora_cfn.blueprints.parts.service_role import BOUNDARY_GROUP
from aurora_cfn.blueprints.parts.target import target_group
from aurora_cfn.parameters import BOOLEAN, Parameter

_REPLACES = "Changing it replaces the proxy, and clients need the new host name."

_NAME = (
    Parameter(
        "ProxyName", f"Name of the proxy. Empty: the name of the stack. {_REPLACES}",
        default="", pattern="^$|^[A-Za-z](-?[A-Za-z0-9]){0,59}$",
        constraint="empty, or letters, digits and single hyphens, starting with a letter, at most 60",
        max_length=60,
    ),
)  # fmt: skip
_DATABASE = (
    Parameter(
        "EngineFamily", f"Protocol that is spoken: POSTGRESQL on port 5432, MYSQL on port 3306. {_REPLACES}",
        default="POSTGRESQL", group="Target", allowed=("POSTGRESQL", "MYSQL"),
    ),
    Parameter(
        "DatabaseClientSecurityGroupId",
        "Group whose members may enter the database: the output ClientSecurityGroupId of its stack. The proxy joins"
        " it; its own clients do not, and so reach the database through the proxy only.",
        type="AWS::EC2::SecurityGroup::Id", group="Target",
    ),
)  # fmt: skip
_CREDENTIALS = (
    Parameter(
        "SecretArn",
        "Secret with username and password with which the proxy logs in: the output SecretArn of the database's"
        " stack. Clients log in as the same user, with IAM.",
        group="Credentials",
        pattern=r"^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@!-]{1,512}$",
        constraint="the ARN of a secret",
    ),
    Parameter(
        "SecretKeyArn",
        "KMS key of that secret, when it has one of its own. Empty: the key that AWS manages, which needs no"
        " permission.",
        default="", group="Credentials",
        pattern="^$|^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]{1,64}$",
        constraint="empty, or the ARN of a KMS key",
    ),
)  # fmt: skip
_REST = (
    Parameter(
        "VpcId", "VPC of the database: the output VpcId of a network stack, as in {output: network.VpcId}.",
        type="AWS::EC2::VPC::Id", group="Network",
    ),
    Parameter(
        "SubnetIds",
        "Subnets of at least two zones: the output DatabaseSubnetIds of a network stack."
        f" {_REPLACES.replace('it', 'them', 1)}",
        type="List<AWS::EC2::Subnet::Id>", group="Network",
    ),
    Parameter(
        "IdleClientTimeout", "Seconds without a statement after which the proxy closes a client's connection.",
        default=7200, type="Number", group="Connections", low=1, high=28800, step=1,
    ),
    Parameter(
        "MaxConnectionsPercent",
        "Maximum of connections to the database, in percent of its max_connections. Less leaves room for others.",
        default=100, type="Number", group="Connections", low=1, high=100, step=1,
    ),
    Parameter(
        "MaxIdleConnectionsPercent",
        "Connections to the database that are kept open without work, in percent of its max_connections.",
        default=50, type="Number", group="Connections", low=0, high=100, step=1,
    ),
    Parameter(
        "ConnectionBorrowTimeout",
        "Seconds for which a client waits for a free connection before it gets an error.",
        default=120, type="Number", group="Connections", low=0, high=300, step=1,
    ),
    Parameter(
        "DebugLogging",
        "Whether the proxy logs what it does in detail. It prints SQL with its values: leave it off in production.",
        default="false", group="Observation", allowed=BOOLEAN,
    ),
    log_retention("Days for which the proxy's log is kept in CloudWatch Logs."),
)  # fmt: skip

PARAMETERS = (
    ParameterGroup(_NAME, conditions={"HasProxyName": given("ProxyName")}),
    target_group("What the proxy leads to"),
    ParameterGroup(_DATABASE, conditions={"IsMySql": chosen("EngineFamily", "MYSQL")}),
    ParameterGroup(_CREDENTIALS, conditions={"HasSecretKey": given("SecretKeyArn")}),
    ParameterGroup(_REST),
    BOUNDARY_GROUP,
)
"""All groups, in the order in which a reader meets them."""
