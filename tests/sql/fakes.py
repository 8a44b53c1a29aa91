"""A Data API that remembers what it was asked, and a clock without real waiting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from aurora_cfn.errors import AwsError
from aurora_cfn.model.rows import Column, Database, Rows, SqlParameter

DATABASE = Database(
    stack="aurora-dev", name="temporal", secret_arn="arn:aws:secretsmanager:eu-west-1:123456789012:secret:s",
    cluster_arn="arn:aws:rds:eu-west-1:123456789012:cluster:c", host="db.example", port=5432,
)  # fmt: skip
ONE = Rows((Column("?column?", "int4"),), ((1,),))


def resuming(operation: str = "ExecuteStatement") -> AwsError:
    return AwsError("is resuming after being auto-paused", operation=operation, code="DatabaseResumingException")


class FakeClock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


class FakeDataApi:
    """Answers in order; an answer that is an error is raised. After the last it answers with `ONE`."""

    def __init__(self, *answers: Rows | AwsError) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str | None]] = []
        self.parameters: list[tuple[str, ...]] = []

    def execute(
        self,
        database: Database,
        sql: str,
        parameters: Sequence[SqlParameter] = (),
        *,
        transaction: str | None = None,
        past_timeout: bool = False,
    ) -> Rows:
        self.asked.append((sql, transaction))
        self.parameters.append(tuple(row.name for row in parameters))
        answer = self.answers.pop(0) if self.answers else ONE
        if isinstance(answer, AwsError):
            raise answer
        return answer

    def begin(self, database: Database) -> str:
        self.asked.append(("begin", None))
        return "t1"

    def commit(self, database: Database, transaction: str) -> None:
        self.asked.append(("commit", transaction))

    def rollback(self, database: Database, transaction: str) -> None:
        self.asked.append(("rollback", transaction))
