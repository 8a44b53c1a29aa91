"""The port to what is attached to a cluster in RDS, what its parameter group sets, and when instances paused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aurora_cfn.model.rds_database import DatabaseEvent


class Attachments(Protocol):
    """What is attached to a cluster, read only; each method asks RDS for one kind."""

    def proxies(self, cluster: str) -> Sequence[str]:
        """Names of the RDS proxies that have the cluster or one of its instances as a target."""

    def integrations(self, arn: str) -> Sequence[str]:
        """Names of the zero-ETL integrations whose source is the cluster of that ARN."""

    def global_cluster(self, arn: str) -> tuple[str, bool] | None:
        """The Aurora global database of the cluster, and whether the cluster is its primary; None if it has none."""

    def changed_parameters(self, group: str) -> Mapping[str, str]:
        """Parameters of a DB cluster parameter group with values that a user set."""

    def pending_maintenance(self, arn: str) -> Sequence[str]:
        """Maintenance actions that wait for the cluster, such as system-update."""

    def pause_events(self, instance: str, *, since: datetime) -> Sequence[DatabaseEvent]:
        """Events of the instance since then, oldest first, pauses and resumes among them; RDS keeps them 14 days."""
