"""The SQL that cuts a new branch off from production, before anything else is run on it.

A clone brings everything that the source has: roles with their passwords, subscriptions that would receive its
changes, jobs that would run, and passwords of foreign servers that would be written to.
"""

from __future__ import annotations

from aurora_cfn.model.rows import Database, Rows
from aurora_cfn.operate.access.mysql_roles import user
from aurora_cfn.ports import DataApi
from aurora_cfn.sql.run import in_transaction

# Superusers, and roles of RDS and of PostgreSQL itself, cannot be changed by the master user.
_LOGINS = r"""
do $do$
declare one record;
begin
  for one in select rolname from pg_roles
    where rolcanlogin and not rolsuper and rolname <> current_user and rolname !~ '^(rds|pg_)'
  loop execute format('alter role %I with nologin password null', one.rolname); end loop;
end $do$
"""
# `drop subscription` cannot run in a transaction, and would drop the slot in production.
_SUBSCRIPTIONS = """
do $do$
declare one record;
begin
  for one in select s.subname from pg_subscription s join pg_database d on d.oid = s.subdbid
    where d.datname = current_database() and s.subenabled
  loop execute format('alter subscription %I disable', one.subname); end loop;
end $do$
"""
_MAPPINGS = """
do $do$
declare one record;
begin
  for one in select srvname, usename from pg_user_mappings
  loop execute format('drop user mapping if exists for %s server %I',
    case when one.usename = 'public' then 'public' else quote_ident(one.usename) end, one.srvname);
  end loop;
end $do$
"""
_JOBS = """
do $do$
begin
  if to_regclass('cron.job') is not null then execute 'update cron.job set active = false where active'; end if;
end $do$
"""
POSTGRESQL = (_SUBSCRIPTIONS, _MAPPINGS, _JOBS)

# What RDS and MySQL made themselves begins with these, and is not touched. MariaDB, which the emulator runs, has no
# column account_locked, and a role of it no host.
_ACCOUNTS = r"""
select user, host from mysql.user
where super_priv = 'N' and user not like 'rds%' and user not like 'mysql.%' and user not like 'AWS\_%'
  and user <> '' and host <> '' and concat(user, '@', host) <> current_user()
"""
_EVENTS = "select event_schema, event_name from information_schema.events where status = 'ENABLED'"


def isolate(api: DataApi, database: Database, *, keep_logins: bool = False) -> None:
    """Switch off the roles, subscriptions, foreign passwords and jobs of the source.

    PostgreSQL does it in one transaction; statements of MySQL commit by themselves. `keep_logins` leaves the roles.
    Raises SqlError where the master user may not do it.
    """
    if database.engine == "mysql":
        off = _disabled(api.execute(database, _EVENTS))
        if not keep_logins:
            # MySQL takes no parameters in `alter user`.
            accounts = api.execute(database, _ACCOUNTS).rows
            off += [f"alter user {user(str(name), str(host))} account lock" for name, host in accounts]
        for statement in off:
            api.execute(database, statement)
        return
    with in_transaction(api, database) as opened:
        # The logins last: if one may not be changed, all that was done before is rolled back with it.
        for statement in (*POSTGRESQL, *(() if keep_logins else (_LOGINS,))):
            api.execute(database, statement, transaction=opened)


def _disabled(rows: Rows) -> list[str]:
    names = ("`.`".join(str(part).replace("`", "``") for part in row) for row in rows.rows)
    return [f"alter event `{name}` disable" for name in names]
