"""`tunnel`: open until Ctrl-C, or in the background, where tunnels are started, listed and stopped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from typing import Any

import click

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.ssm import SsmSessions
from aurora_cfn.cli.database_options import LoginOptions
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.database_client import certificate_places, encryption
from aurora_cfn.cli.runs.database_login import LOOPBACK, wanted_database
from aurora_cfn.cli.runs.tunnel import free_port, plugin_path, started_session, tunnel
from aurora_cfn.cli.runs.tunnel_keeper import MODULE, Orders
from aurora_cfn.cli.runs.tunnel_records import TunnelRecords, records
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.cli.terminal.rows import print_rows
from aurora_cfn.errors import UNREACHABLE, AwsError, BusyError, InputError
from aurora_cfn.local.detached import start_detached
from aurora_cfn.model.database_tunnel import DatabaseTunnel, PortForwarding, read_tunnel
from aurora_cfn.model.rows import Credentials, Database
from aurora_cfn.operate.tunnels import for_programs, listed, meant, named
from aurora_cfn.sql.client import Login, url


def keep_open(env: str, aws: AwsOptions, options: LoginOptions, port: int) -> None:
    """Open the tunnel, print the variables, and return when the tunnel ends or Ctrl-C ends it."""
    access = DatabaseAccess.of(env, aws)
    row = asked_tunnel(access, options)
    with tunnel(access.target.session, row.via, row.host, row.host_port, port) as opened:
        row = replace(row, port=opened.port)
        info(f"tunnel {row.via} is open: {row.ends}")
        print_tunnel(row)
        opened.process.wait()


def asked_tunnel(access: DatabaseAccess, options: LoginOptions, port: int = 0) -> DatabaseTunnel:
    """The tunnel to the database of the options, not open yet; `port` is 0 for any. Raises InputError without one."""
    database, environment = wanted_database(access, options), access.target.environment
    key, branch = named(environment, database.stack)
    return DatabaseTunnel(
        env=environment.name, stack=database.stack, via=options.target, host=database.host, host_port=database.port,
        port=port, name=database.name, since=SystemClock().now().replace(microsecond=0), engine=database.engine,
        key=key, branch=branch, client=access.target.options.client or "",
    )  # fmt: skip


def print_tunnel(row: DatabaseTunnel, *, as_json: bool = False) -> None:
    """Print how clients reach the near end: as variables of psql or mysql, or as JSON."""
    click.echo(json.dumps(for_programs(row)) if as_json else row.variables)


def open_in_background(env: str, aws: AwsOptions, options: LoginOptions, port: int, *, as_json: bool) -> None:
    """Print where the tunnel listens, which a process of its own keeps open; one that runs already is found.

    Raises InputError without the plugin, AwsError if it does not open, BusyError if another than `port` leads there.
    """
    refuse_windows()
    access = DatabaseAccess.of(env, aws)
    asked, found = asked_tunnel(access, options, port), records()
    with found.changing():
        row = _running(found, asked) or _started(access, found, asked)
    print_tunnel(row, as_json=as_json)


def refuse_windows(platform: str = sys.platform) -> None:
    """Raise InputError on Windows, where a process cannot be asked to end, so that its session would stay open."""
    if platform == "win32":
        raise InputError("--background needs Linux or macOS: on Windows keep `aurora-cfn tunnel` open, or use WSL")


def show_tunnels(env: str | None, stack: str | None, form: str) -> None:
    """List the tunnels of the project that run, or those of the environment."""
    found = records()
    found.tidy()
    print_rows(listed(meant(found.running(), env, stack)), form)


def stop_tunnels(env: str, stack: str | None) -> None:
    """End the tunnels of the environment, or of the one database that is meant. Raises BusyError."""
    found = records()
    if not found.folder.exists():
        info("no tunnel runs")
        return
    with found.changing():
        rows = meant(found.running(), env, stack)
        for row in rows:
            found.stop(row)
            info(f"stopped: {row.ends} of {row.stack}")
    if not rows:
        info(f"no tunnel of {env} runs")


def _running(found: TunnelRecords, asked: DatabaseTunnel) -> DatabaseTunnel | None:
    """The running tunnel to the same place. Raises BusyError if it has another port than the one asked for."""
    row = found.leading_to(asked.host, asked.host_port)
    if row is None:
        return None
    pid = row.keeper.process if row.keeper else 0
    what = f"a tunnel to {row.host}:{row.host_port} is open since {row.since:%Y-%m-%d %H:%M}Z"
    what = f"{what}: 127.0.0.1:{row.port}, through {row.via}, pid {pid}"
    if asked.port not in {0, row.port}:
        raise BusyError(f"{what}; to open it on port {asked.port}, first: aurora-cfn tunnel --stop --env {row.env}")
    info(what)
    return row


def _started(access: DatabaseAccess, found: TunnelRecords, asked: DatabaseTunnel) -> DatabaseTunnel:
    session = access.target.session
    plugin = plugin_path(session)
    row = replace(asked, port=free_port(asked.port))
    row = replace(row, url=_url(access, row))
    wanted = PortForwarding(row.via, row.host, row.host_port, row.port)
    opened = started_session(session, wanted)
    try:
        kept = _keeper_answer(found, row, Orders(found.folder, row, session.connection, opened, plugin).text())
    except BaseException:
        # The error before it is the one to show; the session ends by itself when it is idle.
        with suppress(AwsError):
            SsmSessions(session).terminate(opened.identifier)
        raise
    info(f"tunnel {row.via} stays open: {row.ends}; aurora-cfn tunnel --stop --env {row.env} ends it")
    return kept


def _keeper_answer(found: TunnelRecords, row: DatabaseTunnel, orders: str) -> DatabaseTunnel:
    """The tunnel, once its keeper says that it is open. Raises AwsError with what went wrong."""
    log = found.files(row).log
    # -P: the current folder, where paths in AWS's settings are, is not one to import from.
    words = [sys.executable, "-P", "-m", MODULE]
    keeper = start_detached(words, log, os.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    try:
        # One that could not start reads nothing, and answers nothing.
        with suppress(BrokenPipeError), keeper.stdin as pipe:
            pipe.write(orders.encode())
        said = keeper.stdout.readline()
    except BaseException:
        # Ctrl-C does not reach it, as it has a session of its own.
        keeper.terminate()
        keeper.wait()
        raise
    answer: dict[str, Any] = json.loads(said) if said.strip() else {"error": f"its process ended: see {log}"}
    if "error" in answer:
        raise AwsError(str(answer["error"]), operation="StartSession", code=UNREACHABLE)
    return read_tunnel(answer)


def _url(access: DatabaseAccess, row: DatabaseTunnel) -> str:
    """The URL of the near end, without a user: no secret is read for it."""
    near = Database(row.stack, row.name, "", host=row.host, port=row.port, engine=row.engine, address=LOOPBACK)
    encrypted = encryption(None, certificate_places(access.target, near), elsewhere=False)
    return url(Login(near, Credentials("", ""), encrypted)).replace("//@", "//", 1)
