"""Run statements through the Data API, one by one or in one transaction; a paused cluster is waited for."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

from aurora_cfn.errors import AwsError, SqlError
from aurora_cfn.model.rows import Database, Rows, SqlParameter
from aurora_cfn.ports import Clock, DataApi
from aurora_cfn.sql.parameters import check_used
from aurora_cfn.sql.split import Statement


@dataclass(frozen=True, slots=True)
class Script:
    """What to run: statements in order, values for their placeholders, and how."""

    statements: Sequence[Statement]
    parameters: Sequence[SqlParameter] = ()
    transaction: bool = False
    past_timeout: bool = False
    path: str = ""


def run(api: DataApi, database: Database, script: Script) -> Generator[Rows, None, None]:
    """The results one by one, as they come.

    Raises InputError before anything runs when placeholders and parameters do not match, and SqlError with the line
    and with what became of the statements before it. In a transaction everything is undone, also when the reader of
    the results stops reading.
    """
    check_used(script.statements, script.parameters)
    if not script.transaction:
        yield from _results(api, database, script, None)
        return
    with _transaction(api, database) as opened:
        yield from _results(api, database, script, opened)


@contextmanager
def _transaction(api: DataApi, database: Database) -> Iterator[str]:
    opened = api.begin(database)
    try:
        yield opened
    except BaseException:
        with suppress(AwsError):  # the service drops it by itself after three minutes
            api.rollback(database, opened)
        raise
    api.commit(database, opened)


def _results(api: DataApi, database: Database, script: Script, opened: str | None) -> Iterator[Rows]:
    for done, statement in enumerate(script.statements):
        given = [row for row in script.parameters if row.name in statement.placeholders | statement.numbered]
        try:
            yield api.execute(
                database, statement.text, given, transaction=opened, past_timeout=script.past_timeout
            )  # fmt: skip
        except SqlError as error:
            told = f"{error}{_place(script, done, error)}{_before(script, done)}"
            raise SqlError(told, sqlstate=error.sqlstate, position=error.position, code=error.code) from error


def _place(script: Script, done: int, error: SqlError) -> str:
    """Where it is; the position is the database's, in the text that it was sent."""
    statement, count = script.statements[done], len(script.statements)
    line = statement.line
    if error.position:
        line = statement.first_line + statement.text.count("\n", 0, error.position - 1)
    which = f", statement {done + 1} of {count}" if count > 1 else ""
    if script.path:
        return f"\n  at {script.path}:{line}{which}"
    return f"\n  at line {line}{which}" if count > 1 or line > 1 else ""


def _before(script: Script, done: int) -> str:
    if script.transaction:
        return "\n  everything was rolled back"
    return f"\n  what stands before it is done and stays so: {done} of {len(script.statements)}" if done else ""


RESUMING = "DatabaseResumingException"
MAX_WAIT = 120.0
"""Seconds. A resume takes about 15 s, and 30 s or more after a day of pause (Aurora user guide, 2026-11)."""
PACE = 3
"""Seconds between two attempts; the wait is told every second."""

Tell = Callable[[int], None]
Answer = TypeVar("Answer")


class ResumingDataApi:
    """A Data API that is asked again while the database resumes; `tell` hears the seconds waited so far.

    Asking again is safe: the service answers so before it has run anything.
    """

    def __init__(self, api: DataApi, clock: Clock, tell: Tell, *, max_wait: float = MAX_WAIT) -> None:
        """Wrap `api`; after `max_wait` seconds AwsError says that it still sleeps."""
        self._api, self._clock, self._tell, self._patience = api, clock, tell, max_wait

    def execute(
        self,
        database: Database,
        sql: str,
        parameters: Sequence[SqlParameter] = (),
        *,
        transaction: str | None = None,
        past_timeout: bool = False,
    ) -> Rows:
        """Run one statement, once the database is awake."""
        return self._awake(
            lambda: self._api.execute(
                database, sql, parameters, transaction=transaction, past_timeout=past_timeout
            )
        )  # fmt: skip

    def begin(self, database: Database) -> str:
        """Open a transaction, once the database is awake; its id."""
        return self._awake(lambda: self._api.begin(database))

    def commit(self, database: Database, transaction: str) -> None:
        """Keep what the transaction did."""
        self._awake(lambda: self._api.commit(database, transaction))

    def rollback(self, database: Database, transaction: str) -> None:
        """Undo what the transaction did."""
        self._api.rollback(database, transaction)

    def _awake(self, call: Callable[[], Answer]) -> Answer:
        start = self._clock.monotonic()
        while True:
            try:
                return call()
            except AwsError as error:
                if error.code != RESUMING:
                    raise
                self._wait(start, error)

    def _wait(self, start: float, error: AwsError) -> None:
        for _ in range(PACE):
            waited = self._clock.monotonic() - start
            if waited >= self._patience:
                what = f"the database is still waking up after {waited:.0f} s: try again, or wait longer with --wait"
                raise AwsError(what, operation=error.operation, code=error.code) from error
            self._tell(int(waited))
            self._clock.sleep(min(1.0, self._patience - waited))


STATEMENT = "select 1"


@dataclass(frozen=True, slots=True)
class Proof:
    """That a database answered, and after how many seconds."""

    database: Database
    seconds: float

    def __str__(self) -> str:
        """One line for a person."""
        return f"{self.database.stack}: {STATEMENT} through the Data API answered in {self.seconds:.1f} s"


def prove(api: DataApi, database: Database, clock: Clock) -> Proof:
    """Ask the database for a row; give a ResumingDataApi, since a cluster may be paused.

    Raises AwsError when it refuses or answers something else.
    """
    start = clock.monotonic()
    answer = api.execute(database, STATEMENT)
    if answer.rows != ((1,),):
        raise AwsError(f"{database.stack}: {STATEMENT} answered {answer.rows!r}", operation="ExecuteStatement")
    return Proof(database, clock.monotonic() - start)
