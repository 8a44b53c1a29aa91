"""A client of a pool: its claimed name, and its database and role in the shared cluster; each may be missing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PoolDatabase:
    """The role of a client, and whether its database of the same name is `there`.

    `size` is in bytes, `version` that of the migrations which it has, `limit` the connections that it may have.
    """

    client: str
    name: str
    there: bool
    version: str = ""
    size: int = 0
    sessions: int = 0
    limit: int = -1


@dataclass(frozen=True, slots=True)
class PoolClient:
    """One client: `region` is that of its database, else of its claim; `claimed` is the region in SSM, or empty."""

    name: str
    region: str
    claimed: str
    database: PoolDatabase | None

    @property
    def version(self) -> str:
        """The version of the migrations that its database has; empty before they all ran."""
        return self.database.version if self.database else ""
