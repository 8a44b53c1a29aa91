"""Whether the database of a client answers after its upgrade."""

from __future__ import annotations

from aurora_cfn.errors import NO_DATA_API, AwsError
from aurora_cfn.model.rows import Database
from aurora_cfn.ports import DataApi
from aurora_cfn.sql.resuming import STATEMENT


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
