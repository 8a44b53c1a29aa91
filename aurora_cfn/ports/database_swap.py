"""The port of the changes that exchange two clusters. Every method raises AwsError, as all ports do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aurora_cfn.model.rds_database import EventSource


class DatabaseChanges(Protocol):
    """Changes of clusters and instances, applied immediately; RDS is still at work when a call returns."""

    def rename(self, kind: EventSource, identifier: str, new: str) -> None:
        """Give the cluster or instance another identifier."""

    def attach(self, cluster: str, *, groups: Sequence[str], parameter_group: str, protected: bool) -> None:
        """Put the cluster into these security groups and this parameter group, with or without protection."""

    def monitor(self, instance: str, role: str) -> None:
        """Let the instance write Enhanced Monitoring samples with that role, by its ARN."""

    def tag(self, arn: str, tags: Mapping[str, str]) -> None:
        """Add these tags, or give them new values."""

    def untag(self, arn: str, keys: Sequence[str]) -> None:
        """Remove the tags of these keys."""
