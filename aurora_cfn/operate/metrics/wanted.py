"""The metrics that are asked for, by our names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from aurora_cfn.model.metric import Metric, Statistic
from aurora_cfn.model.rds_database import EventSource
from aurora_cfn.model.rows import Database

CLUSTER: EventSource = "db-cluster"
INSTANCE: EventSource = "db-instance"


@dataclass(frozen=True, slots=True)
class Kind:
    """A metric of CloudWatch: of each instance, or of the cluster as a whole; `factor` makes `unit` of its values."""

    metric: str
    statistic: Statistic
    unit: str
    of: EventSource = INSTANCE
    factor: float = 1.0
    usual: bool = True
    """Whether it is read without being named; CloudWatch charges for each metric that is asked for."""


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
    "reads": Kind("VolumeReadIOPs", "Sum", "billed reads", CLUSTER),
    "writes": Kind("VolumeWriteIOPs", "Sum", "billed writes", CLUSTER),
    "lag": Kind("AuroraReplicaLag", "Maximum", "ms", usual=False),
    "deadlocks": Kind("Deadlocks", "Average", "a second", usual=False),
    # Of Aurora PostgreSQL: the age of the oldest transaction id that was not frozen; at 2 billion writing stops.
    "transactions": Kind("MaximumUsedTransactionIDs", "Maximum", "transactions", usual=False),
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
        sources = [database.identifier] if kind.of == CLUSTER else list(instances)
        # An RDS instance has no cluster volume.
        if kind.of == CLUSTER and database.kind == INSTANCE:
            continue
        found += [Asked(name, source, Metric(kind.metric, kind.of, source, kind.statistic)) for source in sources]
    return found
