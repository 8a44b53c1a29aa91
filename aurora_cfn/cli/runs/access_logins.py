"""`access check` and `access rotate`: whether roles can log in, and a new password for the master user."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from aurora_cfn.aws.attachments import AwsProxies
from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.secrets import AwsRoleSecrets, AwsSecrets
from aurora_cfn.cli.runs.access import AccessRun
from aurora_cfn.cli.runs.wake import may_wake
from aurora_cfn.cli.terminal.messages import declined, info, write_stdout
from aurora_cfn.cli.terminal.prompt import confirmed, need_terminal
from aurora_cfn.cli.terminal.rows import print_rows
from aurora_cfn.errors import EXIT_NEGATIVE, AwsError
from aurora_cfn.model.database_role import PathPart, Proxy
from aurora_cfn.operate.access.path_check import PathCheck, as_table
from aurora_cfn.operate.access.role_password import secret_name
from aurora_cfn.operate.access.rotation import PasswordRotation, endpoint_of
from aurora_cfn.operate.inspect.checks import as_rows

HOLDERS = "open sessions stay, new ones need the new password: restart what read it only once, such as a pool"


def check_logins(run: AccessRun, role: str | None, form: str) -> int:
    """Print every part of the path of the role, or of all that log in with tokens; EXIT_NEGATIVE if one is missing."""
    parts = [*(_in_dsql if run.database.signed else _in_rds)(run, role)]
    print_rows(as_table(parts), form)
    return EXIT_NEGATIVE if any(row.state == "missing" for row in parts) else 0


def rotate_password(run: AccessRun, *, wait: bool, yes: bool) -> int:
    """Ask, and give the master user a new password, which is never read here; EXIT_NEGATIVE if the answer is no."""
    target, database = run.access.target, run.database
    secrets = AwsRoleSecrets(target.session)
    rotation = PasswordRotation(target.databases, secrets, secrets, SystemClock(), database)
    planned = rotation.planned()
    need_terminal("--yes rotates without a question", unless=yes)
    may_wake(run.access, database, no_wake=run.no_wake)
    info(HOLDERS)
    # Only a message depends on the proxies, so that they need not be readable.
    if proxies := _proxies(run)[0]:
        info(f"the proxy {', '.join(row.name for row in proxies)} reads the new password by itself")
    if not yes and not confirmed(f"Rotate the password of the master user of {database.identifier}?"):
        return declined()
    rotation.start(planned)
    if not wait:
        info(f"the rotation has begun; until it is done version {planned.version} is current (--wait waits)")
        return 0
    version, seconds = rotation.finished(planned)
    info(f"rotated in {seconds:.0f} s: {planned.version} is no longer current")
    write_stdout(version)
    return 0


def _in_rds(run: AccessRun, role: str | None) -> Iterator[PathPart]:
    session, database, roles = run.access.target.session, run.database, run.roles
    secrets = AwsSecrets(session)
    arn, endpoint = endpoint_of(run.access.target.databases, database)
    check = PathCheck(
        database, arn, endpoint, secrets.keys, lambda one: secrets.credentials(one).user, partial(_opened, run)
    )  # fmt: skip
    yield from check.of_database()
    proxies, unread = _proxies(run)
    yield from unread
    for name in _names(run, role):
        own = AwsRoleSecrets(session).secret_state(secret_name(database, name))
        yield from check.of_role(name, roles.state(name), proxies, secret=own.arn if own else "")


def _in_dsql(run: AccessRun, role: str | None) -> Iterator[PathPart]:
    for name in _names(run, role):
        state = run.roles.state(name)
        if not state.there or not state.iam:
            lacks = "no IAM role or user is mapped to it" if state.there else "it does not exist"
            yield PathPart(f"role {name}", "missing", f"{lacks}: aurora-cfn access grant {name} --to ARN")
            continue
        yield PathPart(f"role {name}", "ok", f"mapped to {', '.join(state.principals)}")
        try:
            yield PathPart("session", "ok", f"a token opened one as {_opened(run, name)}")
        except AwsError as error:
            # Only the mapped principals can open one, and the caller of this command may be another.
            yield PathPart("session", "unknown", f"refused to the caller of this command: {error}")


def _names(run: AccessRun, role: str | None) -> Sequence[str]:
    if role is not None:
        return [role]
    wanted = "principal" if run.database.signed else "iam"
    return list(dict.fromkeys(str(row["role"]) for row in as_rows(run.roles.listed()) if row[wanted]))


def _proxies(run: AccessRun) -> tuple[Sequence[Proxy], Sequence[PathPart]]:
    """The proxies of the database; none, and a part that says so, where they may not be read."""
    try:
        return AwsProxies(run.access.target.session).proxies_of(run.database.identifier), ()
    except AwsError as error:
        if not error.denied:
            raise
        return (), [PathPart("proxies", "unknown", f"not readable from here: {error}")]


def _opened(run: AccessRun, role: str) -> str:
    database = run.database
    user = "select current_user()" if database.engine == "mysql" else "select current_user::text as name"
    return str(run.access.wire(database, role).execute(database, user).rows[0][0]).partition("@")[0]
