"""`run`, and the hooks of `deploy`: a program that gets a login to a database by its environment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path

import click

from aurora_cfn.cli.database_options import LoginOptions
from aurora_cfn.cli.runs.child import run_child
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.database_client import found_program
from aurora_cfn.cli.runs.database_login import (
    logged_in,
    login_text,
    login_without_password,
    refuse_to_wake,
    warn_unverified,
)
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.errors import InputError
from aurora_cfn.operate.child_environment import FORMS, child_environment, password_line
from aurora_cfn.project.temporary_file import temporary_file
from aurora_cfn.sql.client import Login

IN_GO = frozenset({"dbmate", "goose"})
"""Migration tools that read `--as go` on MySQL where others read `--as url`."""
OTHER_KEYS = frozenset({"AWS_PROFILE", "AWS_SESSION_TOKEN"})
"""Variables that would sign calls to the emulator with real credentials."""


def read_forms(text: str, *, in_file: bool) -> tuple[str, ...]:
    """The forms of `libpq,url`. Raises UsageError for an unknown one, and for one that has no place for a file."""
    found = tuple(row.strip() for row in text.split(","))
    if unknown := [row for row in found if row not in FORMS]:
        raise click.UsageError(f"--as: {unknown[0]!r} is none of {', '.join(FORMS)}")
    if in_file and "jdbc" in found:
        raise click.UsageError(
            "--file does not go with --as jdbc: Flyway and Liquibase read the password by a variable"
        )
    return found


def names_of(access: DatabaseAccess, options: LoginOptions, forms: Sequence[str], *, in_file: bool) -> list[str]:
    """Names of the variables that a program would get; no secret is read."""
    login = login_without_password(access, options)
    found = child_environment(login, forms, "file" if in_file else "")
    return sorted({**found, **_aws_settings(access, forms)})


def run_program(
    access: DatabaseAccess, options: LoginOptions, forms: Sequence[str], arguments: Sequence[str], *, in_file: bool
) -> int:
    """The exit code of the program. Raises InputError, AwsError and DeclinedError before it is started."""
    path = found_program(arguments[0], "install it, or give its path")
    # The Data API needs no login of ours: neither the secret is read nor a connection tried.
    if set(forms) == {"dataapi"}:
        login = login_without_password(access, options)
        refuse_to_wake(access, options, login.database)
        return start_program(access, login, forms, [path, *arguments[1:]], "")
    check = partial(refuse_to_wake, access, options)
    with logged_in(access, options, check) as login, _password_file(login) if in_file else nullcontext("") as file:
        return start_program(access, login, forms, [path, *arguments[1:]], file)


def start_program(
    access: DatabaseAccess,
    login: Login,
    forms: Sequence[str],
    words: Sequence[str],
    file: str,
    *,
    to_stderr: bool = False,
) -> int:
    """The exit code of the program with that login; `file` is the path of its password file, empty without one."""
    if login.credentials.password:
        info(login_text(login))
        warn_unverified(access, login)
    forms = ["go" if form == "url" and Path(words[0]).name in IN_GO else form for form in forms]
    settings = {**child_environment(login, forms, file), **_aws_settings(access, forms)}
    info(f"{' '.join(sorted(settings))} for {Path(words[0]).name}")
    # Options that the user has set stay, and ours, which come last, win.
    if "PGOPTIONS" in settings and (given := os.environ.get("PGOPTIONS")):
        settings["PGOPTIONS"] = f"{given} {settings['PGOPTIONS']}"
    without = OTHER_KEYS if access.target.local and "dataapi" in forms else ()
    return run_child(words, settings, without, to_stderr=to_stderr)


def _aws_settings(access: DatabaseAccess, forms: Sequence[str]) -> dict[str, str]:
    """Where the Data API is, and for the emulator its own keys."""
    if "dataapi" not in forms:
        return {}
    where = access.target.session.connection
    found = {"AWS_REGION": where.region, "AWS_PROFILE": where.profile, "AWS_ENDPOINT_URL": where.endpoint_url}
    if where.keys:
        found |= {"AWS_ACCESS_KEY_ID": where.keys[0], "AWS_SECRET_ACCESS_KEY": where.keys[1]}
    return {name: value for name, value in found.items() if value}


@contextmanager
def _password_file(login: Login) -> Iterator[str]:
    """Path of a password file of libpq that only its owner can read, deleted after the block."""
    if login.database.engine == "mysql":
        raise InputError("--file is for PostgreSQL: MySQL has no variable for a password file")
    with temporary_file(password_line(login), ".pgpass") as name:
        yield name
