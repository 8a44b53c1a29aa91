"""Where the data of a restored database come from, which writes it will miss, and how it compares with the original."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from aurora_cfn.errors import InputError, SqlError
from aurora_cfn.facts.versions import read_version
from aurora_cfn.model.database_copy import CopySource
from aurora_cfn.model.rds_database import AutomatedBackups, Cluster, DatabaseSnapshot
from aurora_cfn.model.rows import Database, Rows
from aurora_cfn.ports import DataApi
from aurora_cfn.report.text import duration
from aurora_cfn.sql.run import rolled_back

REFUSED = "refused: "
"""What the answer to a statement that the database refuses begins with."""
NO_HISTORY = "the emulator keeps no history: restore --latest, or a snapshot that was taken before"


@dataclass(frozen=True, slots=True)
class RestorePlan:
    """The source of the copy, and lines that say which time the data are of and which writes will be missing."""

    source: CopySource
    lines: tuple[str, ...]
    version: str = ""
    """The engine version of a snapshot, which RDS restores into no older one; empty for any other source."""


def at_time(of: Cluster | AutomatedBackups, at: datetime | None, now: datetime, *, local: bool) -> RestorePlan:
    """The cluster, or the backups of a deleted one, as it was at that time, or at the latest time without one.

    Raises InputError for a time outside of what RDS can restore, and in the emulator for any time but the latest.
    """
    first, last = of.restorable_from, of.restorable_to
    if isinstance(of, Cluster):
        source, name = CopySource(cluster=of.identifier), of.identifier
    else:
        source, name = CopySource(backups=of.resource_id), f"{of.database} ({of.resource_id}, deleted)"
    window = f"{name} can be restored from {time_text(first)} to {time_text(last)}"
    if at is None:
        # The latest time is usually within the last five minutes (Aurora user guide, "Restoring to a point in time").
        late = f"{window}; asked: the latest, about {_since(last, now)} ago" if last else window
        return RestorePlan(source, (late, _missing("that time")))
    if at > now:
        raise InputError(f"{time_text(at)} is in the future; {window}")
    if local:
        raise InputError(f"{NO_HISTORY}; asked: {time_text(at)}")
    if (first and at < first) or (last and at > last):
        raise InputError(f"{window}; asked: {time_text(at)}")
    source = replace(source, to_time=at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    return RestorePlan(source, (f"{window}; asked: {time_text(at)}", _missing(f"the last {_since(at, now)}")))


def from_snapshot(snapshot: DatabaseSnapshot, now: datetime) -> RestorePlan:
    """The data of the snapshot. Raises InputError for one that is not available, or not of a cluster."""
    if snapshot.kind != "db-cluster":
        raise InputError(f"{snapshot.identifier} is a snapshot of an instance: restore-db-instance-from-db-snapshot")
    if snapshot.status != "available":
        raise InputError(f"the snapshot {snapshot.identifier} is {snapshot.status}: it cannot be restored yet")
    taken = f"{snapshot.identifier} of {snapshot.database} was taken at {time_text(snapshot.created)}"
    lost = _missing(f"the last {_since(snapshot.created, now)}" if snapshot.created else "that time")
    return RestorePlan(CopySource(snapshot=snapshot.identifier), (taken, lost), snapshot.version)


def check_fits(data: AutomatedBackups | DatabaseSnapshot, engine: str, key: str) -> None:
    """Raise InputError for data that RDS restores into no cluster of the template.

    `engine` is postgresql or mysql, as the template has it, and `key` the value of its KmsKeyId.
    """
    name = data.identifier if isinstance(data, DatabaseSnapshot) else f"the backups of {data.database}"
    # RDS instances are `postgres`, clusters `aurora-postgresql`.
    if data.engine and engine and engine not in data.engine.replace("postgres", "postgresql"):
        raise InputError(f"{name}: the engine is {data.engine}, and the template's is {engine}: name another --stack")
    if not (data.encrypted or key):
        what = f"{name}: the data are not encrypted, and the template encrypts, for which RDS wants a key"
        raise InputError(f"{what}: write `KmsKeyId`, such as alias/aws/rds, under the parameters of the stack")


def newer_version(engine: str, data: str, stack: str) -> str:
    """The version of the data where the stack's is older, which RDS refuses; else empty.

    RDS upgrades minor versions by itself, so a stack may name an older one than its database has.
    """
    old, new = read_version(f"aurora-{engine}", stack), read_version(f"aurora-{engine}", data)
    if old is None or new is None or old.numbers >= new.numbers[: len(old.numbers)]:
        return ""
    return data


def _missing(time: str) -> str:
    verb = "of" if time.startswith("the last") else "after"
    return f"the copy will not have the writes {verb} {time}"


def _since(at: datetime | None, now: datetime) -> str:
    return duration(max(0, (now - at).total_seconds())) if at else "an unknown time"


def time_text(at: datetime | None) -> str:
    """`2026-11-28 13:55:00 UTC`."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if at else "an unknown time"


def answers(api: DataApi, database: Database, statements: Iterable[str]) -> list[str]:
    """The answer of each statement in one line; nothing that the statements write is kept. Raises AwsError.

    A statement that the database refuses is answered with the reason: a table that was dropped is only in the copy. On
    PostgreSQL they run in a read-only transaction; the Data API has none for MySQL, where it is rolled back.
    """
    found = []
    for statement in statements:
        with rolled_back(api, database) as opened:
            try:
                if database.engine == "postgresql":
                    api.execute(database, "set transaction read only", transaction=opened)
                found.append(one_line(api.execute(database, statement, transaction=opened)))
            except SqlError as error:
                found.append(f"{REFUSED}{error}")
    return found


def one_line(rows: Rows) -> str:
    """The values of a single row, else how many rows there are."""
    if len(rows.rows) == 1:
        return ", ".join("NULL" if cell is None else str(cell) for cell in rows.rows[0])
    return f"{len(rows.rows)} rows"


def compared(
    original: Database | None, copy: Database, checks: Sequence[str], answered: Sequence[tuple[str, str]] = ()
) -> Rows:
    """Original and copy side by side: stack, cluster, endpoint, secret, and the answers to the `checks` of both.

    An original that was deleted is None.
    """
    rows = zip(_facts(original) if original else [""] * len(_FACTS), _facts(copy), strict=True)
    facts = [(name, mine, other) for name, (mine, other) in zip(_FACTS, rows, strict=True)]
    facts += [(check, mine, other) for check, (mine, other) in zip(checks, answered, strict=True)]
    return Rows.of(("what", "original", "copy"), facts)


_FACTS = ("stack", "cluster", "host", "port", "database", "secret")


def _facts(row: Database) -> list[str]:
    return [row.stack, row.identifier, row.host, str(row.port), row.name, row.secret_arn]
