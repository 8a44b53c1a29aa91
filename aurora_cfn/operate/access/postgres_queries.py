"""What is read of the roles of PostgreSQL 13 and later; the answers have only types that the Data API can return.

Texts in braces are SQL literals, names that came from the command line in quotes.
"""

from __future__ import annotations

# Without what extensions made (deptype e): these are not granted by users, and some are readable for everyone.
_TABLES = """select from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^(pg_|information_schema$)'
      and not exists (select from pg_depend e where e.objid = c.oid and e.deptype = 'e')"""
_WRITES = f"""(has_database_privilege(r.oid, current_database(), 'CREATE')
  or exists (select from pg_namespace s where s.nspname !~ '^(pg_|information_schema$)'
    and has_schema_privilege(r.oid, s.oid, 'CREATE'))
  or exists ({_TABLES} and has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')))"""
_READS = f"exists ({_TABLES} and has_table_privilege(r.oid, c.oid, 'SELECT'))"
_MEMBERS = "pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid"
# A user that may only grant rds_iam (a membership without INHERIT) logs in with a password; before PostgreSQL 16
# the catalog has no such column, and every membership inherits.
_IAM = f"""exists (select from {_MEMBERS} and g.rolname = 'rds_iam'
  and coalesce(to_jsonb(m) ->> 'inherit_option', 'true') = 'true')"""
_ADMINISTRATOR = f"""(r.rolsuper or r.rolcreaterole
  or exists (select from {_MEMBERS} and g.rolname = 'rds_superuser'))"""
LIST = f"""
select r.rolname::text as role, r.rolcanlogin as login, {_IAM} as iam,
  case when {_ADMINISTRATOR} then 'administrator' when {_WRITES} then 'read-write' when {_READS} then 'read-only'
    else 'none' end as access,
  coalesce((select string_agg(g.rolname::text, ' ' order by g.rolname) from {_MEMBERS}), '') as member_of,
  (select count(*) from pg_stat_activity a where a.usesysid = r.oid) as sessions,
  coalesce(r.rolvaliduntil::text, '') as password_until
from pg_roles r
where r.rolname !~ '^(pg_|rds)'
order by r.rolname
"""
"""The roles without those of the engine and of RDS; `access` is that to the tables of the database of the session."""
STATE = f"""
select current_user::text as me, r.oid is not null as there, coalesce(r.rolcanlogin, false) as login, {_IAM} as iam,
  coalesce({_WRITES}, false) as writes, coalesce({_ADMINISTRATOR}, false) as administrator
from (select 1) as one left join pg_roles r on r.rolname = {{role}}
"""
# Left joins: a schema without tables gives a row too, so that it differs from one that is missing.
OWNERS = """
select n.nspname::text as schema, coalesce(o.rolname::text, '') as owner,
  coalesce(pg_has_role(o.oid, 'USAGE'), true) as ours
from pg_namespace n
  left join pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    and not exists (select from pg_depend e where e.objid = c.oid and e.deptype = 'e')
  left join pg_roles o on o.oid = c.relowner
where n.nspname in ({schemas})
group by n.nspname, o.rolname, o.oid
order by n.nspname, o.rolname
"""
"""The owners of the tables of each schema; `ours`: the session has the privileges of the owner."""
OWNED = """
select coalesce(d.datname::text, '') as database, s.deptype::text as kind,
  case when d.datname is null or d.datname = current_database()
    then pg_describe_object(s.classid, s.objid, s.objsubid) else 'objects in database ' || d.datname end as what
from pg_shdepend s left join pg_database d on d.oid = s.dbid
where s.refclassid = 'pg_authid'::regclass and s.refobjid = (select oid from pg_roles where rolname = {role})
order by s.deptype, what
"""
"""What depends on a role, in all databases of the server: `o` is owned, any other kind a privilege."""
SESSIONS = "select count(*) as sessions from pg_stat_activity where usename = {role}"
END = """select count(pg_terminate_backend(pid)) as ended from pg_stat_activity
where usename = {role} and pid <> pg_backend_pid()"""
