"""Run statements through the Data API, each by itself or in one transaction."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from aurora_cfn.errors import AwsError, SqlError
from aurora_cfn.model.rows import Database, Rows, SqlParameter
from aurora_cfn.ports import DataApi
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
        _roll_back(api, database, opened)
        raise
    api.commit(database, opened)


@contextmanager
def rolled_back(api: DataApi, database: Database) -> Iterator[str]:
    """The id of a transaction that is rolled back at the end of the block: nothing that it writes is kept."""
    opened = api.begin(database)
    try:
        yield opened
    finally:
        _roll_back(api, database, opened)


def _roll_back(api: DataApi, database: Database, opened: str) -> None:
    with suppress(AwsError):  # the Data API itself rolls back a transaction after three minutes without a call
        api.rollback(database, opened)


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
