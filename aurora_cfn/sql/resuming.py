"""Wait for a paused cluster, and the statements that prove that a database answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from aurora_cfn.errors import NO_DATA_API, RESUMING, AwsError
from aurora_cfn.model.rows import Database, Rows, SqlParameter
from aurora_cfn.ports import Clock, DataApi

MAX_WAIT = 120.0
"""Seconds. A resume takes about 15 s, and 30 s or more after a day of pause (Aurora user guide, read 2026-11)."""
RETRY_AFTER, RETRY_NEAR = 3, 1
"""Seconds between two attempts, and at an endpoint of --endpoint-url, which is usually an emulator."""

Answer = TypeVar("Answer")


class Waiting(Protocol):
    """What is shown during a wait."""

    def __call__(self, seconds: int, /) -> None:
        """The wait has lasted so long; called each second."""

    def close(self) -> None:
        """The call has ended, with or without a wait."""


class ResumingDataApi:
    """The port DataApi that repeats a call while the database resumes from its pause.

    Repeating is safe: AWS answers DatabaseResumingException before it runs the statement.
    """

    def __init__(
        self,
        api: DataApi,
        clock: Clock,
        waiting: Waiting | None = None,
        *,
        max_wait: float = MAX_WAIT,
        retry_after: int = RETRY_AFTER,
    ) -> None:
        """Wrap `api`; a call raises AwsError after `max_wait` seconds."""
        self._api, self._clock, self._waiting, self._max_wait = api, clock, waiting, max_wait
        self._retry_after = retry_after

    def execute(
        self,
        database: Database,
        sql: str,
        parameters: Sequence[SqlParameter] = (),
        *,
        transaction: str | None = None,
        past_timeout: bool = False,
    ) -> Rows:
        return self._retried(
            lambda: self._api.execute(
                database, sql, parameters, transaction=transaction, past_timeout=past_timeout
            )
        )  # fmt: skip

    def begin(self, database: Database) -> str:
        return self._retried(lambda: self._api.begin(database))

    def commit(self, database: Database, transaction: str) -> None:
        self._retried(lambda: self._api.commit(database, transaction))

    def rollback(self, database: Database, transaction: str) -> None:
        # Not repeated: it follows an error, which is to be raised at once.
        self._api.rollback(database, transaction)

    def _retried(self, call: Callable[[], Answer]) -> Answer:
        start = self._clock.monotonic()
        try:
            while True:
                try:
                    return call()
                except AwsError as error:
                    if error.code != RESUMING:
                        raise
                    self._wait(start, error)
        finally:
            if self._waiting:
                self._waiting.close()

    def _wait(self, start: float, error: AwsError) -> None:
        for _ in range(self._retry_after):
            waited = self._clock.monotonic() - start
            if waited >= self._max_wait:
                what = f"the database is still resuming after {waited:.0f} s: try again, or wait longer with --wait"
                raise AwsError(what, operation=error.operation, code=error.code) from error
            if self._waiting:
                self._waiting(int(waited))
            self._clock.sleep(min(1.0, self._max_wait - waited))


STATEMENT = "select 1"


def prove(api: DataApi, database: Database, clock: Clock) -> float:
    """The seconds in which the database answers a statement; with a ResumingDataApi, since a cluster may be paused.

    Raises AwsError if it is refused or has another result.
    """
    start = clock.monotonic()
    answer = api.execute(database, STATEMENT)
    if answer.rows != ((1,),):
        raise AwsError(f"{database.stack}: {STATEMENT} answered {answer.rows!r}", operation="ExecuteStatement")
    return clock.monotonic() - start


def prove_client(api: DataApi, database: Database | None, sql: str = "") -> str:
    """`select 1: ok`, or why it was not asked. Raises AwsError when it refuses, or its answer is no.

    Without `sql` the statement is `select 1`. An answer without a row, or whose first value is false or NULL, is a no.
    """
    if database is None or not (database.has_data_api or database.signed):
        return "no Data API: not asked"
    try:
        answer = api.execute(database, sql or STATEMENT)
    except AwsError as error:
        # The outputs of a stack are the same with the Data API switched off.
        if error.code == NO_DATA_API and not sql:
            return "the Data API is off: not asked"
        raise
    first = answer.rows[0][0] if answer.rows and answer.rows[0] else None
    # A statement that returns no columns, such as an update, has no answer to judge.
    # MySQL has no booleans: its comparisons are 0 and 1.
    if answer.columns and (first is None or first is False or (first == 0 and database.engine == "mysql")):
        raise AwsError(f"the check answered {'no row' if not answer.rows else first}", operation="ExecuteStatement")
    return f"{sql or STATEMENT}: ok"
