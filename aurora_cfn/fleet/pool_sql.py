"""The statements for clients of a pool, on PostgreSQL: each is one call of the Data API.

A role's comment says whose it is and which version its database has, so that no other place can disagree with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from aurora_cfn.model.database_role import Step
from aurora_cfn.model.ownership import Ownership
from aurora_cfn.operate.access.role_password import verifier
from aurora_cfn.sqltext.quoting import identifier, literal

LIST = """
select r.rolname::text as name, shobj_description(r.oid, 'pg_authid') as comment, d.oid is not null as there,
  case when d.oid is null then 0 else pg_database_size(d.oid) end as size, r.rolconnlimit as "limit",
  (select count(*) from pg_stat_activity a where a.usesysid = r.oid) as sessions
from pg_roles r left join pg_database d on d.datname = r.rolname
where shobj_description(r.oid, 'pg_authid') like '{"aurora-cfn"%'
order by 1
"""
TAKEN = """
select exists (select from pg_roles where rolname = {name}) or exists (select from pg_database where datname = {name})
"""
OPEN = """
select datname::text from pg_database d
where datallowconn and not datistemplate and pg_has_role(datdba, 'USAGE')
  and exists (select from aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
    where a.grantee = 0 and a.privilege_type in ('CONNECT', 'TEMPORARY'))
order by 1
"""
"""Databases of the master user and of clients that PUBLIC, and so each client, may connect to."""


def comment(owner: Ownership, fleet: str, client: str, version: str) -> str:
    """The comment of a client's role."""
    words = {"fleet": fleet, "client": client, "owner": f"{owner.project}/{owner.environment}", "version": version}
    return json.dumps({"aurora-cfn": words})


def read_comment(text: str, owner: Ownership, fleet: str) -> Mapping[str, str] | None:
    """What the comment says of the client; None where it is not of this fleet and owner."""
    try:
        words = json.loads(text)["aurora-cfn"]
    except (ValueError, KeyError, TypeError):
        return None
    known = isinstance(words, dict) and words.get("fleet") == fleet
    return words if known and words.get("owner") == f"{owner.project}/{owner.environment}" else None


def role_steps(name: str, text: str, limit: int) -> list[Step]:
    """The role of a new client, which logs in only when it has a password."""
    role = identifier(name)
    return [
        Step(f"create role {role} nologin connection limit {limit}"),
        # The master user is no superuser: without the membership it can give the role no database.
        Step(f"grant {role} to current_user"),
        comment_step(name, text),
    ]


def login_step(name: str, password: str) -> Step:
    """The role's login; the statement holds a verifier of the password, so that no log can have the password."""
    proof = verifier(password)
    return Step(f"alter role {identifier(name)} login password {literal(proof)}", proof)


def limit_step(name: str, limit: int) -> Step:
    """How many connections the role may have."""
    return Step(f"alter role {identifier(name)} connection limit {limit}")


def comment_step(name: str, text: str) -> Step:
    """The comment of the role."""
    return Step(f"comment on role {identifier(name)} is {literal(text)}")


def database_step(name: str) -> Step:
    """The client's database, which belongs to its role."""
    return Step(f"create database {identifier(name)} owner {identifier(name)}")


def close_step(database: str) -> Step:
    """Only the owner of the database, and roles that it was granted to, connect to it."""
    return Step(f"revoke connect, temporary on database {identifier(database)} from public")


def drop_steps(name: str) -> list[Step]:
    """No new session, then the end of the open ones together with the database."""
    role = identifier(name)
    return [Step(f"alter role {role} nologin"), Step(f"drop database if exists {role} with (force)")]
