"""A paused cluster refuses the first call and wakes up: wait for it, and say so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from aurora_cfn.errors import AwsError
from aurora_cfn.model.rows import Database, Rows, SqlParameter
from aurora_cfn.ports import Clock, DataApi

RESUMING = "DatabaseResumingException"
PATIENCE = 120.0
"""Seconds. A resume takes about 15 s, and 30 s or more after a day of pause (Aurora user guide, 2026-11)."""
PACE = 3
"""Seconds between two attempts; the wait is told every second."""

Tell = Callable[[int], None]
Answer = TypeVar("Answer")


class WakingDataApi:
    """A Data API that is asked again while the database resumes; `tell` hears the seconds waited so far.

    Asking again is safe: the service answers so before it has run anything.
    """

    def __init__(self, api: DataApi, clock: Clock, tell: Tell, *, patience: float = PATIENCE) -> None:
        """Wrap `api`; after `patience` seconds AwsError says that it still sleeps."""
        self._api, self._clock, self._tell, self._patience = api, clock, tell, patience

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
