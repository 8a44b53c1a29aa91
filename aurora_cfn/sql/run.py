"""Run statements through the Data API, each by itself or in one transaction, and wait for a paused cluster."""

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
    """The statements to run in order, the values of their placeholders, and options."""

    statements: Sequence[Statement]
    parameters: Sequence[SqlParameter] = ()
    transaction: bool = False
    past_timeout: bool = False
    path: str = ""


def run(api: DataApi, database: Database, script: Script) -> Generator[Rows, None, None]:
    """The result of each statement, when it has run.

    Raises InputError at the start if placeholders and parameters do not match, SqlError with the line of a failed
    statement and whether those before it were kept. A transaction is rolled back on an error, and if the caller closes
    the generator early.
    """
    check_used(script.statements, script.parameters)
    if not script.transaction:
        yield from results(api, database, script, None)
        return
    with in_transaction(api, database) as opened:
        yield from results(api, database, script, opened)


@contextmanager
def in_transaction(api: DataApi, database: Database) -> Iterator[str]:
    """The id of a transaction, committed at the end of the block and rolled back on an error."""
    opened = api.begin(database)
    try:
        yield opened
    except BaseException:
        with suppress(AwsError):  # the Data API itself rolls back a transaction after three minutes without a call
            api.rollback(database, opened)
        raise
    api.commit(database, opened)


def results(api: DataApi, database: Database, script: Script, opened: str | None) -> Iterator[Rows]:
    """The result of each statement, in the `opened` transaction if there is one. Raises SqlError with the line."""
    for done, statement in enumerate(script.statements):
        given = [row for row in script.parameters if row.name in statement.placeholders | statement.numbered]
        try:
            yield api.execute(
                database, statement.text, given, transaction=opened, past_timeout=script.past_timeout
            )  # fmt: skip
        except SqlError as error:
            what = f"{error}{_place(script, done, error)}{_before(script, done)}"
            raise SqlError(what, sqlstate=error.sqlstate, position=error.position, code=error.code) from error


def _place(script: Script, done: int, error: SqlError) -> str:
    """The line of the error; the database counts its position in the single statement that it was sent."""
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
    return f"\n  the statements before it were executed and stay so: {done} of {len(script.statements)}" if done else ""


RESUMING = "DatabaseResumingException"
MAX_WAIT = 120.0
"""Seconds. A resume takes about 15 s, and 30 s or more after a day of pause (Aurora user guide, read 2026-11)."""
RETRY_AFTER = 3
"""Seconds between two attempts."""

Answer = TypeVar("Answer")


class ResumingDataApi:
    """The port DataApi that repeats a call while the database resumes from its pause.

    Repeating is safe: AWS answers DatabaseResumingException before it runs the statement.
    """

    def __init__(
        self, api: DataApi, clock: Clock, on_wait: Callable[[int], None], *, max_wait: float = MAX_WAIT
    ) -> None:
        """Wrap `api`; `on_wait` gets the seconds waited, each second; AwsError after `max_wait` seconds."""
        self._api, self._clock, self._on_wait, self._max_wait = api, clock, on_wait, max_wait

    def execute(
        self,
        database: Database,
        sql: str,
        parameters: Sequence[SqlParameter] = (),
        *,
        transaction: str | None = None,
        past_timeout: bool = False,
    ) -> Rows:
        """The rows of one statement."""
        return self._retried(
            lambda: self._api.execute(
                database, sql, parameters, transaction=transaction, past_timeout=past_timeout
            )
        )  # fmt: skip

    def begin(self, database: Database) -> str:
        """The id of a new transaction."""
        return self._retried(lambda: self._api.begin(database))

    def commit(self, database: Database, transaction: str) -> None:
        """Commit the transaction."""
        self._retried(lambda: self._api.commit(database, transaction))

    def rollback(self, database: Database, transaction: str) -> None:
        """Roll back the transaction."""
        # Not repeated: it follows an error, which is to be raised at once.
        self._api.rollback(database, transaction)

    def _retried(self, call: Callable[[], Answer]) -> Answer:
        start = self._clock.monotonic()
        while True:
            try:
                return call()
            except AwsError as error:
                if error.code != RESUMING:
                    raise
                self._wait(start, error)

    def _wait(self, start: float, error: AwsError) -> None:
        for _ in range(RETRY_AFTER):
            waited = self._clock.monotonic() - start
            if waited >= self._max_wait:
                what = f"the database is still resuming after {waited:.0f} s: try again, or wait longer with --wait"
                raise AwsError(what, operation=error.operation, code=error.code) from error
            self._on_wait(int(waited))
            self._clock.sleep(min(1.0, self._max_wait - waited))


STATEMENT = "select 1"


@dataclass(frozen=True, slots=True)
class Proof:
    """A database that answered, and the seconds it took."""

    database: Database
    seconds: float

    def __str__(self) -> str:
        """One line for people."""
        which = f" ({self.database.resource})" if self.database.resource else ""
        return f"{self.database.stack}{which}: {STATEMENT} through the Data API answered in {self.seconds:.1f} s"


def prove(api: DataApi, database: Database, clock: Clock) -> Proof:
    """Run a statement on the database; with a ResumingDataApi, since a cluster may be paused.

    Raises AwsError if it is refused or has another result.
    """
    start = clock.monotonic()
    answer = api.execute(database, STATEMENT)
    if answer.rows != ((1,),):
        raise AwsError(f"{database.stack}: {STATEMENT} answered {answer.rows!r}", operation="ExecuteStatement")
    return Proof(database, clock.monotonic() - start)
