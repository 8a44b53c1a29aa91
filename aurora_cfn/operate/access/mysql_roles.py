"""Users of MySQL: the statements that grant and drop them, and what is read before. Each statement is committed.

Users here are those of every host (`%`), as the endpoints of RDS are reached from changing addresses. MariaDB, which
may stand behind an emulated MySQL, lacks some columns and tables of MySQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aurora_cfn.errors import GuardError, InputError
from aurora_cfn.model.database_role import Grant, Holdings, RoleState, Step
from aurora_cfn.model.rows import Database, Rows
from aurora_cfn.operate.inspect.checks import as_rows
from aurora_cfn.ports import DataApi
from aurora_cfn.sqltext.quoting import mysql_literal, mysql_pattern

LONGEST = 32
"""Characters of a user's name (MySQL manual, "Account Names")."""
PLUGIN = "AWSAuthenticationPlugin"
_BY_TOKEN = f"identified with {PLUGIN} as 'RDS'"
_READS = "select, show view"
_WRITES = "select, show view, insert, update, delete, execute"
_WRITING = "'Y' in (p.Insert_priv, p.Update_priv, p.Delete_priv, p.Create_priv, p.Drop_priv, p.Alter_priv)"
_ACCESS = f"""case when u.Create_user_priv = 'Y' then 'administrator'
  when {_WRITING.replace("p.", "u.")} or exists (select 1 from mysql.db p where p.User = u.User and {_WRITING})
    or exists (select 1 from mysql.tables_priv t where t.User = u.User and t.Table_priv regexp 'Insert|Update|Delete')
    then 'read-write'
  when u.Select_priv = 'Y' or exists (select 1 from mysql.db p where p.User = u.User and p.Select_priv = 'Y')
    or exists (select 1 from mysql.tables_priv t where t.User = u.User) then 'read-only' else 'none' end"""
# Accounts of MySQL, MariaDB and RDS themselves, which no person logs in as.
_OF_ENGINE = "'rdsadmin', 'root', 'mysql.sys', 'mysql.session', 'mysql.infoschema', 'mariadb.sys', 'rdsrepladmin'"
_EXPIRES = """case when u.password_expired = 'Y' then 'expired' when u.password_lifetime > 0
  then cast(date_add(u.password_last_changed, interval u.password_lifetime day) as char) else '' end"""
LIST = f"""
select u.User as role, u.Host as host, {{login}} as login, u.plugin = '{PLUGIN}' as iam, {_ACCESS} as access,
  {{member_of}} as member_of,
  (select count(*) from information_schema.processlist s where s.USER = u.User) as sessions,
  {{expires}} as password_until
from mysql.user u
where u.User not in ({_OF_ENGINE}, '')
order by u.User, u.Host
"""
_MYSQL = {
    "login": "u.account_locked = 'N'",
    "member_of": "coalesce((select group_concat(e.FROM_USER separator ' ') from mysql.role_edges e "
    "where e.TO_USER = u.User and e.TO_HOST = u.Host), '')",
    "expires": _EXPIRES,
}
_MARIADB = {
    "login": "u.is_role = 'N'",
    "member_of": "coalesce((select group_concat(m.Role separator ' ') from mysql.roles_mapping m "
    "where m.User = u.User and m.Host = u.Host), '')",
    "expires": "case when u.password_expired = 'Y' then 'expired' else '' end",
}
# A left join: also without such a user there is a row, which says who asks.
USERS = f"""
select current_user() as me, u.Host as host, u.plugin = '{PLUGIN}' as iam, {_ACCESS} as access
from (select 1 as one) as always left join mysql.user u on u.User = {{role}}
"""
DEFINED = " union all ".join(
    f"select concat('{kind} ', {schema}, '.', {name}) as what from information_schema.{table} "
    # Without the host, which has no @ in it.
    "where left(definer, char_length(definer) - char_length(substring_index(definer, '@', -1)) - 1) = {role}"
    for kind, table, schema, name in (
        ("view", "views", "table_schema", "table_name"),
        ("routine", "routines", "routine_schema", "routine_name"),
        ("trigger", "triggers", "trigger_schema", "trigger_name"),
        ("event", "events", "event_schema", "event_name"),
    )
)
SESSIONS = "select ID as id from information_schema.processlist where USER = {role}"


@dataclass(frozen=True, slots=True)
class MysqlRoles:
    """The users of one server, read through the port DataApi; each method is for them what it is in PostgresRoles."""

    api: DataApi
    database: Database
    longest = LONGEST
    together = False

    def listed(self) -> Rows:
        version = str(self.api.execute(self.database, "select version()").rows[0][0])
        rows = self.api.execute(self.database, LIST.format(**(_MARIADB if "MariaDB" in version else _MYSQL)))
        # MySQL has no booleans: its comparisons are 0 and 1.
        flags = [column.name in {"login", "iam"} for column in rows.columns]
        cells = (
            tuple(bool(cell) if flag else cell for cell, flag in zip(row, flags, strict=True)) for row in rows.rows
        )
        return Rows(rows.columns, tuple(cells))

    def state(self, role: str) -> RoleState:
        rows = as_rows(self.api.execute(self.database, USERS.format(role=mysql_literal(role))))
        access = {str(row["access"]) for row in rows}
        me = str(rows[0]["me"]).partition("@")[0]
        if rows[0]["host"] is None:
            return RoleState(me)
        return RoleState(
            me, there=True, login=True, iam=all(row["iam"] for row in rows),
            writes=bool(access & {"read-write", "administrator"}), administrator="administrator" in access,
        )  # fmt: skip

    def grant_steps(self, grant: Grant, state: RoleState) -> Sequence[Step]:
        """The statements of the grant. Raises InputError for schemas, which MySQL does not have."""
        if grant.schemas != ("public",):
            raise InputError("MySQL has databases in place of schemas: name one with --database")
        name = mysql_literal(self.database.name)
        known = "select 1 as known from information_schema.schemata where schema_name = " + name
        if not self.api.execute(self.database, known).rows:
            raise InputError(f"there is no database {self.database.name}")
        # mysql.db keeps the name as it was granted: with backslashes before its wildcards, or, by other tools, without.
        mine = f"select 1 as granted from mysql.db where User = {mysql_literal(grant.role)} and Db in " + (
            f"({name}, {mysql_literal(mysql_pattern(self.database.name)[1:-1])})"
        )
        return grant_steps(grant, self.database.name, state, granted=bool(self.api.execute(self.database, mine).rows))

    def holdings(self, role: str) -> Holdings:
        """What runs with the rights of the user, and its sessions."""
        text = mysql_literal(role)
        owned = self.api.execute(self.database, DEFINED.format(role=text)).rows
        hosts = self.api.execute(self.database, f"select Host from mysql.user where User = {text}").rows
        sessions = self.api.execute(self.database, SESSIONS.format(role=text)).rows
        return Holdings(tuple(str(row[0]) for row in owned), len(sessions), hosts=tuple(str(row[0]) for row in hosts))

    def close_steps(self, role: str, holdings: Holdings) -> Sequence[Step]:
        return [Step(f"alter user {user(role, host)} account lock") for host in holdings.hosts]

    def end_sessions(self, role: str, _holdings: Holdings) -> int:
        rows = self.api.execute(self.database, SESSIONS.format(role=mysql_literal(role))).rows
        for row in rows:
            # RDS gives this procedure in place of KILL, which needs a right that the master user may not have.
            self.api.execute(self.database, f"call mysql.rds_kill({int(str(row[0]))})")
        return len(rows)

    def drop_steps(self, role: str, holdings: Holdings, reassign_to: str) -> Sequence[tuple[Database, Sequence[Step]]]:
        """The statements that drop the user. Raises GuardError for `reassign_to`."""
        if reassign_to:
            raise GuardError("MySQL cannot give views and routines to another user: create them again with its DEFINER")
        return [(self.database, [Step(f"drop user {user(role, host)}") for host in holdings.hosts])]


def user(name: str, host: str = "%") -> str:
    """An account: `'name'@'host'`."""
    return f"{mysql_literal(name)}@{mysql_literal(host)}"


def grant_steps(grant: Grant, database: str, state: RoleState, *, granted: bool) -> list[Step]:
    """The statements of a grant, which may be repeated; `granted`: the user has privileges on the database already."""
    account = user(grant.role)
    verb = "alter user" if state.there else "create user"
    hidden = "" if grant.iam else mysql_literal(grant.password)
    # A token is sent to the server as text, so only inside of TLS.
    proof = f"{_BY_TOKEN} require ssl" if grant.iam else f"identified by {hidden}"
    steps = [Step(f"{verb} {account} {proof}", hidden)]
    where = f"on {mysql_pattern(database)}.*"
    # MySQL refuses to revoke what was never granted (error 1141).
    if granted:
        steps.append(Step(f"revoke all privileges {where} from {account}"))
    return [*steps, Step(f"grant {_READS if grant.read_only else _WRITES} {where} to {account}")]
