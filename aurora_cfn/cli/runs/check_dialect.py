"""Warnings and findings about SQL for MySQL that Aurora, or the server of this machine, refuses."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.deploy.desired import selected
from aurora_cfn.lint.other_files import DIALECT
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.finding import Finding
from aurora_cfn.project.files import read_text
from aurora_cfn.project.templates import ProjectTemplates
from aurora_cfn.sql.mysql_dialect import MOST_FILES, Server, refused, sql_files, statements_in
from aurora_cfn.sql.stack_databases import engine_in

ENGINE = "Engine"
"""The parameter of a template with functions that says which database they use."""


def warn_of_dialect(sql: str, path: str, target: Target) -> None:
    """Write a warning for each statement of the file; it is executed all the same."""
    servers: tuple[Server, ...] = ("mysql", "mariadb") if target.local and _mariadb_here() else ("mysql",)
    for server in servers:
        for row in refused(sql, server):
            info(f"{path}:{row.line}: warning: {row.what}", "warning")


def warn_of_migrations(target: Target, stacks: Sequence[str]) -> None:
    """Write the warnings of `warn_of_dialect` about the migrations of these stacks."""
    for path, sql in _texts(selected(target.environment, stacks), target.templates):
        warn_of_dialect(sql, path, target)


def dialect_findings(stacks: Iterable[EnvironmentStack], templates: ProjectTemplates) -> tuple[Finding, ...]:
    """A finding for each statement that Aurora MySQL refuses in the files of these stacks."""
    found = [
        Finding(DIALECT, "warning", row.what, path, row.line)
        for path, sql in _texts(stacks, templates)
        for row in refused(sql, "mysql")
    ]
    # Stacks may have a folder in common.
    return tuple(dict.fromkeys(found))


def _texts(stacks: Iterable[EnvironmentStack], templates: ProjectTemplates) -> Iterator[tuple[str, str]]:
    """Path and SQL of the files of stacks with MySQL: what `after_deploy` names, and texts in own handlers."""
    for row in stacks:
        if row.handlers and row.parameters.get(ENGINE) == "mysql":
            for path in sorted(Path(row.handlers).rglob("*.py"))[:MOST_FILES]:
                yield from ((str(path), statement) for statement in statements_in(read_text(path)))
        if row.after_deploy and engine_in(templates.text(row.template)) == "mysql":
            yield from ((str(path), read_text(path)) for path in sql_files(row.after_deploy, Path()))


def _mariadb_here() -> bool:
    from aurora_cfn.local.mysql.binaries import find

    found = find(os.environ, None)
    return found is not None and found.is_mariadb
