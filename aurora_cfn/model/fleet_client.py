"""Clients of a fleet: the claimed name, and the stack, or the database and role in a pool; each may be missing."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.model.stack import Stack

FLEET, CLIENT, VERSION = "aurora-cfn:fleet", "aurora-cfn:client", "aurora-cfn:version"
"""Tags of a client's stack: its fleet, its name, and the version of template and defaults that it was deployed with."""
OWN_PARAMETERS = "aurora-cfn:parameters"
"""Tag: the names of the parameters that were given for this client, with spaces between them."""


@dataclass(frozen=True, slots=True)
class FleetClient:
    """One client: `region` is that of its stack, else of its claim; `claimed` is the region in SSM, or empty."""

    name: str
    region: str
    claimed: str
    stack: Stack | None

    @property
    def version(self) -> str:
        """The version that its stack was deployed with."""
        return self.stack.tags.get(VERSION, "") if self.stack else ""

    @property
    def own_parameters(self) -> dict[str, str]:
        """The parameters that were given for this client, as they are deployed."""
        if self.stack is None:
            return {}
        names = self.stack.tags.get(OWN_PARAMETERS, "").split()
        return {name: self.stack.parameters[name] for name in names if name in self.stack.parameters}


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
