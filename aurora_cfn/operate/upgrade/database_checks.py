"""Checks of the data before an upgrade, for PostgreSQL, made as those of `inspect` are: read only, 5 s a statement.

What pg_upgrade refuses: its own documentation (pgupgrade, "Notes") and the Aurora user guide, "Performing a major
version upgrade". What logical replication leaves out: "Limitations for blue/green deployments" in the same guide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from aurora_cfn.facts.blue_green import refused_extensions
from aurora_cfn.model.inspection import Grade, Inspected
from aurora_cfn.model.upgrade_plan import BLUE_GREEN, IN_PLACE, MethodName
from aurora_cfn.operate.inspect.checks import Check, Row, Server, Verdict
from aurora_cfn.report.text import amount

_OWN = "n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(temp|toast)'"
_TYPES = ("unknown", "regcollation", "regconfig", "regdictionary", "regnamespace", "regoper", "regoperator", "regproc",
          "regprocedure")  # fmt: skip
"""Types whose values are ids of system objects, which are others after pg_upgrade; regclass, regrole, regtype stay."""
# `limit`: three names are shown, and an answer of the Data API has at most 1 MiB.
PREPARED = "select gid::text as name, database::text, prepared::text as since from pg_prepared_xacts order by prepared"
SLOTS = """
select slot_name::text as name, coalesce(database::text, '') as database, active from pg_replication_slots
where slot_type = 'logical' order by slot_name
"""
COLUMNS = """
select n.nspname || '.' || c.relname || '.' || a.attname as name, t.typname::text as type
from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  join pg_type t on t.oid = a.atttypid
where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'm', 'i') and t.typname in ({types}) and {own}
order by 1 limit 100
"""
EXTENSIONS = """
select e.extname::text as name, e.extversion::text as installed, coalesce(a.default_version::text, '') as available
from pg_extension e left join pg_available_extensions a on a.name = e.extname order by 1
"""
# datconnlimit = -2 marks an interrupted DROP DATABASE (release notes of PostgreSQL 15.4); pg_upgrade refuses it.
DATABASES = """
select datname::text as name, datname = current_database() as this, datconnlimit = -2 as invalid from pg_database
where datname not in ('template0', 'template1', 'rdsadmin') order by 1
"""
# relreplident f (full) and i (an index) let updates be replicated without a primary key.
KEYLESS = """
select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and c.relpersistence = 'p' and c.relreplident not in ('f', 'i') and {own}
  and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)
order by 1 limit 100
"""
LARGE_OBJECTS = "select count(*) as count from pg_largeobject_metadata"
NOT_COPIED = """
select n.nspname || '.' || c.relname as name, case c.relkind when 'm' then 'materialized view' else 'unlogged table' end
  as kind from pg_class c join pg_namespace n on n.oid = c.relnamespace
where (c.relkind = 'm' or (c.relkind = 'r' and c.relpersistence = 'u')) and {own} order by 1 limit 100
"""
REPLICATION = """
select 'publication' as kind, pubname::text as name from pg_publication
union all
select 'subscription', subname::text from pg_subscription s join pg_database d on d.oid = s.subdbid
where d.datname = current_database() order by 1, 2
"""


def _names(rows: Sequence[Row], most: int = 3) -> str:
    names = [str(row["name"]) for row in rows]
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _none(good: str, noun: str, found: str, grade: Grade = "bad") -> Callable[[Sequence[Row], Server], Verdict]:
    """A verdict for a query whose rows, each a `noun`, should not be there; `{names}` and `{count}` stand for them."""

    def judge(rows: Sequence[Row], _server: Server) -> Verdict:
        return (grade, found.format(count=amount(len(rows), noun), names=_names(rows))) if rows else ("good", good)

    return judge


def _extensions(rows: Sequence[Row], _server: Server) -> Verdict:
    behind = [row for row in rows if row["available"] and row["installed"] != row["available"]]
    if not behind:
        return "good", f"{amount(len(rows), 'extension')}, none behind the version that comes with the server"
    names = ", ".join(f"{row['name']} {row['installed']} (there is {row['available']})" for row in behind)
    return "warn", f"behind: {names}; before a major upgrade: alter extension {behind[0]['name']} update"


def _refused(rows: Sequence[Row], _server: Server) -> Verdict:
    names = [row for row in rows if row["name"] in refused_extensions()]
    return ("bad", f"drop {_names(names)} first") if names else ("good", "no extension that prevents the replication")


def _databases(rows: Sequence[Row], _server: Server) -> Verdict:
    invalid = [row for row in rows if row["invalid"]]
    if invalid:
        return "bad", f"{_names(invalid)}: a DROP DATABASE was interrupted; drop it again"
    others = [row for row in rows if not row["this"]]
    if others:
        return "note", f"these checks are of one database; check the others too: {_names(others, 10)}"
    return "good", "there is one database, and these checks are of it"


def _large_objects(rows: Sequence[Row], _server: Server) -> Verdict:
    count = int(rows[0]["count"])
    text = f"large objects: {count:,}; an upgrade in place takes them along, logical replication does not"
    return ("warn", text) if count else ("good", "there is no large object")


def _columns(server: Server) -> str:
    # The format of aclitem changed with 16 (release notes of PostgreSQL 16, migration).
    types = (*_TYPES, *(("aclitem",) if server.major < 16 else ()))
    return COLUMNS.format(types=", ".join(f"'{name}'" for name in types), own=_OWN)


CHECKS: Mapping[Check, frozenset[MethodName]] = {
    Check("prepared", lambda _: PREPARED, _none(
        "no prepared transaction", "prepared transaction", "{count}: commit or roll back {names}")):
        frozenset({IN_PLACE}),
    Check("slots", lambda _: SLOTS, _none(
        "no logical replication slot", "logical replication slot", "{count}: stop the subscribers and drop {names}")):
        frozenset({IN_PLACE}),
    Check("types", _columns, _none(
        "no column of a type that pg_upgrade refuses",
        "column", "{count} of a type that pg_upgrade refuses, such as reg*: change {names}")):
        frozenset({IN_PLACE}),
    Check("databases", lambda _: DATABASES, _databases): frozenset({IN_PLACE}),
    Check("extensions", lambda _: EXTENSIONS, _extensions): frozenset(),
    Check("keys", lambda _: KEYLESS.format(own=_OWN), _none(
        "every table has a primary key or a replica identity",
        "table", "{count} without a primary key, whose updates logical replication refuses: {names}", "warn")):
        frozenset(),
    Check("objects", lambda _: LARGE_OBJECTS, _large_objects): frozenset(),
    Check("not copied", lambda _: NOT_COPIED.format(own=_OWN), _none(
        "no materialized view or unlogged table",
        "relation", "{count} not kept in step by logical replication (materialized views, unlogged tables): {names}",
        "warn")):
        frozenset(),
    Check("publishing", lambda _: REPLICATION, _none(
        "it neither publishes nor subscribes",
        "publication", "it publishes or subscribes by itself: remove {names} before a blue/green deployment")):
        frozenset({BLUE_GREEN}),
    Check("partners", lambda _: EXTENSIONS, _refused): frozenset({BLUE_GREEN}),
}  # fmt: skip
"""The checks in the order in which they are shown, each with the methods that its verdict `bad` prevents."""
_PREVENTS = {check.name: prevented for check, prevented in CHECKS.items()}


def blocked(found: Sequence[Inspected], method: MethodName) -> Iterator[str]:
    """The sentences of the checks that prevent the method."""
    for row in found:
        if row.grade == "bad" and method in _PREVENTS.get(row.name, ()):
            yield row.text
