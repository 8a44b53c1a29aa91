"""Run statements one after another, each by itself or all in one transaction."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from aurora_cfn.errors import AwsError, SqlError
from aurora_cfn.model.rows import Database, Rows, SqlParameter
from aurora_cfn.ports import DataApi
from aurora_cfn.sql.parameters import check_used
from aurora_cfn.sql.splitting import Statement


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
