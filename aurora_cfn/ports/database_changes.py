"""Ports to changes of deployed databases: a swap, upgrades, blue/green deployments and passwords."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aurora_cfn.model.rds_database import EventSource
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aurora_cfn.model.upgrade_plan import BlueGreen, UpgradeTarget
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aurora_cfn.model.database_role import SecretState
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


class UpgradeTargets(Protocol):
    """The versions that RDS offers for upgrades, read only."""

    def targets(self, engine: str, version: str) -> Sequence[UpgradeTarget]:
        """The versions that a provisioned cluster of that version can be upgraded to; empty if there is none."""


class BlueGreenDeployments(Protocol):
    """Blue/green deployments of RDS."""

    def of_cluster(self, arn: str) -> BlueGreen | None:
        """The deployment in which the cluster of that ARN is blue, or was green before the switch; None without one."""

    def create(
        self, name: str, source: str, *, version: str, parameter_group: str, tags: Mapping[str, str]
    ) -> BlueGreen:
        """Start a deployment for the cluster of the ARN `source`; green gets that version and cluster parameter group.

        With an empty `parameter_group` green has that of blue.
        """

    def switch(self, identifier: str, *, timeout: int) -> BlueGreen:
        """Start the switch; RDS rolls it back if it takes longer than `timeout` seconds."""

    def delete(self, identifier: str, *, green: bool) -> None:
        """Delete the deployment, with the databases of the green side if `green`, which RDS refuses after a switch."""


class MasterPasswords(Protocol):
    """Passwords that RDS manages."""

    def rotate_master_password(self, kind: EventSource, identifier: str) -> None:
        """Have RDS give the master user a new password at once; RDS is still at work when the call returns."""


class Secrets(Protocol):
    """Secrets, which nothing here reads the value of."""

    def secret_state(self, secret: str) -> SecretState | None:
        """The secret of that name or ARN; None if there is none, or it waits for its deletion."""

    def rotate_secret(self, arn: str) -> None:
        """Start the rotation of the secret."""

    def create_secret(self, name: str, value: str, *, tags: Mapping[str, str]) -> str:
        """The ARN of a new secret with that value."""

    def delete_secret(self, secret: str) -> None:
        """Delete the secret at once, without a recovery window."""
