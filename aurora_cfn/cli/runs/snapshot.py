"""`snapshot`: snapshots of an environment's databases, on the ports of AWS."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.kms import AwsKeys
from aurora_cfn.aws.rds import AwsDatabases, AwsSnapshots
from aurora_cfn.aws.snapshots import AwsSnapshotArchive
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.database_copy import living
from aurora_cfn.cli.runs.orphans import owner
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.deploy.snapshots import SnapshotTask
from aurora_cfn.errors import InputError
from aurora_cfn.model.rds_database import DatabaseSnapshot, EventSource
from aurora_cfn.model.rows import Rows
from aurora_cfn.operate import deleted_cluster, snapshots


@dataclass(frozen=True)
class SnapshotRun:
    """The snapshots of one environment."""

    access: DatabaseAccess

    def create(self, name: str | None, stack: str | None, resource: str | None, *, wait: bool) -> str:
        """Name of the new snapshot of the one database that is meant, once it can be restored."""
        database = self.access.one_in_rds(stack, resource)
        kind = snapshots.kind_of(database)
        wanted = name or snapshots.timed_name(database.identifier, SystemClock().now())
        snapshots.check_name(wanted, kind)
        self._snapshots.create_snapshot(database.identifier, wanted, tags=self._tags, kind=kind)
        info(f"taking the snapshot {wanted} of {database.identifier}; a paused database is not resumed for it")
        if wait:
            self._task.finished(wanted, kind)
        return wanted

    def rows(self, stack: str | None, resource: str | None) -> Rows:
        """All snapshots of the databases that are meant."""
        return snapshots.listed(self._archive, self.access.in_rds(stack, resource))

    def left(self) -> Rows:
        """What the deleted clusters of the environment left: automated backups and snapshots."""
        databases = AwsDatabases(self.access.target.session)
        return deleted_cluster.listed(
            self._archive.kept_backups(), self._archive.snapshots_of("", kind="db-cluster"), owner(self.access.target),
            living(databases),
        )  # fmt: skip

    def shareable(self, name: str, add: Sequence[str], remove: Sequence[str]) -> DatabaseSnapshot:
        """The snapshot, checked before anything is asked or sent. Raises InputError, GuardError."""
        snapshots.check_accounts(add)
        snapshots.check_accounts(remove, removing=True)
        found = self.ours(name)
        snapshots.check_manual(found, "shared")
        if add:
            snapshots.check_shareable(found, AwsKeys(self.access.target.session))
        return found

    def share(self, found: DatabaseSnapshot, add: Sequence[str], remove: Sequence[str]) -> Sequence[str]:
        """The accounts that may restore the snapshot after the change."""
        shared = self._archive.share_snapshot(found.identifier, kind=found.kind, add=add, remove=remove)
        advice = snapshots.sharing_advice(found, add)
        if advice:
            info(advice, "note")
        return shared

    def copy(self, name: str, new: str, key: str, *, wait: bool) -> str:
        """Name of the copy, once it can be restored."""
        found = self.ours(name)
        snapshots.check_name(new, found.kind)
        snapshots.check_copy(found, key)
        self._archive.copy_snapshot(found, new, tags=self._tags, key=key)
        info(f"copying {name} to {new}")
        if wait:
            self._task.finished(new, found.kind)
        return new

    def deletable(self, name: str) -> DatabaseSnapshot:
        """The snapshot, checked before anything is asked. Raises InputError, GuardError."""
        found = self.ours(name)
        snapshots.check_manual(found, "deleted")
        return found

    def delete(self, found: DatabaseSnapshot) -> None:
        """Delete the snapshot."""
        self._archive.delete_snapshot(found.identifier, kind=found.kind)

    def ours(self, name: str) -> DatabaseSnapshot:
        """The snapshot of that name. Raises InputError without one, GuardError for that of another environment."""
        found = snapshots.find_snapshot(self._snapshots, name)
        snapshots.check_ours(found, owner(self.access.target), self._databases)
        return found

    def all_arns(self) -> frozenset[str]:
        """The ARNs of all snapshots of the environment."""
        kinds: tuple[EventSource, ...] = ("db-cluster", "db-instance")
        rows = [row for kind in kinds for row in self._archive.snapshots_of("", kind=kind)]
        return frozenset(row.arn for row in rows if snapshots.is_ours(row, owner(self.access.target), self._databases))

    @cached_property
    def _databases(self) -> Sequence[str]:
        """None after `destroy`: then the tags of a snapshot alone say whose it is."""
        with suppress(InputError):
            return [one.identifier for one in self.access.in_rds(None)]
        return ()

    @property
    def _tags(self) -> dict[str, str]:
        return {**self.access.target.environment.tags, **owner(self.access.target).tags}

    @property
    def _task(self) -> SnapshotTask:
        return SnapshotTask(self._snapshots, SystemClock(), info)

    @cached_property
    def _snapshots(self) -> AwsSnapshots:
        return AwsSnapshots(self.access.target.session)

    @cached_property
    def _archive(self) -> AwsSnapshotArchive:
        return AwsSnapshotArchive(self.access.target.session)
