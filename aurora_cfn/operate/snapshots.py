"""Which snapshots an environment may share, copy and delete, and what their encryption permits."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from aurora_cfn.deploy.snapshots import identifier_with
from aurora_cfn.errors import GuardError, InputError
from aurora_cfn.model.ownership import Ownership, ownership_of
from aurora_cfn.model.rds_database import IDENTIFIER, LONGEST_IDENTIFIER, DatabaseSnapshot, EventSource
from aurora_cfn.model.rows import Database, Rows
from aurora_cfn.ports import Snapshots
from aurora_cfn.ports.surroundings import EncryptionKeys, SnapshotArchive

LONGEST: dict[EventSource, int] = {"db-cluster": LONGEST_IDENTIFIER, "db-instance": 255}
"""Characters of a snapshot's identifier at most (CreateDBClusterSnapshot, CreateDBSnapshot; API reference, 2026-11)."""
EVERYONE = "all"
COLUMNS = ("snapshot", "database", "type", "status", "created", "version", "encrypted", "resource")


def kind_of(database: Database) -> EventSource:
    """How RDS calls it. Raises InputError for Aurora DSQL, which has no snapshots in RDS."""
    if database.signed or not database.identifier:
        what = f"{database.resource or database.name} of {database.stack} is a cluster of Aurora DSQL"
        raise InputError(f"{what}, which RDS takes no snapshots of: AWS Backup does")
    return database.kind


def timed_name(database: str, now: datetime) -> str:
    """`orders-2026-11-28-140211`: a name that sorts by its time, in UTC."""
    return identifier_with(database, f"-{now:%Y-%m-%d-%H%M%S}")


def check_name(name: str, kind: EventSource) -> None:
    """Raise InputError for a name that RDS would refuse, with the rule."""
    if not IDENTIFIER.fullmatch(name) or len(name) > LONGEST[kind]:
        raise InputError(
            f"{name}: a snapshot's name has at most {LONGEST[kind]} letters, digits and single hyphens, begins with a "
            "letter and ends with none of the hyphens"
        )


def check_accounts(accounts: Iterable[str], *, removing: bool = False) -> None:
    """Raise InputError for what is no account id; GuardError for everyone, whose access may only be taken away."""
    for account in accounts:
        if account == EVERYONE and not removing:
            raise GuardError("`all` would let every AWS account restore the data: name the accounts")
        if account != EVERYONE and not re.fullmatch("[0-9]{12}", account):
            raise InputError(f"{account} is no account: an account id has twelve digits")


def find_snapshot(snapshots: Snapshots, name: str) -> DatabaseSnapshot:
    """The snapshot of that name, of a cluster or of an instance. Raises InputError when there is none, or both."""
    if not name:
        raise InputError("the name of the snapshot is empty")
    kinds: tuple[EventSource, ...] = ("db-cluster", "db-instance")
    found = [row for kind in kinds if (row := snapshots.snapshot(name, kind=kind))]
    if not found:
        raise InputError(f"there is no snapshot {name}; see: aurora-cfn snapshot list")
    if len(found) > 1:
        raise InputError(f"{name} is the name of a snapshot of a cluster and of one of an instance: use the AWS CLI")
    return found[0]


def is_ours(snapshot: DatabaseSnapshot, owner: Ownership, databases: Collection[str]) -> bool:
    """Whether its database is of the environment, by its tags and by `databases`.

    A database that is gone left its tags on its snapshots, where the template copies them.
    """
    return ownership_of(snapshot.tags) == owner or snapshot.database in databases


def check_ours(snapshot: DatabaseSnapshot, owner: Ownership, databases: Collection[str]) -> None:
    """Raise GuardError for the snapshot of a database that is not of the environment."""
    if is_ours(snapshot, owner, databases):
        return
    raise GuardError(f"{snapshot.identifier} is a snapshot of {snapshot.database}, which is not of {owner}")


def check_manual(snapshot: DatabaseSnapshot, verb: str) -> None:
    """Raise InputError for an automated snapshot, which can only be copied and restored."""
    if snapshot.type == "automated":
        raise InputError(
            f"{snapshot.identifier} is an automated snapshot, which cannot be {verb}: RDS deletes it by itself; "
            f"copy it first: aurora-cfn snapshot copy {snapshot.identifier} NAME"
        )


def check_shareable(snapshot: DatabaseSnapshot, keys: EncryptionKeys) -> None:
    """Raise InputError where the key is AWS's own: no other account can use it, so RDS does not share the snapshot."""
    if snapshot.key and keys.made_by_aws(snapshot.key):
        raise InputError(
            f"{snapshot.identifier} is encrypted with a key that AWS manages (aws/rds), which no other account can "
            "use. Copy it to a key of your own, then share the copy: "
            f"aurora-cfn snapshot copy {snapshot.identifier} NAME --kms-key KEY"
        )


def check_copy(snapshot: DatabaseSnapshot, key: str) -> None:
    """Raise InputError where RDS does not take a key: Aurora cannot encrypt a snapshot that is not encrypted."""
    if key and not snapshot.encrypted and snapshot.kind == "db-cluster":
        raise InputError(
            f"{snapshot.identifier} is not encrypted, and a copy of an Aurora snapshot stays as it is: restore it into "
            "an encrypted cluster instead"
        )


def sharing_advice(snapshot: DatabaseSnapshot, accounts: Sequence[str]) -> str:
    """What the other accounts need besides; empty where the snapshot is not encrypted."""
    if not snapshot.key or not accounts:
        return ""
    return (
        f"{', '.join(accounts)} also needs the key: allow kms:DescribeKey, kms:Decrypt and kms:CreateGrant to it in "
        f"the policy of {snapshot.key}. An encrypted snapshot that is shared is copied there, with a key of that "
        f"account, before it is restored: {snapshot.arn}"
    )


def listed(archive: SnapshotArchive, databases: Iterable[Database]) -> Rows:
    """The snapshots of the databases as rows; DSQL clusters have none."""
    rows = (
        _row(snapshot, database)
        for database in databases
        if not database.signed
        for snapshot in archive.snapshots_of(database.identifier, kind=kind_of(database))
    )
    return Rows.of(COLUMNS, rows)


def _row(snapshot: DatabaseSnapshot, database: Database) -> tuple[str | None, ...]:
    created = listed_time(snapshot.created)
    status = f"{snapshot.status} {snapshot.progress} %" if snapshot.status == "creating" else snapshot.status
    return (
        snapshot.identifier, snapshot.database, snapshot.type, status, created, snapshot.version,
        "yes" if snapshot.encrypted else "no", f"{database.stack}/{database.resource}",
    )  # fmt: skip


def listed_time(at: datetime | None) -> str | None:
    """`2026-11-28 13:55:00Z`, for a list; None for no time."""
    return f"{at:%Y-%m-%d %H:%M:%S}Z" if at else None
