"""The metrics that are asked for, by our names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from aurora_cfn.model.database_metrics import Metric, Statistic
from aurora_cfn.model.rds_database import EventSource
from aurora_cfn.model.rows import Database, Engine

CLUSTER: EventSource = "db-cluster"
INSTANCE: EventSource = "db-instance"


@dataclass(frozen=True, slots=True)
class Kind:
    """A metric of CloudWatch: of each instance, or of the cluster as a whole; `factor` makes `unit` of its values.

    `engine` is the one that publishes it, None if all do.
    """

    metric: str
    statistic: Statistic
    unit: str
    of: EventSource = INSTANCE
    factor: float = 1.0
    usual: bool = True
    """Whether it is read without being named; CloudWatch charges for each metric that is asked for."""
    engine: Engine | None = None


KINDS = {
    "capacity": Kind("ServerlessDatabaseCapacity", "Average", "ACU"),
    # ACUUtilization is the percentage of MaxCapacity.
    "utilisation": Kind("ACUUtilization", "Maximum", "%"),
    "cpu": Kind("CPUUtilization", "Average", "%"),
    "connections": Kind("DatabaseConnections", "Maximum", ""),
    "memory": Kind("FreeableMemory", "Minimum", "GiB free", factor=1 / 2**30),
    "cache": Kind("BufferCacheHitRatio", "Average", "% hits"),
    "commits": Kind("CommitLatency", "Average", "ms a commit"),
    "storage": Kind("VolumeBytesUsed", "Maximum", "GiB", CLUSTER, 1 / 2**30),
    # The sum, which is billed; the name says IOPs, but CloudWatch counts requests in five minutes.
    "reads": Kind("VolumeReadIOPs", "Sum", "billed reads", CLUSTER),
    "writes": Kind("VolumeWriteIOPs", "Sum", "billed writes", CLUSTER),
    "lag": Kind("AuroraReplicaLag", "Maximum", "ms", usual=False),
    "deadlocks": Kind("Deadlocks", "Average", "a second", usual=False),
    # The age of the oldest transaction id that was not frozen; at 2 billion writing stops.
    "transactions": Kind("MaximumUsedTransactionIDs", "Maximum", "transactions", usual=False, engine="postgresql"),
    # CloudWatch has these two in seconds, unlike CommitLatency.
    "read-latency": Kind("ReadLatency", "Average", "ms a read", factor=1000, usual=False),
    "write-latency": Kind("WriteLatency", "Average", "ms a write", factor=1000, usual=False),
    "attempts": Kind("ConnectionAttempts", "Sum", "attempts", usual=False, engine="mysql"),
    "backups": Kind("BackupRetentionPeriodStorageUsed", "Maximum", "GiB", CLUSTER, 1 / 2**30, usual=False),
    "snapshots": Kind("SnapshotStorageUsed", "Maximum", "GiB", CLUSTER, 1 / 2**30, usual=False),
    "billed-backups": Kind("TotalBackupStorageBilled", "Maximum", "GiB", CLUSTER, 1 / 2**30, usual=False),
}
"""By the word that `metrics` takes; the order of the output."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One metric of one instance or cluster, and whose it is."""

    name: str
    source: str
    metric: Metric


def asked(database: Database, instances: Sequence[str], names: Collection[str] = ()) -> list[Asked]:
    """What is asked of CloudWatch for a database: these metrics, or the usual ones."""
    found = []
    for name, kind in KINDS.items():
        if name not in names if names else not kind.usual:
            continue
        if _unpublished(kind, database):
            continue
        sources = [database.identifier] if kind.of == CLUSTER else list(instances)
        found += [Asked(name, source, Metric(kind.metric, kind.of, source, kind.statistic)) for source in sources]
    return found


def unpublished(database: Database, names: Collection[str]) -> Iterator[str]:
    """Why CloudWatch has none of those metrics for the database, a sentence each."""
    for name in names:
        who = _unpublished(KINDS[name], database)
        if who:
            # log_connections writes a line for each attempt.
            hint = (
                ": with log_connections = 1, `logs --grep 'connection received'` has each" if name == "attempts" else ""
            )
            yield f"{name}: only {who} publishes {KINDS[name].metric}{hint}"


def _unpublished(kind: Kind, database: Database) -> str:
    """Who publishes the metric, if this database does not; else empty."""
    if kind.engine not in {None, database.engine}:
        return {"postgresql": "PostgreSQL", "mysql": "MySQL"}[kind.engine or ""]
    # An RDS instance has no cluster volume.
    return "an Aurora cluster" if kind.of == CLUSTER and database.kind == INSTANCE else ""
