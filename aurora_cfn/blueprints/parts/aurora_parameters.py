"""The parameters of an Aurora Serverless cluster."""

from __future__ import annotations

from aurora_cfn.blueprints.parts.engine import Engine
from aurora_cfn.parameters import Parameter

# CloudWatch Logs accepts these days and no others (PutRetentionPolicy, 2026-11-20).
RETENTION_DAYS = (
    "1",
    "3",
    "5",
    "7",
    "14",
    "30",
    "60",
    "90",
    "120",
    "150",
    "180",
    "365",
    "400",
    "545",
    "731",
    "1827",
    "3653",
)
BOOLEAN = ("true", "false")
MASTER_USERNAME = "dbadmin"


def aurora_parameters(engine: Engine) -> tuple[Parameter, ...]:
    """All rows, in the order in which a reader meets them."""
    return (*_stack(), *_capacity(), *_database(engine), *_access(), *_protection(), *_operation(), *_observation())


def _stack() -> tuple[Parameter, ...]:
    return (
        Parameter(
            "EnvironmentName",
            "Environment that the stack belongs to; it becomes part of the cluster's name.",
            default="dev",
            pattern="^[a-z][a-z0-9-]{0,30}$",
            constraint="lower-case letters, digits and hyphens, starting with a letter, at most 31",
        ),
        Parameter(
            "ClusterName",
            "Identifier of the cluster. Empty: <EnvironmentName>-auroracluster. Set it for a second cluster of the same"
            " environment in one account and region. Changing it later asks for a new cluster.",
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
            "Service that uses the database. When given, its credentials and cluster ARNs are published as the SSM"
            " parameters <ServiceName>-<EnvironmentName>-credentials-arn and -resource-arn.",
            default="",
            pattern="^$|^[A-Za-z][A-Za-z0-9_.-]{0,99}$",
            constraint="empty, or letters, digits, dots, underscores and hyphens, starting with a letter",
        ),
    )


def _capacity() -> tuple[Parameter, ...]:
    return (
        Parameter(
            "AutoPause",
            "Whether an idle cluster pauses to zero capacity and resumes at the next connection, in about 15 seconds."
            " true sets the minimum to 0; false keeps MinCapacity running.",
            default="true",
            group="Capacity",
            allowed=BOOLEAN,
        ),
        Parameter(
            "MinCapacity",
            "Least capacity in Aurora capacity units (ACU, about 2 GiB of memory each) while AutoPause is false.",
            default=2,
            type="Number",
            group="Capacity",
            low=0.5,
            high=256,
            step=0.5,
        ),
        Parameter(
            "MaxCapacity",
            "Most capacity in ACU that the cluster scales up to; it also bounds the bill.",
            default=4,
            type="Number",
            group="Capacity",
            low=1,
            high=256,
            step=0.5,
        ),
        Parameter(
            "SecondsUntilAutoPause",
            "Seconds without a connection after which the cluster pauses, while AutoPause is true.",
            default=300,
            type="Number",
            group="Capacity",
            low=300,
            high=86400,
            step=1,
        ),
        Parameter(
            "Readers",
            "Number of read replicas. They pause with the cluster while AutoPause is true, and stand ready as failover"
            " targets while it is false.",
            default="0",
            group="Capacity",
            allowed=("0", "1", "2"),
        ),
    )


def _database(engine: Engine) -> tuple[Parameter, ...]:
    return (
        Parameter(
            "EngineVersion",
            f"Version of {engine.title}. The parameter group's family follows its major version.",
            default=engine.version,
            group="Database",
            pattern=engine.versions,
            constraint=engine.oldest,
        ),
        Parameter(
            "DatabaseName",
            "Database that is made with the cluster. Changing it later asks for a new cluster.",
            default="temporal",
            group="Database",
            pattern="^[A-Za-z][A-Za-z0-9_]{0,62}$",
            constraint="letters, digits and underscores, starting with a letter, at most 63",
        ),
        Parameter(
            "StorageType",
            "aurora: pay for each I/O request. aurora-iopt1: I/O-Optimized, dearer capacity and storage without a"
            " charge for I/O. Changing back is possible once in 30 days.",
            default="aurora",
            group="Database",
            allowed=("aurora", "aurora-iopt1"),
        ),
    )


def _access() -> tuple[Parameter, ...]:
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
            "Name of the master user, while DBMaster is empty. Changing it later asks for a new cluster.",
            default=MASTER_USERNAME,
            group="Access",
            pattern="^[a-z][a-z0-9_]{0,15}$",
            constraint="lower-case letters, digits and underscores, starting with a letter, at most 16",
        ),
        Parameter(
            "EnableDataApi",
            "Whether SQL can be run over HTTPS with the RDS Data API, without a connection into the VPC.",
            default="true",
            group="Access",
            allowed=BOOLEAN,
        ),
    )


def _protection() -> tuple[Parameter, ...]:
    return (
        Parameter(
            "DeletionProtection",
            "Whether RDS refuses to delete the cluster. Turn it off, deploy, and only then delete the stack.",
            default="true",
            group="Protection",
            allowed=BOOLEAN,
        ),
        Parameter(
            "DBBackupRetentionPeriod",
            "Days for which automated backups are kept, and how far back a point-in-time restore reaches.",
            default=30,
            type="Number",
            group="Protection",
            low=1,
            high=35,
            step=1,
        ),
        Parameter(
            "KmsKeyId",
            "KMS key (id, ARN or alias) for the storage, the managed secret and Database Insights. Empty: the keys"
            " that AWS manages. Changing it later asks for a new cluster.",
            default="",
            group="Protection",
            pattern="^$|^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:)?(key/|alias/)?[A-Za-z0-9/_-]{1,256}$",
            constraint="empty, or the id, ARN or alias of a KMS key",
        ),
    )


def _operation() -> tuple[Parameter, ...]:
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
            "Weekly time in UTC when AWS may patch the instances.",
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


def _observation() -> tuple[Parameter, ...]:
    return (
        Parameter(
            "LogRetentionDays",
            "Days for which the exported database logs are kept in CloudWatch Logs.",
            default="90",
            type="String",
            group="Observation",
            allowed=RETENTION_DAYS,
        ),
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
