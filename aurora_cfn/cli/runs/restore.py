"""`restore`: a second stack with the data of an earlier time, compared with the original."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.rds import AwsSnapshots
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.database_copy import (
    Place,
    check_free,
    deleted_original,
    deploy_copy,
    found_copies,
    original_of,
    place_in,
    target_of_copy,
)
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.cli.terminal.rows import print_rows
from aurora_cfn.errors import EXIT_NEGATIVE, InputError
from aurora_cfn.model.database_copy import DatabaseCopy
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.rds_database import AutomatedBackups, DatabaseSnapshot
from aurora_cfn.operate import deleted_cluster, snapshots
from aurora_cfn.operate.database_copy import Original, copy_key, free_suffix, source_parameters
from aurora_cfn.operate.deleted_cluster import Remains
from aurora_cfn.operate.restore import (
    REFUSED,
    RestorePlan,
    answers,
    at_time,
    check_fits,
    compared,
    from_snapshot,
    newer_version,
)
from aurora_cfn.sql.stack_databases import engine_in


class RestoreRun:
    """A restore of one database of an environment."""

    def __init__(
        self, access: DatabaseAccess, stack: str | None, deleted: str = "", into: DatabaseAccess | None = None
    ) -> None:
        """Find the database, or the stack that had the `deleted` cluster, and the place for it in another environment.

        Raises InputError: none, or several.
        """
        self._access = access
        self._left: Remains | None = None
        if deleted:
            self._key, self._original, self._left = deleted_original(access, stack, deleted)
        else:
            self._key, self._original = _deployed(access, stack)
        self._place = Place(access.target, self._key, self._original)
        if into:
            self._place = place_in(into, self._key, self._original, access.target.environment)

    def plan(self, at: datetime | None, snapshot: str | None, *, latest: bool = False) -> RestorePlan:
        """Where the data come from, which is also said. Raises InputError, GuardError for what cannot be restored."""
        target, now = self._access.target, SystemClock().now()
        if self._left:
            if snapshot:
                self._left = deleted_cluster.of_snapshot(self._left, self._snapshot(snapshot))
            data = self._left.snapshot or self._left.backups
            if data:
                self._check(data)
            plan = deleted_cluster.plan(self._left, at, now, latest=latest, local=target.local)
        elif snapshot:
            found = self._snapshot(snapshot)
            self._check(found)
            plan = from_snapshot(found, now)
        else:
            cluster = target.databases.cluster(self._original.cluster)
            if cluster is None:
                raise InputError(f"the cluster {self._original.cluster} is gone: restore one of its snapshots")
            plan = at_time(cluster, at, now, local=target.local)
        for line in plan.lines:
            info(line)
        return plan

    @property
    def _entry(self) -> EnvironmentStack:
        """The entry beside whose stack the copy is made."""
        return self._place.target.environment.entry(self._place.key)

    @property
    def _engine(self) -> str:
        return engine_in(self._place.target.templates.text(self._entry.template)) or ""

    def _check(self, data: AutomatedBackups | DatabaseSnapshot) -> None:
        """Raise InputError for data that do not fit the template."""
        check_fits(data, self._engine, str(self._entry.parameters.get("KmsKeyId", "")))

    def _snapshot(self, name: str) -> DatabaseSnapshot:
        target = self._access.target
        found = snapshots.find_snapshot(AwsSnapshots(target.session), name)
        snapshots.check_ours(found, target.owner, [] if self._left else [self._original.cluster])
        return found

    def restore(self, plan: RestorePlan, into: str | None, checks: Sequence[str], form: str, *, yes: bool) -> int:
        """The exit code, after the copy was deployed and compared with the original."""
        target, key, beside = self._place.target, self._place.key, self._place.beside
        taken = {row.suffix: row for row in found_copies(target) if row.of == beside.stack.name}
        # Deployed again, a restored copy continues where it was; another one would be overwritten.
        if into in taken and taken[into].kind != "restore":
            raise InputError(f"{taken[into].stack.name} is {taken[into].words}: give another --into")
        suffix, own = into or free_suffix(taken), self._place.own_secret
        version = newer_version(self._engine, plan.version, beside.stack.parameters.get("EngineVersion", ""))
        overrides = {"EngineVersion": version} if version else {}
        copy = DatabaseCopy(key, suffix, "restore", plan.source, overrides=overrides, own_secret=own)
        if suffix not in taken:
            check_free(target_of_copy(target, copy, beside), copy)
        if version:
            info(f"the copy gets the version of the snapshot, {version}: RDS restores into no older one")
        info(f"the copy is {copy.suffix}; if this is interrupted, run it again with --into {copy.suffix}")
        source = self._access.target.environment.name
        if target.environment.name != source:
            info(
                f"{target.environment.name} gets the data of {source} as they are, with the roles and their passwords: "
                "for masked data make a branch",
                "warning",
            )
        there, code, _ = deploy_copy(target, copy, beside, yes=yes)
        if code:
            return code
        options = target.cli_options
        copied = DatabaseAccess(there)
        mine = self._access.one_in_rds(self._key) if self._original.stack.exists else None
        other = copied.one_in_rds(copy_key(copy))
        answered: list[tuple[str, str]] = []
        if checks:
            if mine:
                info("--check reads both databases: the original is resumed for it if it is paused")
            left = answers(self._access.api(mine), mine, checks) if mine else [""] * len(checks)
            right = answers(copied.api(other), other, checks)
            answered = list(zip(left, right, strict=True))
        print_rows(compared(mine, other, checks, answered), form)
        changed = f"nothing of {mine.stack} was changed" if mine else f"the data of {self._original.cluster} are back"
        info(f"{changed}. What you can do with the copy:")
        info(f"  look into it:   aurora-cfn sql {options} --stack {other.stack} 'select ...'")
        if not beside.stack.exists:
            entry = f"stacks.{self._key}.parameters of {target.environment.path}"
            given = [f"{name}: {value}" for name, value in source_parameters(plan.source).items() if value]
            info(f"  have it as {self._original.stack.name} again: {', '.join(given)} in {entry}")
        else:
            info(f"  put it in place: aurora-cfn restore {options} --stack {key} --swap {copy.suffix}")
        info(f"  delete it:      aurora-cfn restore {options} --stack {key} --delete {copy.suffix}")
        return EXIT_NEGATIVE if any(right.startswith(REFUSED) for _, right in answered) else 0


def _deployed(access: DatabaseAccess, stack: str | None) -> tuple[str, Original]:
    """As `original_of`, which would advise to deploy: that makes an empty cluster."""
    try:
        return original_of(access, stack)
    except InputError:
        target = access.target
        rows = [row for row in target.environment.stacks if stack in {row.key, row.name, None}]
        found = [row for row in map(target.cloudformation.stack, (row.name for row in rows)) if row and row.exists]
        if rows and not found:
            names = ", ".join(row.name for row in rows)
            raise InputError(f"not deployed: {names}; a deleted cluster comes back with --deleted CLUSTER") from None
        raise
