"""Warnings about SQL files for MySQL that Aurora, or the server of this machine, refuses."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.deploy.desired import selected
from aurora_cfn.project.files import read_text
from aurora_cfn.sql.mysql_dialect import MOST_FILES, Server, refused, sql_files
from aurora_cfn.sql.python_statements import statements_in
from aurora_cfn.sql.stack_databases import engine_in

ENGINE = "Engine"
"""The parameter of a template with functions that says which database they use."""


def warn_of_dialect(sql: str, path: str, target: Target) -> None:
    """Write a warning for each statement of the file; it is executed all the same."""
    servers: tuple[Server, ...] = ("mysql", "mariadb") if target.local and _mariadb_here() else ("mysql",)
    for server in servers:
        for line in refused(sql, server, path):
            info(line, "warning")


def warn_of_migrations(target: Target, stacks: Sequence[str]) -> None:
    """The same for the SQL files that `after_deploy` of the stacks with MySQL names, and for own handlers."""
    for row in selected(target.environment, stacks):
        if row.handlers and row.parameters.get(ENGINE) == "mysql":
            for path in sorted(Path(row.handlers).rglob("*.py"))[:MOST_FILES]:
                for statement in statements_in(read_text(path)):
                    warn_of_dialect(statement, str(path), target)
        if row.after_deploy and engine_in(target.templates.text(row.template)) == "mysql":
            for path in sql_files(row.after_deploy, Path()):
                warn_of_dialect(read_text(path), str(path), target)


def _mariadb_here() -> bool:
    from aurora_cfn.local.mysql.binaries import find

    found = find(os.environ, None)
    return found is not None and found.is_mariadb
