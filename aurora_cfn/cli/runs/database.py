"""The database of an environment, for `sql` and `connect` and for the query at the end of a deployment."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.client_target import as_client, environment_target, shown_with_others
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import info, write_stderr
from aurora_cfn.cli.terminal.prompt import can_redraw, is_terminal
from aurora_cfn.errors import DENIED, NO_DATA_API, AwsError, InputError, suppress_codes
from aurora_cfn.model.resource_types import DSQL_ADMIN
from aurora_cfn.model.rows import Credentials, Database
from aurora_cfn.model.stack import Stack
from aurora_cfn.ports import DataApi
from aurora_cfn.sql.find_database import DatabaseFinder, Wanted, data_api_database
from aurora_cfn.sql.stack_databases import StackDatabases, engine_in, may_have_database, only_cluster

if TYPE_CHECKING:
    from aurora_cfn.aws.session import Session


EVERY = 5
"""Seconds between two lines about a wait, where a line cannot be redrawn."""
ADVICE = "databases here have no public address: run this where the network reaches it, such as on the VPN"


class DatabaseAccess:
    """The databases of one environment; while a paused one resumes, a line on standard error says so."""

    def __init__(self, target: Target, *, max_wait: float | None = None) -> None:
        """Nothing is called yet; a statement waits at most `max_wait` seconds for a paused database."""
        self.target = target
        self._max_wait = max_wait

    @classmethod
    def of(cls, env: str, aws: AwsOptions, *, max_wait: float | None = None) -> DatabaseAccess:
        """The databases of an environment that is only looked at. Raises InputError for everything wrong in it."""
        return cls(environment_target(env, aws, deployable=False), max_wait=max_wait)

    def database(
        self, stack: str | None, resource: str | None = None, *, over_the_wire: bool = False, login: bool = True
    ) -> Database:
        """The database of the stack, or the only one. Raises InputError when there is none, or several.

        Of a client in a pool it is the client's own, with the secret of the client, or without `login` of the master.
        """
        found = self._finder.find(Wanted(stack, resource, over_the_wire))
        return as_client(self.target, found, login=login) if self.target.environment.aliases else found

    def one_in_rds(self, stack: str | None, resource: str | None = None) -> Database:
        """The one cluster or instance that is meant. Raises InputError when there is none, or several."""
        return self._finder.find(Wanted(stack, resource, by_resource=True))

    def in_rds(self, stack: str | None, resource: str | None = None) -> Sequence[Database]:
        """The clusters and instances of the environment, or of the stack, with their identifiers in RDS.

        Raises InputError when there is none.
        """
        shown_with_others(self.target)
        return self._finder.find_all(Wanted(stack, resource, by_resource=True))

    @cached_property
    def _finder(self) -> DatabaseFinder:
        templates = self.target.templates
        found = _stack_databases(self.target)
        return DatabaseFinder(
            self.target.environment,
            found.cloudformation,
            found.of,
            lambda row: may_have_database(templates.text(row.template)),
            lambda row: engine_in(templates.text(row.template)),
        )

    def credentials(self, database: Database, role: str = "") -> Credentials:
        """The user and password in the secret of the database, or an IAM token: for a role, and for DSQL.

        Raises InputError when it has no secret, AwsError when AWS refuses.
        """
        from aurora_cfn.aws.dsql import AwsDsql
        from aurora_cfn.aws.secrets import AwsLoginTokens, AwsSecrets

        if database.signed:
            return AwsDsql(self.target.session).credentials(database.host, role or DSQL_ADMIN)
        if role:
            return AwsLoginTokens(self.target.session).credentials(database.host, database.port, role)
        if not database.secret_arn:
            what = f"no secret is attached to {database.resource or 'the database'} of {database.stack}"
            raise InputError(f"{what}: connect with a client of your own, at {database.host}:{database.port}")
        return AwsSecrets(self.target.session).credentials(database.secret_arn)

    def api(self, database: Database) -> DataApi:
        """What runs statements on the database: the Data API, else a direct connection, with a line that says so."""
        if database.has_data_api:
            return self.data_api
        info(f"{database.stack} has no Data API: connecting to {database.host}:{database.port}")
        return self.wire(database)

    def wire(self, database: Database, role: str = "") -> DataApi:
        """A direct connection, opened with the first statement; with an IAM token for `role` if one is given."""
        from aurora_cfn.aws.wire_mysql import MySqlDriver
        from aurora_cfn.aws.wire_postgres import PostgresDriver
        from aurora_cfn.aws.wire_sql import WireSql, encryption_context
        from aurora_cfn.cli.runs.database_client import certificate_places, encryption

        bundle = encryption(None, certificate_places(self.target, database), elsewhere=False).bundle
        driver = MySqlDriver() if database.engine == "mysql" else PostgresDriver()
        return WireSql(driver, lambda row: self.credentials(row, role), encryption_context(bundle), ADVICE)

    @cached_property
    def data_api(self) -> DataApi:
        """The Data API, which waits while a paused database resumes."""
        return waking_data_api(self.target.session, WakingLine(), self._max_wait)


class WakingLine:
    """`waking up (7 s)`: redrawn every second on a terminal, else a line every few seconds."""

    def __init__(self) -> None:
        self._live = is_terminal(sys.stderr) and can_redraw()
        self._shown = False
        # So that the first call writes a line.
        self._last = -EVERY

    def __call__(self, seconds: int) -> None:
        """Show how long the wait has lasted."""
        if self._live:
            write_stderr(f"\rwaking up ({seconds} s)", nl=False)
            self._shown = True
        elif seconds >= self._last + EVERY:
            write_stderr(f"waking up ({seconds} s)")
            self._last = seconds

    def close(self) -> None:
        """Remove the line; the next wait begins with a new one."""
        if self._shown:
            write_stderr("\r\x1b[K", nl=False)
        self._shown, self._last = False, -EVERY


def waking_data_api(session: Session, line: WakingLine | None, max_wait: float | None = None) -> DataApi:
    """The Data API over that session; `line` is shown while a paused database resumes."""
    from aurora_cfn.aws.clock import SystemClock
    from aurora_cfn.aws.data_api import AwsDataApi
    from aurora_cfn.sql.resuming import MAX_WAIT, RETRY_AFTER, RETRY_NEAR, ResumingDataApi

    retry_after = RETRY_NEAR if session.connection.endpoint_url else RETRY_AFTER
    most = MAX_WAIT if max_wait is None else max_wait
    return ResumingDataApi(AwsDataApi(session), SystemClock(), line, max_wait=most, retry_after=retry_after)


def deployed_databases(place: Target, key: str, stack: Stack) -> Sequence[Database]:
    """The databases of the stack of that key, by its resources, so also those that no output names.

    The outputs are taken instead where they name the only database of the template, which saves three calls and the
    client of RDS, and where the resources may not be listed.
    """
    entry = place.environment.entry(key)
    if not may_have_database(place.templates.text(entry.template)):
        return ()
    cluster, named = only_cluster(place.templates[entry.template].template), data_api_database(stack)
    if cluster and named:
        return (replace(named, resource=cluster),)
    with suppress_codes(DENIED):
        return databases_in(place, stack)
    return (named,) if named else ()


def databases_in(place: Target, stack: Stack) -> Sequence[Database]:
    """The databases of a stack by its resources, in the order of its template."""
    return _stack_databases(place).of(stack)


def _stack_databases(place: Target) -> StackDatabases:
    from aurora_cfn.aws.cloudformation import AwsCloudFormation
    from aurora_cfn.aws.dsql import AwsDsql

    # Its names are used and not shown: no template is read for those that must be masked.
    session = place.session
    return StackDatabases(AwsCloudFormation(session, place.secret_ids.seen), place.databases, AwsDsql(session))


def prove_databases(session: Session, found: Mapping[str, Sequence[Database]], *, as_json: bool = False) -> None:
    """Run `select 1` through the Data API of each database that has it, with a line on stderr; by the keys of stacks.

    A database whose Data API is off is left out. Raises AwsError where one refuses or does not answer.
    """
    line = None if as_json else WakingLine()
    for key, databases in found.items():
        for database in databases:
            if database.has_data_api:
                _prove(waking_data_api(session, line), key, database, as_json=as_json)


def _prove(api: DataApi, key: str, database: Database, *, as_json: bool) -> None:
    from aurora_cfn.aws.clock import SystemClock
    from aurora_cfn.report.events import log_json
    from aurora_cfn.sql.resuming import STATEMENT, prove

    try:
        seconds = prove(api, database, SystemClock())
    except AwsError as error:
        # The outputs of a stack are the same with the Data API switched off.
        if error.code == NO_DATA_API:
            return
        which = f"its database {database.resource}" if database.resource else "its database"
        what = f"{database.stack} is deployed, but `select 1` on {which} failed: {error}"
        raise AwsError(f"{what}\n  --no-proof leaves this out", code=error.code) from error
    which = f" ({database.resource})" if database.resource else ""
    text = f"{database.stack}{which}: {STATEMENT} through the Data API answered in {seconds:.1f} s"
    write_stderr(log_json("proof", key, {"seconds": round(seconds, 3)}) if as_json else text)
