"""Rows that every database has, whether a cluster or an instance: `kind` is the word that its descriptions use."""

from __future__ import annotations

from aurora_cfn.blueprints.parts.engine import Engine
from aurora_cfn.blueprints.parts.log_groups import log_retention
from aurora_cfn.parameters import Parameter

BOOLEAN = ("true", "false")
MASTER_USERNAME = "dbadmin"


def stack_rows(kind: str) -> tuple[Parameter, ...]:
    """Where the database belongs: environment, own name, network and service."""
    return (
        Parameter(
            "EnvironmentName",
            f"Environment that the stack belongs to; it becomes part of the {kind}'s name.",
            default="dev",
            pattern="^[a-z][a-z0-9-]{0,30}$",
            constraint="lower-case letters, digits and hyphens, starting with a letter, at most 31",
        ),
        Parameter(
            f"{kind.capitalize()}Name",
            f"Identifier of the {kind}. Empty: <EnvironmentName>-{default_suffix(kind)}. Set it for a second {kind} of"
            f" the same environment in one account and region. Changing it later asks for a new {kind}.",
            default="",
            pattern="^$|^[a-z](-?[a-z0-9]){0,62}$",
            constraint="empty, or lower-case letters, digits and single hyphens, starting with a letter, at most 63",
            max_length=63,
        ),
        Parameter(
            "NetworkStackName",
            "Name of the network stack whose exports give the VPC and the subnets. Empty: the account's default VPC.",
            default="",
            group="Network",
            pattern="^$|^[A-Za-z][A-Za-z0-9-]{0,127}$",
            constraint="empty, or the name of a stack",
        ),
        Parameter(
            "ServiceName",
            f"Service that uses the database. When given, its credentials and {kind} ARNs are published as the SSM"
            " parameters <ServiceName>-<EnvironmentName>-credentials-arn and -resource-arn.",
            default="",
            pattern="^$|^[A-Za-z][A-Za-z0-9_.-]{0,99}$",
            constraint="empty, or letters, digits, dots, underscores and hyphens, starting with a letter",
        ),
    )


def default_suffix(kind: str) -> str:
    """What follows `<EnvironmentName>-` in the identifier of a database that is not given a name."""
    return {"cluster": "auroracluster", "instance": "database"}[kind]


def engine_version(engine: Engine) -> Parameter:
    """The version of the engine, which the family of the parameter group follows."""
    return Parameter(
        "EngineVersion",
        f"Version of {engine.title}. The parameter group's family follows its major version.",
        default=engine.version,
        group="Database",
        pattern=engine.versions,
        constraint=engine.oldest,
    )


def database_name(kind: str) -> Parameter:
    """The first database."""
    return Parameter(
        "DatabaseName",
        f"Database that is made with the {kind}. Changing it later asks for a new {kind}.",
        default="temporal",
        group="Database",
        pattern="^[A-Za-z][A-Za-z0-9_]{0,62}$",
        constraint="letters, digits and underscores, starting with a letter, at most 63",
    )


def master_rows(kind: str) -> tuple[Parameter, ...]:
    """Who may log in first: a secret that exists, or a user whose password RDS keeps."""
    return (
        Parameter(
            "DBMaster",
            "Name or ARN of an existing secret with the keys username and password, for the master user. Empty: RDS"
            " makes a secret, keeps it and rotates it.",
            default="",
            group="Access",
            pattern=r"^$|^(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:)?[A-Za-z0-9/_+=.@-]{1,512}$",
            constraint="empty, or the name or ARN of a secret",
        ),
        Parameter(
            "MasterUsername",
            f"Name of the master user, while DBMaster is empty. Changing it later asks for a new {kind}.",
            default=MASTER_USERNAME,
            group="Access",
            pattern="^[a-z][a-z0-9_]{0,15}$",
            constraint="lower-case letters, digits and underscores, starting with a letter, at most 16",
        ),
    )


def protection_rows(kind: str, *, fewest_backup_days: int) -> tuple[Parameter, ...]:
    """What keeps the data: protection, backups and the key."""
    without = " 0 keeps none: nothing can be restored." if fewest_backup_days == 0 else ""
    return (
        Parameter(
            "DeletionProtection",
            f"Whether RDS refuses to delete the {kind}. Turn it off, deploy, and only then delete the stack.",
            default="true",
            group="Protection",
            allowed=BOOLEAN,
        ),
        Parameter(
            "DBBackupRetentionPeriod",
            "Days for which automated backups are kept, and how far back a point-in-time restore reaches." + without,
            default=30,
            type="Number",
            group="Protection",
            low=fewest_backup_days,
            high=35,
            step=1,
        ),
        Parameter(
            "KmsKeyId",
            "KMS key (id, ARN or alias) for the storage, the managed secret and Database Insights. Empty: the keys"
            f" that AWS manages. Changing it later asks for a new {kind}.",
            default="",
            group="Protection",
            pattern="^$|^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:)?(key/|alias/)?[A-Za-z0-9/_-]{1,256}$",
            constraint="empty, or the id, ARN or alias of a KMS key",
        ),
    )


def operation_rows(kind: str) -> tuple[Parameter, ...]:
    """When AWS may work on it."""
    patched = "the instances" if kind == "cluster" else "it"
    return (
        Parameter(
            "BackupWindow",
            "Daily time in UTC when backups are taken, apart from the maintenance window.",
            default="02:00-03:00",
            group="Operation",
            pattern="^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$",
            constraint="hh:mm-hh:mm in UTC, at least 30 minutes",
        ),
        Parameter(
            "MaintenanceWindow",
            f"Weekly time in UTC when AWS may patch {patched}.",
            default="sun:03:30-sun:04:30",
            group="Operation",
            pattern="^(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]"
            "-(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]$",
            constraint="ddd:hh:mm-ddd:hh:mm in UTC, at least 30 minutes",
        ),
        Parameter(
            "AutoMinorVersionUpgrade",
            "Whether AWS installs minor versions in the maintenance window. true needs an EngineVersion that names only"
            " the major version: a pinned one would ask for a downgrade at the next deploy.",
            default="false",
            group="Operation",
            allowed=BOOLEAN,
        ),
    )


def observation_rows() -> tuple[Parameter, ...]:
    """What is recorded of its work."""
    return (
        log_retention("Days for which the exported database logs are kept in CloudWatch Logs."),
        Parameter(
            "MonitoringInterval",
            "Seconds between the samples of Enhanced Monitoring (operating system metrics); 0 turns it off.",
            default="60",
            group="Observation",
            allowed=("0", "1", "5", "10", "15", "30", "60"),
        ),
        Parameter(
            "DatabaseInsights",
            "standard: 7 days of query load at no charge. advanced: 15 months and more analyses, charged by capacity.",
            default="standard",
            group="Observation",
            allowed=("standard", "advanced"),
        ),
    )
