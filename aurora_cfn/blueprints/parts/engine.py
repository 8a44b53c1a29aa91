"""What differs between the database engines, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aurora_cfn.facts import read_facts
from aurora_cfn.facts.reserved_words import reserved_databases, reserved_prefixes, reserved_users


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


def _engine(name: str) -> Engine:
    """The engine of that name; facts/template_engines.json says where its versions come from."""
    row = read_facts("template_engines")["engines"][name].items()
    more: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row}
    return Engine(
        name,
        reserved_databases=reserved_databases(name, avoided=True),
        reserved_users=reserved_users(name, avoided=True),
        reserved_prefixes=reserved_prefixes(name),
        **more,
    )


AURORA_POSTGRES, AURORA_MYSQL, RDS_POSTGRES = map(_engine, ("aurora-postgresql", "aurora-mysql", "postgres"))
