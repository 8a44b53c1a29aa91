"""The parameters of a proxy."""

from __future__ import annotations

from aurora_cfn.blueprints.parts.log_groups import log_retention
from aurora_cfn.blueprints.parts.protection import BOOLEAN
from aurora_cfn.blueprints.parts.target import target_rows
from aurora_cfn.parameters import Parameter

_SECURITY_GROUP = "^sg-[0-9a-f]{8,17}$"


def proxy_parameters() -> tuple[Parameter, ...]:
    """All rows, in the order in which a reader meets them."""
    return (_name(), *_target(), *_credentials(), *_network(), *_connections(), *_observation())


def _name() -> Parameter:
    return Parameter(
        "ProxyName",
        "Name of the proxy. Empty: the name of the stack. Changing it later asks for a new proxy.",
        default="",
        pattern="^$|^[A-Za-z](-?[A-Za-z0-9]){0,59}$",
        constraint="empty, or letters, digits and single hyphens, starting with a letter, at most 60",
        max_length=60,
    )


def _target() -> tuple[Parameter, ...]:
    return (
        *target_rows("What the proxy leads to"),
        Parameter(
            "EngineFamily",
            "Protocol that is spoken: POSTGRESQL on port 5432, MYSQL on port 3306. Changing it later asks for a new"
            " proxy.",
            default="POSTGRESQL",
            group="Target",
            allowed=("POSTGRESQL", "MYSQL"),
        ),
        Parameter(
            "DatabaseClientSecurityGroupId",
            "Group whose members may enter the database: the output ClientSecurityGroupId of its stack. The proxy joins"
            " it; its own clients do not, and so reach the database through the proxy only.",
            group="Target",
            pattern=_SECURITY_GROUP,
            constraint="the id of a security group, such as sg-0123456789abcdef0",
        ),
    )


def _credentials() -> tuple[Parameter, ...]:
    return (
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
            default="",
            group="Credentials",
            pattern="^$|^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]{1,64}$",
            constraint="empty, or the ARN of a KMS key",
        ),
    )


def _network() -> tuple[Parameter, ...]:
    return (
        Parameter(
            "VpcId",
            "VPC of the database: the output VpcId of a network stack, as in {output: network.VpcId}.",
            group="Network",
            pattern="^vpc-[0-9a-f]{8,17}$",
            constraint="the id of a VPC, such as vpc-0123456789abcdef0",
        ),
        Parameter(
            "SubnetIds",
            "Subnets of at least two zones, with commas: the output DatabaseSubnetIds of a network stack. Changing them"
            " later asks for a new proxy.",
            group="Network",
            pattern="^subnet-[0-9a-f]{8,17}(,subnet-[0-9a-f]{8,17})+$",
            constraint="the ids of two subnets or more, with commas and no spaces",
        ),
    )


def _connections() -> tuple[Parameter, ...]:
    return (
        Parameter(
            "IdleClientTimeout",
            "Seconds without a statement after which the proxy hangs up on a client.",
            default=7200,
            type="Number",
            group="Connections",
            low=1,
            high=28800,
            step=1,
        ),
        Parameter(
            "MaxConnectionsPercent",
            "Most connections to the database, in percent of its max_connections. Less leaves room for others.",
            default=100,
            type="Number",
            group="Connections",
            low=1,
            high=100,
            step=1,
        ),
        Parameter(
            "MaxIdleConnectionsPercent",
            "Connections to the database that are kept open without work, in percent of its max_connections.",
            default=50,
            type="Number",
            group="Connections",
            low=0,
            high=100,
            step=1,
        ),
        Parameter(
            "ConnectionBorrowTimeout",
            "Seconds for which a client waits for a free connection before it gets an error.",
            default=120,
            type="Number",
            group="Connections",
            low=0,
            high=300,
            step=1,
        ),
    )


def _observation() -> tuple[Parameter, ...]:
    return (
        Parameter(
            "DebugLogging",
            "Whether the proxy logs what it does in detail. It prints SQL with its values: leave it off in production.",
            default="false",
            group="Observation",
            allowed=BOOLEAN,
        ),
        log_retention("Days for which the proxy's log is kept in CloudWatch Logs."),
    )
