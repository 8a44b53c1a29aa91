"""`access rotate`: a new password for the master user, which this command never reads."""

from __future__ import annotations

from aurora_cfn.aws.attachments import AwsProxies
from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.secrets import AwsRoleSecrets
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.wake import may_wake
from aurora_cfn.cli.terminal.messages import declined, info, write_stdout
from aurora_cfn.cli.terminal.prompt import confirmed, need_terminal
from aurora_cfn.errors import AwsError
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.access.rotation import PasswordRotation

HOLDERS = "open sessions stay, new ones need the new password: restart what read it only once, such as a pool"


def rotate(access: DatabaseAccess, database: Database, *, wait: bool, yes: bool, no_wake: bool) -> int:
    """Ask, and give the master user a new password; EXIT_NEGATIVE if the answer is no."""
    session, clock = access.target.session, SystemClock()
    secrets = AwsRoleSecrets(session)
    rotation = PasswordRotation(access.target.databases, secrets, secrets, clock, database)
    planned = rotation.planned()
    need_terminal("--yes rotates without a question", unless=yes)
    # Instances without a cluster do not pause.
    if database.kind == "db-cluster":
        may_wake(access, database, clock, no_wake=no_wake)
    info(HOLDERS)
    names = _proxies(access, database)
    if names:
        info(f"the proxy {', '.join(names)} reads the new password by itself")
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


def _proxies(access: DatabaseAccess, database: Database) -> list[str]:
    try:
        return [row.name for row in AwsProxies(access.target.session).proxies_of(database.identifier)]
    except AwsError as error:
        if error.denied:
            return []  # only a message depends on them
        raise
