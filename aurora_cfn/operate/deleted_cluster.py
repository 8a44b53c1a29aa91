"""What a deleted cluster left: automated backups, snapshots, or both, and which of them a restore takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeAlias

from aurora_cfn.errors import InputError
from aurora_cfn.model.ownership import Ownership, ownership_of
from aurora_cfn.model.rds_database import AutomatedBackups, DatabaseSnapshot
from aurora_cfn.model.rows import Rows
from aurora_cfn.operate.restore import RestorePlan, at_time, from_snapshot, time_text
from aurora_cfn.operate.snapshots import listed_time

Left: TypeAlias = AutomatedBackups | DatabaseSnapshot
COLUMNS = ("cluster", "resource_id", "type", "snapshot", "from", "to")
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Remains:
    """What is left of one deleted cluster, at least one of the two; `older` are the ids of others of that name."""

    cluster: str
    backups: AutomatedBackups | None
    snapshot: DatabaseSnapshot | None
    older: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """The engine version of the data."""
        return (self.backups or self.snapshot or AutomatedBackups("", "")).version


def remains(
    cluster: str,
    backups: Sequence[AutomatedBackups],
    snapshots: Iterable[DatabaseSnapshot],
    owner: Ownership,
    living: Callable[[str], str],
) -> Remains:
    """What the deleted cluster left; `cluster` is its identifier, which finds the one deleted last, or its resource id.

    Only what has the tags of the owner counts; backups without any tags count where a snapshot of that cluster has
    them. `living` is the resource id of the cluster that has an identifier now. Raises InputError where the cluster
    exists, and where nothing is left.
    """
    ours = [row for row in snapshots if row.status == "available" and ownership_of(row.tags) == owner]
    kept = _ours(backups, ours, owner)
    mine = [row for row in kept if _is(row, cluster)]
    left = [row for row in ours if _is(row, cluster)]
    rows: list[Left] = [*left, *mine]
    if living(cluster) or any(row.resource_id == living(row.database) for row in left):
        ids = ", ".join(dict.fromkeys(row.resource_id for row in mine))
        earlier = f"; a deleted one of that name by its resource id: --deleted {ids}" if ids else ""
        raise InputError(f"the cluster {cluster} exists: restore it with --latest, --at or --snapshot{earlier}")
    if not rows:
        raise InputError(_nothing(cluster, [*kept, *ours], owner, living))
    last = max(rows, key=_reaches)
    of_last = last.resource_id
    # `kept_backups` has those that reach furthest last.
    its_backups = next((row for row in reversed(mine) if row.resource_id == of_last), None)
    # Automated snapshots are a part of the automated backups.
    apart = [row for row in left if row.resource_id == of_last and not (its_backups and row.type == "automated")]
    return Remains(
        last.database,
        its_backups,
        max(apart, key=_reaches, default=None),
        tuple(dict.fromkeys(row.resource_id for row in mine if row.resource_id != of_last)),
    )


def of_snapshot(found: Remains, snapshot: DatabaseSnapshot) -> Remains:
    """The same cluster with that snapshot alone. Raises InputError for the snapshot of another one."""
    if not _is(snapshot, found.cluster):
        raise InputError(f"{snapshot.identifier} is a snapshot of {snapshot.database}, not of {found.cluster}")
    return replace(found, backups=None, snapshot=snapshot)


def listed(
    backups: Iterable[AutomatedBackups],
    snapshots: Iterable[DatabaseSnapshot],
    owner: Ownership,
    living: Callable[[str], str],
) -> Rows:
    """What deleted clusters of the owner left, by cluster: the automated backups first, then the snapshots."""
    ours = [row for row in snapshots if ownership_of(row.tags) == owner]
    rows: list[Left] = [*_ours(backups, ours, owner), *ours]
    alive = {name: living(name) for name in {row.database for row in rows}}
    rows = [row for row in rows if isinstance(row, AutomatedBackups) or _is_gone(row, alive[row.database])]
    rows.sort(key=lambda row: (row.database, row.resource_id))
    return Rows.of(COLUMNS, map(_row, rows))


def _ours(
    backups: Iterable[AutomatedBackups], ours: Sequence[DatabaseSnapshot], owner: Ownership
) -> list[AutomatedBackups]:
    known = {row.database for row in ours}
    return [row for row in backups if ownership_of(row.tags) == owner or (not row.tags and row.database in known)]


def _is_gone(row: DatabaseSnapshot, living: str) -> bool:
    """Whether the cluster of the snapshot is another one than that with the id, which has its identifier now."""
    return not living or (row.resource_id or living) != living


def _row(row: Left) -> tuple[str | None, ...]:
    if isinstance(row, AutomatedBackups):
        return (
            row.database,
            row.resource_id,
            "automated backups",
            "",
            listed_time(row.restorable_from),
            listed_time(row.restorable_to),
        )
    return (row.database, row.resource_id, f"{row.type} snapshot", row.identifier, None, listed_time(row.created))


def plan(found: Remains, at: datetime | None, now: datetime, *, latest: bool, local: bool) -> RestorePlan:
    """Which of the two is restored, and why: with a time the backups, else the one that reaches further.

    Raises InputError for a time that is not in the backups, or where there are none.
    """
    backups, snapshot = found.backups, found.snapshot
    if at or latest:
        if backups is None:
            assert snapshot is not None
            when = f"{snapshot.identifier} of {time_text(snapshot.created)}"
            raise InputError(
                f"{found.cluster} left no automated backups, so no time can be chosen: without --at and --latest its "
                f"snapshot {when} is restored"
            )
        return _with(at_time(backups, at, now, local=local), found, "its automated backups, as a time was asked for")
    if backups is None or (snapshot and _reaches(snapshot) > _reaches(backups)):
        assert snapshot is not None
        window = f"{time_text(backups.restorable_from)} to {time_text(backups.restorable_to)}" if backups else ""
        why = f"later than its automated backups reach ({window}), which --at and --latest restore" if window else ""
        return _with(from_snapshot(snapshot, now), found, f"its last snapshot{', ' if why else ''}{why}")
    why = f"they reach further than its last snapshot {snapshot.identifier}" if snapshot else "it left no snapshot"
    return _with(at_time(backups, None, now, local=local), found, f"its automated backups: {why}")


def _with(made: RestorePlan, found: Remains, chosen: str) -> RestorePlan:
    others = f"; of that name were also {', '.join(found.older)}" if found.older else ""
    return replace(made, lines=(f"{found.cluster} comes from {chosen}{others}", *made.lines))


def _is(row: Left, cluster: str) -> bool:
    """RDS compares neither identifiers nor resource ids by case."""
    return cluster.casefold() in {row.database.casefold(), row.resource_id.casefold()}


def _reaches(row: Left) -> datetime:
    found = row.restorable_to if isinstance(row, AutomatedBackups) else row.created
    return found or _EARLIEST


def _nothing(
    cluster: str,
    rows: Iterable[Left],
    owner: Ownership,
    living: Callable[[str], str],
) -> str:
    names = ", ".join(name for name in sorted({row.database for row in rows}) if not living(name)) or "none"
    return (
        f"a deleted cluster {cluster} left neither automated backups nor a snapshot with the tags of {owner}; deleted "
        f"clusters that did: {names}. Look into AWS Backup and other regions and accounts: RDS here has nothing of it"
    )
