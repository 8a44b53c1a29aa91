"""What in the configuration of a cluster keeps it from pausing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aurora_cfn.model.awake import Reason
from aurora_cfn.model.rds_database import Cluster, Instance
from aurora_cfn.model.resource_types import SERVERLESS
from aurora_cfn.operate.attached import Attached

_WITH_WRITER = "the writer and readers of promotion tier 0 and 1"
_OFF = frozenset({"", "0", "off", "OFF"})


def configuration_reasons(cluster: Cluster, members: Sequence[Instance], attached: Attached) -> list[Reason]:
    """The reasons, those that concern the whole cluster first."""
    return [
        *_capacity(cluster),
        *_proxies(attached),
        *_instances(members),
        *_replication(cluster, attached),
        *_global(cluster, attached),
        *_notes(cluster, members, attached),
    ]


def _capacity(cluster: Cluster) -> Iterator[Reason]:
    capacity = cluster.capacity
    if capacity is None:
        yield Reason("note", "the cluster has no Serverless v2 capacity, and provisioned instances do not pause")
    elif capacity.minimum > 0:
        yield Reason("blocks", f"MinCapacity is {capacity.minimum:g} ACU", "MinCapacity 0")


def _proxies(attached: Attached) -> Iterator[Reason]:
    for name in attached.proxies:
        yield Reason(
            "blocks",
            f"RDS Proxy {name} keeps a connection to every instance",
            "connect without the proxy (UseProxy: false in our templates), or keep MinCapacity above 0",
        )


def _instances(members: Sequence[Instance]) -> Iterator[Reason]:
    fixed = [f"{row.identifier} ({row.size})" for row in members if row.size and row.size != SERVERLESS]
    # Where all are provisioned, none of them could pause anyway.
    if fixed and len(fixed) < len(members):
        text = f"{', '.join(fixed)} does not pause, and keeps {_WITH_WRITER} awake"
        yield Reason("blocks", text, f"DBInstanceClass {SERVERLESS}")


def _replication(cluster: Cluster, attached: Attached) -> Iterator[Reason]:
    logical = attached.parameters.get("rds.logical_replication", "")
    if logical not in _OFF:
        text = f"rds.logical_replication = {logical} keeps {_WITH_WRITER} awake"
        yield Reason("blocks", text, f"0 in {cluster.parameter_group}, then a reboot of the writer")
    binlog = attached.parameters.get("binlog_format", "")
    if binlog not in _OFF:
        text = f"binlog_format = {binlog} keeps {_WITH_WRITER} awake"
        yield Reason("blocks", text, f"OFF in {cluster.parameter_group}, then a reboot of the writer")
    for name in attached.integrations:
        yield Reason("blocks", f"zero-ETL integration {name} keeps {_WITH_WRITER} awake", "delete the integration")
    if cluster.activity_stream:
        text = f"the database activity stream keeps {_WITH_WRITER} awake"
        yield Reason("blocks", text, "stop the activity stream")


def _global(cluster: Cluster, attached: Attached) -> Iterator[Reason]:
    if found := attached.global_database(cluster):
        name, primary = found
        who = _WITH_WRITER if primary else "all instances of a secondary cluster"
        yield Reason("blocks", f"global database {name} keeps {who} awake", f"remove the cluster from {name}")


def _notes(cluster: Cluster, members: Sequence[Instance], attached: Attached) -> Iterator[Reason]:
    tied = [row.identifier for row in members if row.tier in {0, 1} and row.identifier != cluster.writer]
    if tied and cluster.writer:
        text = f"{', '.join(tied)} of promotion tier 0 or 1: pauses and resumes with the writer"
        yield Reason("note", text)
    if any(row.identifier != cluster.writer and row.identifier not in tied for row in members) and cluster.writer:
        yield Reason("note", "the writer does not pause before every reader has paused")
    if attached.parameters.get("rds.babelfish_status") == "on":
        yield Reason("note", "Babelfish: connections to its T-SQL port count as well")
    for name in attached.blue_green:
        text = f"blue/green deployment {name} replicates from this cluster until it is switched over or deleted"
        yield Reason("note", text)
    for action in attached.maintenance:
        yield Reason("note", f"maintenance waits: {action}; it resumes the database, for at least 20 min")
