"""The database of a client's stack, asked over the Data API or, at Aurora DSQL, with an IAM token."""

from __future__ import annotations

from aurora_cfn.cli.runs.database import DatabaseAccess, databases_in, waking_data_api
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.fleet.proof import prove_client
from aurora_cfn.model.resource_types import DSQL
from aurora_cfn.model.rows import Database
from aurora_cfn.model.stack import Stack
from aurora_cfn.sql.find_database import data_api_database


def client_database(target: Target, stack: Stack, template: str) -> Database | None:
    """The database that the stack's outputs name, else the first one of Aurora DSQL; None without one."""
    # Only Aurora DSQL is looked for with calls: of an RDS database without Data API nothing can be asked.
    found = data_api_database(stack)
    if found or DSQL not in template:
        return found
    return next((one for one in databases_in(target, stack) if one.signed), None)


def prove_database(target: Target, database: Database | None, sql: str) -> str:
    """What `prove_client` says of the database; called in any thread."""
    if database and database.signed:
        access = DatabaseAccess(target)
        return prove_client(access.wire(database), database, sql)
    # Without the line about the wait: several threads would write over each other's.
    return prove_client(waking_data_api(target.session, None), database, sql)
