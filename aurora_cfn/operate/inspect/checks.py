"""The checks in the order in which they are shown: the query of each, and what its rows mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from aurora_cfn.model.inspection import Grade
from aurora_cfn.model.rows import Rows
from aurora_cfn.operate.inspect import queries
from aurora_cfn.report.text import amount

MIB, GIB = 2**20, 2**30
LONG_TRANSACTION, ENDLESS_TRANSACTION = 300, 3600
"""Seconds: a transaction keeps its locks, and vacuum from removing any row that is newer than it."""
LONG_WAIT = 60
"""Seconds that a session waits for a lock: clients have usually given up by then."""
OLD, TOO_OLD = 500_000_000, 1_500_000_000
"""Transactions since rows were frozen: at 2 billion PostgreSQL refuses to write (Routine Vacuuming)."""
DEAD_ROWS, DEAD_SHARE = 10_000, 0.2
"""Twice what autovacuum lets be by default (autovacuum_vacuum_scale_factor is 0.1 in RDS), from a size that matters."""
FEW_BLOCKS = 100_000
"""Blocks below which a hit ratio says nothing: the cache is cold after a resume."""

Row: TypeAlias = Mapping[str, Any]
Verdict: TypeAlias = "tuple[Grade, str]"


@dataclass(frozen=True, slots=True)
class Server:
    """The major version, whether pg_stat_statements is created in the database, and since when statistics count."""

    major: int
    has_statements: bool = False
    counted_since: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One check; `statements` says that it reads pg_stat_statements."""

    name: str
    query: Callable[[Server], str]
    judge: Callable[[Sequence[Row], Server], Verdict]
    statements: bool = False


def as_rows(rows: Rows) -> list[Row]:
    """The rows as mappings from the names of their columns."""
    names = [column.name for column in rows.columns]
    return [dict(zip(names, row, strict=True)) for row in rows.rows]


def _blocking(rows: Sequence[Row], _server: Server) -> Verdict:
    if not rows:
        return "good", "no session waits for a lock of another one"
    worst = rows[0]
    who = f"pid {worst['pid']} ({worst['user']}, {worst['state']}) blocks {amount(worst['blocks'], 'session')}"
    waits = max(row["longest_wait_s"] or 0 for row in rows)
    return "bad" if waits >= LONG_WAIT else "warn", f"{who}, the longest for {waits} s: --kill {worst['pid']} ends it"


def _locks(rows: Sequence[Row], _server: Server) -> Verdict:
    waiting = [row for row in rows if not row["granted"]]
    if waiting:
        first = f"first {waiting[0]['mode']} by pid {waiting[0]['pid']}"
        return "warn", f"sessions wait for {amount(len(waiting), 'lock')}, {first}"
    return "good", f"no lock is waited for; {amount(len(rows), 'strong or advisory lock')} held"


def _sessions(rows: Sequence[Row], _server: Server) -> Verdict:
    longest = max(rows, key=lambda row: row["transaction_s"] or 0, default=None)
    seconds = longest["transaction_s"] or 0 if longest else 0
    if longest is None or seconds < LONG_TRANSACTION:
        return "good", f"{amount(len(rows), 'session')} at work, no transaction is older than {LONG_TRANSACTION} s"
    text = f"the transaction of pid {longest['pid']} ({longest['user']}, {longest['state']}) is {seconds} s old"
    return "bad" if seconds >= ENDLESS_TRANSACTION else "warn", f"{text}; vacuum cannot remove rows newer than it"


def _outliers(rows: Sequence[Row], _server: Server) -> Verdict:
    if not rows:
        return "note", "no statement is counted yet"
    return "note", f"{rows[0]['share']} % of the time is spent in: {rows[0]['query']}"


def _calls(rows: Sequence[Row], _server: Server) -> Verdict:
    return (
        "note",
        f"most often, {rows[0]['calls']} times: {rows[0]['query']}" if rows else "no statement is counted yet",
    )


def _tables(rows: Sequence[Row], _server: Server) -> Verdict:
    if not rows:
        return "note", "there is no table"
    return "note", f"the largest table is {rows[0]['table']}: {_size(rows[0]['total_bytes'])} with its indexes"


def _indexes(rows: Sequence[Row], server: Server) -> Verdict:
    invalid = [row for row in rows if not row["valid"]]
    if invalid:
        what = "invalid, left by a CREATE INDEX CONCURRENTLY that failed: drop it, and create it again"
        return "bad", f"{invalid[0]['index']} on {invalid[0]['table']} is {what}"
    # `needed`: a unique index guards its constraint also when no query reads it. Small ones are not worth a line.
    unused = [row for row in rows if not row["scans"] and not row["needed"] and row["bytes"] >= 100 * MIB]
    if unused:
        since = f" since {server.counted_since}" if server.counted_since else ""
        what = f"{unused[0]['index']} ({_size(unused[0]['bytes'])}) was not used{since} on this instance"
        return "warn", f"{what}; readers count for themselves, look there before you drop it"
    return "good", "no index is invalid, and none above 100 MiB is unused on this instance"


def _bloat(rows: Sequence[Row], _server: Server) -> Verdict:
    large = [row for row in rows if row["unused_bytes"] >= GIB and row["share"] >= 50]
    if large:
        what = f"about {_size(large[0]['unused_bytes'])} of {large[0]['table']} ({large[0]['share']} %) is unused"
        return "warn", f"{what}, estimated from its statistics"
    return "good", "no table is estimated to be more than half empty and 1 GiB too large"


def _vacuum(rows: Sequence[Row], _server: Server) -> Verdict:
    oldest = max(rows, key=lambda row: row["transactions"], default=None)
    if oldest and oldest["transactions"] >= OLD:
        what = f"{oldest['table']} was not frozen for {oldest['transactions']:,} transactions"
        grade: Grade = "bad" if oldest["transactions"] >= TOO_OLD else "warn"
        return grade, f"{what}; at 2 billion the database stops writing: vacuum (freeze) it"
    dead = [row for row in rows if row["dead"] >= DEAD_ROWS and row["dead"] > DEAD_SHARE * row["rows"]]
    if dead:
        what = f"{dead[0]['table']} has {dead[0]['dead']:,} dead rows beside {dead[0]['rows']:,}"
        return "warn", f"{what}, vacuumed: {dead[0]['vacuumed']}; a pause cancels a running autovacuum"
    return "good", "no table has many dead rows or old transactions"


def _cache(rows: Sequence[Row], _server: Server) -> Verdict:
    total = sum(row["hits"] + row["reads"] for row in rows)
    if total < FEW_BLOCKS:
        return "note", f"only {total:,} blocks were read since the statistics were reset: too few for a ratio"
    shares = {row["kind"]: 100 * row["hits"] / max(1, row["hits"] + row["reads"]) for row in rows}
    text = ", ".join(f"{share:.1f} % of {kind} blocks" for kind, share in shares.items())
    # By experience: a database whose data in use fit into memory has 99 % and more.
    low = shares["table"] < 90
    return "warn" if low else "good", f"{text} came from memory" + (": more capacity may help" if low else "")


def _roles(rows: Sequence[Row], _server: Server) -> Verdict:
    strong = [row["role"] for row in rows if "rds_superuser" in row["member_of"].split()]
    return "note", f"{amount(len(rows), 'role')} with a login; rds_superuser: {', '.join(strong) or 'none'}"


def _slots(rows: Sequence[Row], _server: Server) -> Verdict:
    unused = [row for row in rows if not row["active"]]
    if unused:
        what = f"slot {unused[0]['slot']} has no reader and keeps {_size(unused[0]['kept_bytes'])} of the log"
        return "bad", f"{what}: start its reader, or drop it with pg_drop_replication_slot"
    return "good", f"{amount(len(rows), 'replication slot')}, all read" if rows else "there is no replication slot"


def _size(count: int) -> str:
    return f"{count / GIB:.1f} GiB" if count >= GIB else f"{count / MIB:.1f} MiB"


CHECKS: Mapping[str, Check] = {
    check.name: check
    for check in (
        Check("blocking", lambda _: queries.BLOCKING, _blocking),
        Check("locks", lambda _: queries.LOCKS, _locks),
        Check("ps", lambda _: queries.SESSIONS, _sessions),
        Check("outliers", lambda server: queries.statements(server.major, by_calls=False), _outliers, statements=True),
        Check("calls", lambda server: queries.statements(server.major, by_calls=True), _calls, statements=True),
        Check("tables", lambda _: queries.TABLES, _tables),
        Check("indexes", lambda _: queries.INDEXES, _indexes),
        Check("bloat", lambda _: queries.BLOAT, _bloat),
        Check("vacuum", lambda _: queries.VACUUM, _vacuum),
        Check("cache", lambda _: queries.CACHE, _cache),
        Check("roles", lambda _: queries.ROLES, _roles),
        Check("slots", lambda _: queries.SLOTS, _slots),
    )
}
"""The checks by name."""
