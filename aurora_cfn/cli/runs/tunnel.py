"""A tunnel to a database: Session Manager forwards a local port through a host beside the database."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from aurora_cfn.aws.session import Session
from aurora_cfn.aws.ssm import SsmSessions
from aurora_cfn.cli.runs.child import ended_by_signals
from aurora_cfn.cli.runs.database_client import found_program
from aurora_cfn.errors import UNREACHABLE, AwsError, InputError
from aurora_cfn.model.database_tunnel import ForwardingSession, PortForwarding
from aurora_cfn.operate.tunnels import (
    INSTALL,
    PLUGIN,
    READY,
    is_too_old,
    plugin_environment,
    plugin_words,
)

READY_SECONDS = 30.0
"""Seconds until the plugin listens; it opens a websocket to AWS first."""
END_SECONDS = 5.0
"""Seconds for the plugin to end its session in AWS before it is killed."""


@dataclass()
class Tunnel:
    """A running tunnel, which ends with its process; its near end is 127.0.0.1 and `port`."""

    port: int
    process: subprocess.Popen[str]
    said: deque[str] = field(default_factory=lambda: deque(maxlen=20))
    ready: threading.Event = field(default_factory=threading.Event)

    def read(self) -> None:
        """Read what the plugin prints until it ends: a full pipe would stop it."""
        for line in self.process.stdout or ():
            self.said.append(line.strip())
            if READY in line:
                self.ready.set()
        self.ready.set()


def plugin_path(session: Session) -> str:
    """Path of the plugin. Raises InputError if it is not installed, or too old to keep the session's token private."""
    near = "; a database of the emulator needs no tunnel" if session.connection.endpoint_url else ""
    path = found_program(PLUGIN, INSTALL + near)
    asked = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    version = asked.stdout.strip()
    if is_too_old(version):
        raise InputError(f"{PLUGIN} {version} is too old: it would show the session's token; {INSTALL}")
    return path


@contextmanager
def tunnel(session: Session, target: str, host: str, port: int, local_port: int = 0) -> Iterator[Tunnel]:
    """A tunnel that is open in this block. Raises InputError without the plugin, AwsError if it does not open."""
    path = plugin_path(session)
    wanted = PortForwarding(target, host, port, free_port(local_port))
    with ended_by_signals(), forwarded(session, path, wanted, started_session(session, wanted)) as found:
        yield found


def started_session(session: Session, wanted: PortForwarding) -> ForwardingSession:
    """The session, whose data the plugin carries. Raises AwsError, with advice where the endpoint has no sessions."""
    try:
        return SsmSessions(session).start_forwarding(wanted)
    except AwsError as error:
        if not error.unsupported:
            raise
        what = "there is no Session Manager at this endpoint: databases of the emulator listen on this machine"
        raise AwsError(f"{what}, so connect without --via", operation=error.operation, code=error.code) from None


@contextmanager
def forwarded(session: Session, path: str, wanted: PortForwarding, opened: ForwardingSession) -> Iterator[Tunnel]:
    """The tunnel of a session that was started, carried by the plugin at `path`; both end with the block."""
    sessions, where = SsmSessions(session), session.connection
    words = [path, *plugin_words(wanted, where.region or "", where.profile or "", sessions.endpoint())]
    # In a session of its own: Ctrl-C is meant for the program that uses the tunnel.
    process = subprocess.Popen(
        words, env={**os.environ, **plugin_environment(opened)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    found = Tunnel(wanted.local_port, process)
    reader = threading.Thread(target=found.read, daemon=True)
    reader.start()
    try:
        _await(found, wanted)
        yield found
    finally:
        process.terminate()
        # It is killed below if it does not end by itself.
        with suppress(subprocess.TimeoutExpired):
            process.wait(END_SECONDS)
        process.kill()
        process.wait()
        reader.join(END_SECONDS)
        # The plugin ends the session too, unless it was killed; an ended session is no error.
        with suppress(AwsError):
            sessions.terminate(opened.identifier)


def _await(found: Tunnel, wanted: PortForwarding) -> None:
    found.ready.wait(READY_SECONDS)
    if not any(READY in line for line in found.said):
        said = "; ".join(line for line in found.said if line) or "it said nothing"
        what = f"no tunnel through {wanted.target} to {wanted.host}:{wanted.port}"
        raise AwsError(f"{what} ({said})\n  is the SSM agent running there, and may it reach the database?",
                       operation="StartSession", code=UNREACHABLE)  # fmt: skip


def free_port(wanted: int = 0) -> int:
    """The port that is wanted, or a free one. Raises InputError if it is in use."""
    try:
        with socket.create_server(("127.0.0.1", wanted)) as listening:
            return int(listening.getsockname()[1])
    except OSError as error:
        what = f"port {wanted} of 127.0.0.1 cannot be used ({os.strerror(error.errno or 0).lower()})"
        raise InputError(f"{what}: give another --port, or none for a free one") from None
