"""Access of people and functions to a database: what is granted, who owns what, and whether a login is complete."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

PathState: TypeAlias = Literal["ok", "missing", "unknown"]


@dataclass(frozen=True, slots=True)
class Grant:
    """The privileges that a database role is to have, in one database and, on PostgreSQL, in some schemas of it.

    With `iam` an IAM token opens its sessions, else `password`. `principal` is the ARN of the IAM role or user that is
    to log in as it, which Aurora DSQL must know.
    """

    role: str
    read_only: bool = True
    iam: bool = True
    schemas: tuple[str, ...] = ("public",)
    principal: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One statement; `hidden` is the text in it that is not shown, such as a password."""

    sql: str = field(repr=False)
    hidden: str = field(default="", repr=False)

    def __str__(self) -> str:
        """The statement as it is shown."""
        return f"{self.sql.replace(self.hidden, '****') if self.hidden else self.sql};"


@dataclass(frozen=True, slots=True)
class Holdings:
    """What keeps a role from being dropped: `owned` objects by name, and its open `sessions`.

    `databases` are all databases of the server in which it owns or may do something; `principals` are the ARNs that
    log in as it on Aurora DSQL, `hosts` the hosts of the user on MySQL.
    """

    owned: tuple[str, ...] = ()
    sessions: int = 0
    databases: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleState:
    """A database role as it is; `me` is the user of the session. `iam`: it logs in with IAM tokens."""

    me: str
    there: bool = False
    login: bool = False
    iam: bool = False
    writes: bool = False
    administrator: bool = False
    principals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proxy:
    """An RDS Proxy before a database. `secrets` are the ARNs of the users it logs in as; `any_role`: by IAM, as any."""

    name: str
    arn: str
    secrets: tuple[str, ...] = ()
    any_role: bool = False

    @property
    def resource_id(self) -> str:
        """What policies for rds-db:connect name (`prx-...`)."""
        return self.arn.rpartition(":")[2]


@dataclass(frozen=True, slots=True)
class SecretState:
    """A secret without its value: `version` is the id of the version with the stage AWSCURRENT.

    `rotates`: a service or a rotation function can give it another value.
    """

    arn: str
    version: str
    rotates: bool = False


@dataclass(frozen=True, slots=True)
class PathPart:
    """One part of what a login needs."""

    what: str
    state: PathState
    detail: str
