"""What RDS reports of databases: pauses, resumes, failovers, maintenance. No call reaches the database itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from aurora_cfn.model.rds_database import DatabaseEvent, EventSource
from aurora_cfn.operate.metrics.reader import Known
from aurora_cfn.ports import Databases

KEPT = timedelta(days=14)
"""How long RDS keeps its events (DescribeEvents, API reference, read 2026-11)."""


def database_events(rds: Databases, known: Sequence[Known], since: datetime) -> list[tuple[str, DatabaseEvent]]:
    """The events of the clusters and instances since then, oldest first, with the names of their stacks.

    A call for each cluster and each instance.
    """
    found: list[tuple[str, DatabaseEvent]] = []
    for row in known:
        sources: list[tuple[EventSource, str]] = [("db-cluster", row.cluster.identifier)] if row.cluster else []
        sources += [("db-instance", name) for name in row.instances]
        found += [(row.database.stack, event) for source in sources for event in rds.events(*source, since=since)]
    return sorted(found, key=lambda pair: pair[1].at)
