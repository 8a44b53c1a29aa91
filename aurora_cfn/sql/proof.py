"""The proof at the end of a deployment: the database answers."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.errors import AwsError
from aurora_cfn.model.rows import Database
from aurora_cfn.ports import Clock, DataApi

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
    """Ask the database for a row; give a WakingDataApi, since a cluster may be paused.

    Raises AwsError when it refuses or answers something else.
    """
    start = clock.monotonic()
    answer = api.execute(database, STATEMENT)
    if answer.rows != ((1,),):
        raise AwsError(f"{database.stack}: {STATEMENT} answered {answer.rows!r}", operation="ExecuteStatement")
    return Proof(database, clock.monotonic() - start)
