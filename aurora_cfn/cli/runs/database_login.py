"""The login to a database that the options ask for, with the tunnel that leads there while it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.cli.database_options import LoginOptions
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.database_client import bundle_places, certificate_places, check_reachable, encryption
from aurora_cfn.cli.terminal.messages import info, write_stderr
from aurora_cfn.errors import InputError
from aurora_cfn.facts.regions import certificate_bundle
from aurora_cfn.model.rows import Credentials, Database
from aurora_cfn.sql.client import Login

LOOPBACK = "127.0.0.1"
TOKEN_LIFE = timedelta(minutes=15)
"""How long a token of RDS opens new sessions, and one of Aurora DSQL where no other time is asked for."""


def wanted_database(access: DatabaseAccess, options: LoginOptions) -> Database:
    """The database of the options, at its reader endpoint if that is asked for. Raises InputError without one."""
    found = access.database(options.stack, options.resource, over_the_wire=True)
    if found.signed and options.read_only:
        # A session of DSQL begins without the settings of PGOPTIONS.
        raise InputError("DSQL has no read-only sessions: log in as a role that may only read (--role)")
    if not options.reader:
        return found
    if not found.reader:
        raise InputError(f"{found.resource or 'the database'} of {found.stack} has no reader endpoint")
    return replace(found, host=found.reader)


def login_without_password(access: DatabaseAccess, options: LoginOptions) -> Login:
    """The login with an empty password: no secret is read, and no tunnel is opened."""
    database = wanted_database(access, options)
    near = replace(database, address=LOOPBACK) if options.target else through_open_tunnel(options, database)
    credentials = Credentials(options.role, "", token=bool(options.role))
    encrypted = encryption(options.ca_bundle, certificate_places(access.target, database), elsewhere=False)
    return Login(near, credentials, encrypted, options.read_only)


@contextmanager
def logged_in(
    access: DatabaseAccess, options: LoginOptions, check: Callable[[Database], None] = lambda _: None
) -> Iterator[Login]:
    """The login, ready to be used in this block. Raises InputError and AwsError, also where no connection opens.

    `check` is called with the database before anything is opened.
    """
    found = login_of(access, options)
    check(found.database)
    with route(access, options, found.database) as reached:
        advice = network_advice(reached, access.target.environment.name)
        check_reachable(reached.address or reached.host, reached.port, advice)
        yield replace(found, database=reached)


def login_of(access: DatabaseAccess, options: LoginOptions) -> Login:
    """The login; no connection is tried, and no tunnel opened. Raises InputError and AwsError."""
    database = wanted_database(access, options)
    credentials = access.credentials(database, options.role)
    # The token is signed for the real host and port, also through a tunnel.
    elsewhere = options.host not in {None, database.host}
    places = certificate_places(access.target, database)
    encrypted = encryption(options.ca_bundle, places, elsewhere=elsewhere)
    if options.host or options.port:
        reached = replace(database, host=options.host or database.host, port=options.port or database.port)
    else:
        reached = through_open_tunnel(options, database)
    return Login(reached, credentials, encrypted, options.read_only)


def through_open_tunnel(options: LoginOptions, database: Database) -> Database:
    """With --via auto the database at the near end of its tunnel in the background; itself where none is open."""
    if options.via != "auto":
        return database
    from aurora_cfn.cli.runs.tunnel_records import records

    row = records().leading_to(database.host, database.port)
    if row is None:
        return database
    info(f"through the open tunnel {row.via}, {LOOPBACK}:{row.port} (not with --via direct)")
    return replace(database, address=LOOPBACK, port=row.port)


@contextmanager
def route(access: DatabaseAccess, options: LoginOptions, database: Database) -> Iterator[Database]:
    """The database as it is reached: directly, or at the near end of a tunnel that is open in this block."""
    if not options.target:
        yield database
        return
    from aurora_cfn.cli.runs.tunnel import tunnel

    with tunnel(access.target.session, options.target, database.host, database.port) as opened:
        info(f"tunnel {options.target}: {LOOPBACK}:{opened.port} -> {database.host}:{database.port}")
        yield replace(database, address=LOOPBACK, port=opened.port)


def refuse_to_wake(access: DatabaseAccess, options: LoginOptions, database: Database) -> None:
    """With --no-wake, raise DeclinedError for a database that is paused, or may be."""
    if options.no_wake:
        from aurora_cfn.cli.runs.wake import may_wake

        may_wake(access, database, no_wake=True)


def login_text(login: Login) -> str:
    """Who logs in and where, in words: `dbadmin at host:5432 with the password of its secret, sslmode=verify-full`."""
    database, credentials = login.database, login.credentials
    place = f"{database.host} through {database.address}" if database.address else database.host
    what = "the password of its secret"
    if credentials.token:
        until = SystemClock().now() + TOKEN_LIFE
        what = f"an IAM token until {until:%H:%M} UTC (its sessions outlive it)"
    return f"{credentials.user} at {place}:{database.port} with {what}, sslmode={login.encryption.mode}"


def network_advice(database: Database, env: str) -> str:
    """What to try when the database cannot be reached."""
    if database.host in {LOOPBACK, "localhost"}:
        return "nothing listens there: see aurora-cfn local status, or the near end of your tunnel"
    return (
        "databases here have no public address: connect through the VPN or a tunnel (--via ssm:TARGET), "
        f"or without any network path: aurora-cfn sql --env {env}"
    )


def warn_unverified(access: DatabaseAccess, login: Login) -> None:
    """Say that the server is not verified, and how to get its authority; nothing where it is."""
    if login.encryption.bundle or access.target.local:
        return
    region = access.target.environment.region
    bundle = None if login.database.signed else certificate_bundle(region)
    verify = f"curl -o {bundle_places(region)[0]} {bundle}" if bundle else "--ca-bundle"
    write_stderr(f"encrypted, but the server is not verified; to verify it: {verify}")
