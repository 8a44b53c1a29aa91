"""Runs checks in a read-only transaction with a limit for each statement; ends a session by its process id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from aurora_cfn.errors import InputError, SqlError
from aurora_cfn.model.inspection import Inspected
from aurora_cfn.model.rows import Database, Rows, SqlParameter
from aurora_cfn.operate.inspect import queries
from aurora_cfn.operate.inspect.checks import Check, Server, as_rows
from aurora_cfn.ports import DataApi
from aurora_cfn.sql.run import rolled_back

LIMIT = "5s"
"""statement_timeout: a check must not be the load that it looks for."""

_NOT_CREATED = "pg_stat_statements is not created in {}: create extension pg_stat_statements"


def need_postgres(database: Database) -> None:
    """Raise InputError for a database whose catalogs the queries do not know."""
    if database.engine != "postgresql" or database.signed:
        other = "Aurora DSQL" if database.signed else "MySQL"
        raise InputError(f"inspect reads the catalogs of PostgreSQL, and {database.stack} is {other}")


@dataclass(frozen=True, slots=True)
class Inspector:
    """The checks of one database, of PostgreSQL (`need_postgres`)."""

    api: DataApi
    database: Database

    def results(self, checks: Sequence[Check]) -> Iterator[Inspected]:
        """The result of each check; one that fails is a note with the database's words, and the others continue."""
        left = list(checks)
        # A failed statement aborts its transaction: the checks after it are run in a new one.
        while left:
            with self._reading() as opened:
                server = self._server(opened)
                while left:
                    check = left.pop(0)
                    try:
                        yield self._result(check, server, opened)
                    except SqlError as error:
                        yield Inspected(check.name, "note", f"not read: {error}")
                        break

    def session(self, pid: int) -> Rows | None:
        """The client session of that process id, None if there is none; its last column is when it started."""
        with self._reading() as opened:
            found = self.api.execute(self.database, queries.SESSION.format(pid=pid), transaction=opened)
        return found if found.rows else None

    def terminate(self, pid: int, started: str) -> bool:
        """End the session that started then; False if it has ended already. Raises SqlError if it may not be ended."""
        given = [SqlParameter("started", started)]
        found = self.api.execute(self.database, queries.TERMINATE.format(pid=pid), given)
        return found.rows == ((True,),)

    def reset_statements(self) -> None:
        """Set the counters of pg_stat_statements for this database to 0. Raises InputError without the extension."""
        with self._reading() as opened:
            server = self._server(opened)
        if not server.has_statements:
            raise InputError(_NOT_CREATED.format(self.database.name))
        self.api.execute(self.database, queries.RESET)

    @contextmanager
    def _reading(self) -> Iterator[str]:
        with rolled_back(self.api, self.database) as opened:
            for setting in ("set transaction read only", f"set local statement_timeout = '{LIMIT}'"):
                self.api.execute(self.database, setting, transaction=opened)
            yield opened

    def _server(self, opened: str) -> Server:
        row = as_rows(self.api.execute(self.database, queries.SERVER, transaction=opened))[0]
        return Server(row["major"], row["has_statements"], row["counted_since"])

    def _result(self, check: Check, server: Server, opened: str) -> Inspected:
        if check.statements and not server.has_statements:
            return Inspected(check.name, "note", _NOT_CREATED.format(self.database.name))
        rows = self.api.execute(self.database, check.query(server), transaction=opened)
        return Inspected(check.name, *check.judge(as_rows(rows), server), rows)
