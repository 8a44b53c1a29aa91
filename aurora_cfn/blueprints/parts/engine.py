"""What differs between the database engines, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aurora_cfn.facts.reserved import reserved_databases, reserved_prefixes, reserved_users


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine: its names, port, log types and the parameters that its databases always have.

    `versions` is the pattern of the versions that have all features of the template (on Aurora: scaling to zero and the
    Data API), `oldest` the same in words. A parameter group's family is the engine's name and the first `family_parts`
    parts of the version.
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
    reserved_prefixes: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    settings_purpose: str = "TLS for every connection"

    @property
    def major(self) -> str:
        """The major version of the default version, as EngineVersion takes it: `17`, `8.0`."""
        return ".".join(self.version.split(".")[: self.family_parts])


AURORA_POSTGRES = Engine(
    name="aurora-postgresql",
    title="Aurora PostgreSQL",
    port=5432,
    # 17.7 is the long-term support release of 17 (Aurora PostgreSQL release calendar, 2026-09).
    version="17.7",
    # Scaling to zero: 14.12, 15.7, 16.3 (Aurora user guide, auto-pause). Data API: 17.4, 18.3 (guide, Data API
    # regions; 18.3 is the first of 18).
    versions=r"^(14(\.(1[2-9]|2[0-9]))?|15(\.([7-9]|1[0-9]|2[0-9]))?|16(\.([3-9]|1[0-9]|2[0-9]))?"
    r"|17(\.([4-9]|1[0-9]|2[0-9]))?|18(\.([3-9]|1[0-9]|2[0-9]))?)$",
    oldest="14.12, 15.7, 16.3, 17.4, 18.3 or newer, or a major alone such as 17",
    majors=("14", "15", "16", "17", "18"),
    family_parts=1,
    log_types=("postgresql",),
    reserved_databases=reserved_databases("aurora-postgresql", avoided=True),
    reserved_users=reserved_users("aurora-postgresql", avoided=True),
    reserved_prefixes=reserved_prefixes("aurora-postgresql"),
    settings={"rds.force_ssl": "1"},
)

AURORA_MYSQL = Engine(
    name="aurora-mysql",
    title="Aurora MySQL",
    port=3306,
    # 3.10 is a long-term support release (Aurora MySQL release notes, long-term support releases, 2026).
    version="8.0.mysql_aurora.3.10.4",
    # Scaling to zero: 3.08.0 (Aurora user guide, auto-pause); Data API: 3.07 (guide, Data API regions).
    versions=r"^8\.0(\.mysql_aurora\.3\.(0[89]|1[0-9])\.[0-9]{1,2})?$",
    oldest="8.0.mysql_aurora.3.08.0 or newer, or the major alone: 8.0",
    majors=("8.0",),
    family_parts=2,
    log_types=("audit", "error", "general", "slowquery"),
    reserved_databases=reserved_databases("aurora-mysql", avoided=True),
    reserved_users=reserved_users("aurora-mysql", avoided=True),
    reserved_prefixes=reserved_prefixes("aurora-mysql"),
    settings={
        "general_log": "1",
        "log_output": "FILE",
        "require_secure_transport": "ON",
        "server_audit_events": "CONNECT,QUERY_DCL,QUERY_DDL",
        "server_audit_logging": "1",
        "slow_query_log": "1",
    },
    settings_purpose="TLS for every connection, and the logs that are exported",
)

RDS_POSTGRES = Engine(
    name="postgres",
    title="RDS PostgreSQL",
    port=5432,
    # A minor version in the middle of its life (list of engine versions, 2026-10).
    version="17.9",
    versions=r"^(14|15|16|17|18)(\.[0-9]{1,2})?$",
    oldest="a version of 14 to 18 such as 17.9, or a major alone such as 17",
    majors=("14", "15", "16", "17", "18"),
    family_parts=1,
    log_types=("postgresql", "upgrade"),
    reserved_databases=AURORA_POSTGRES.reserved_databases,
    reserved_users=AURORA_POSTGRES.reserved_users,
    reserved_prefixes=AURORA_POSTGRES.reserved_prefixes,
    settings={"rds.force_ssl": "1"},
)
