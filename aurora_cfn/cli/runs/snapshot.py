"""`snapshot`: snapshots of an environment's databases, on the ports of AWS."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.rds import AwsSnapshots
from aurora_cfn.aws.snapshots import AwsExports, AwsKeys, AwsSnapshotArchive
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.database_copy import living
from aurora_cfn.cli.terminal.messages import declined, info, write_stdout
from aurora_cfn.cli.terminal.prompt import confirmed, named
from aurora_cfn.deploy.snapshots import SnapshotTask
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.export_task import Export
from aurora_cfn.model.rds_database import DatabaseSnapshot, EventSource
from aurora_cfn.model.rows import Rows
from aurora_cfn.operate import deleted_cluster, export_tasks, snapshots


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
        self._snapshots.create_snapshot(database.identifier, wanted, tags=self.access.target.tags, kind=kind)
        info(f"taking the snapshot {wanted} of {database.identifier}; a paused database is not resumed for it")
        if wait:
            self._task.finished(wanted, kind)
        return wanted

    def rows(self, stack: str | None, resource: str | None) -> Rows:
        """All snapshots of the databases that are meant."""
        try:
            databases = self.access.in_rds(stack, resource)
        except InputError as error:
            # To deploy, as it advises, makes an empty database. Snapshots of a deleted one are in the other list.
            name = self.access.target.environment.name
            left = Complaint(f"what deleted clusters left: aurora-cfn snapshot list --env {name} --deleted")
            raise InputError([*error.complaints, left]) from None
        return snapshots.listed(self._archive, databases)

    def left(self) -> Rows:
        """What the deleted clusters of the environment left: automated backups and snapshots."""
        target, archive = self.access.target, self._archive
        rows = archive.snapshots_of("", kind="db-cluster")
        return deleted_cluster.listed(archive.kept_backups(), rows, target.owner, living(target.databases))

    def share(self, name: str, add: Sequence[str], remove: Sequence[str], *, yes: bool) -> int:
        """Ask, let these accounts restore the snapshot or no longer, and print those that may; the exit code.

        Raises InputError, GuardError before anything is asked or sent.
        """
        snapshots.check_accounts(add)
        snapshots.check_accounts(remove, removing=True)
        found = self._ours(name)
        snapshots.check_manual(found, "shared")
        if add:
            snapshots.check_shareable(found, AwsKeys(self.access.target.session))
        whom = f"let {', '.join(add)} restore" if add else f"take {', '.join(remove)} the access to"
        if not yes and not confirmed(f"{whom} all data of {found.database} in {name}?"):
            return declined()
        shared = self._archive.share_snapshot(found.identifier, kind=found.kind, add=add, remove=remove)
        advice = snapshots.sharing_advice(found, add)
        if advice:
            info(advice)
        for account in shared:
            write_stdout(account)
        return 0

    def copy(self, name: str, new: str, key: str, *, wait: bool) -> str:
        """Name of the copy, once it can be restored."""
        found = self._ours(name)
        snapshots.check_name(new, found.kind)
        snapshots.check_copy(found, key)
        self._archive.copy_snapshot(found, new, tags=self.access.target.tags, key=key)
        info(f"copying {name} to {new}")
        if wait:
            self._task.finished(new, found.kind)
        return new

    def delete(self, name: str, confirm: Sequence[str]) -> int:
        """Delete the snapshot after its name was typed or given; the exit code. Raises InputError, GuardError."""
        found = self._ours(name)
        snapshots.check_manual(found, "deleted")
        created = f" of {found.created:%Y-%m-%d %H:%M}Z" if found.created else ""
        info(f"{name}: the data of {found.database}{created}")
        if not named(name, confirm, "a deleted snapshot cannot be restored: "):
            return declined("nothing was deleted")
        self._archive.delete_snapshot(found.identifier, kind=found.kind)
        info(f"deleted {name}")
        return 0

    def export(self, name: str, to: str, *, role: str, key: str, only: tuple[str, ...], yes: bool) -> int:
        """Ask, start the export of the snapshot, and print the name of its task; the exit code.

        Raises InputError, GuardError before anything is asked or sent.
        """
        bucket, prefix = export_tasks.bucket_and_prefix(to)
        found = self._ours(name)
        wanted = Export(export_tasks.task_name(found, SystemClock().now()), bucket, prefix, role, key, only)
        export_tasks.check(found, wanted, AwsKeys(self.access.target.session))
        what = f"{', '.join(only) or 'all data'} of {found.database} in {name}"
        if not yes and not confirmed(f"{export_tasks.COST}. Write {what} to {wanted.place}?"):
            return declined("nothing was exported")
        task = AwsExports(self.access.target.session).start(found, wanted)
        info(f"exporting {found.identifier} to {wanted.place}; {export_tasks.COST}")
        write_stdout(task.identifier)
        return 0

    def exports(self) -> Rows:
        """The exports of the environment's snapshots that still exist."""
        tasks = AwsExports(self.access.target.session).tasks()
        return export_tasks.listed(tasks, self._all_arns() if tasks else ())

    def _ours(self, name: str) -> DatabaseSnapshot:
        """The snapshot of that name. Raises InputError without one, GuardError for that of another environment."""
        found = snapshots.find_snapshot(self._snapshots, name)
        snapshots.check_ours(found, self.access.target.owner, self._databases)
        return found

    def _all_arns(self) -> frozenset[str]:
        """The ARNs of all snapshots of the environment."""
        # RDS lists snapshots of clusters and of instances by two calls.
        kinds: tuple[EventSource, ...] = ("db-cluster", "db-instance")
        rows = [row for kind in kinds for row in self._archive.snapshots_of("", kind=kind)]
        return frozenset(row.arn for row in rows if snapshots.is_ours(row, self.access.target.owner, self._databases))

    @cached_property
    def _databases(self) -> Sequence[str]:
        """None after `destroy`: then the tags of a snapshot alone say whose it is."""
        with suppress(InputError):
            return [one.identifier for one in self.access.in_rds(None)]
        return ()

    @property
    def _task(self) -> SnapshotTask:
        return SnapshotTask(self._snapshots, SystemClock(), info)

    @cached_property
    def _snapshots(self) -> AwsSnapshots:
        return AwsSnapshots(self.access.target.session)

    @cached_property
    def _archive(self) -> AwsSnapshotArchive:
        return AwsSnapshotArchive(self.access.target.session)
