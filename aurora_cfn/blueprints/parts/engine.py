"""What differs between the database engines, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Engine:
    """An Aurora engine: its names, port, log types and the parameters that its cluster must run with.

    `versions` is the pattern of the versions that can scale to zero and serve the Data API, `oldest` the same in words.
    """

    name: str
    title: str
    port: int
    version: str
    versions: str
    oldest: str
    majors: tuple[str, ...]
    family_parts: int
    log_types: tuple[str, ...]
    reserved_databases: frozenset[str]
    reserved_users: frozenset[str]
    cluster_parameters: Mapping[str, str] = field(default_factory=dict)


# Reserved key words, PostgreSQL 17 manual, appendix C, and the databases that RDS keeps for itself (2026-11-20).
_POSTGRES_WORDS = """
all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate
collation column concurrently constraint create cross current_catalog current_date current_role current_schema
current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch
for foreign freeze from full grant group having ilike in initially inner intersect into is isnull join lateral
leading left like limit localtime localtimestamp natural not notnull null offset on only or order outer
overlaps placing primary references returning right select session_user similar some symmetric system_user
table tablesample then to trailing true union unique user using variadic verbose when where window with
"""

AURORA_POSTGRES = Engine(
    name="aurora-postgresql",
    title="Aurora PostgreSQL",
    port=5432,
    # 17.7 is the long-term support release of 17 (Aurora PostgreSQL release calendar, 2026-09).
    version="17.7",
    # Scaling to zero: 14.12, 15.7, 16.3 (Aurora user guide, auto-pause); Data API: 17.4 (guide, Data API regions).
    versions=r"^(14(\.(1[2-9]|2[0-9]))?|15(\.([7-9]|1[0-9]|2[0-9]))?|16(\.([3-9]|1[0-9]|2[0-9]))?"
    r"|17(\.([4-9]|1[0-9]|2[0-9]))?|18(\.[0-9]{1,2})?)$",
    oldest="14.12, 15.7, 16.3, 17.4, 18.3 or newer, or a major alone such as 17",
    majors=("14", "15", "16", "17", "18"),
    family_parts=1,
    log_types=("postgresql",),
    reserved_databases=frozenset({*_POSTGRES_WORDS.split(), "postgres", "rdsadmin", "template0", "template1"}),
    reserved_users=frozenset(
        {*_POSTGRES_WORDS.split(), "admin", "public", "rdsadmin", "rdsrepladmin", "rds_superuser"}
    ),
    cluster_parameters={"rds.force_ssl": "1"},
)
