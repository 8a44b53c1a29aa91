"""`python -m aurora_cfn.cli.runs.tunnel_keeper`: the process that keeps a tunnel open in the background.

It reads its orders from standard input, and answers with one line of JSON on standard output: the record of the open
tunnel, or the error. What it does later is in its log, which has no secrets.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.cli.runs.child import ended_by_signals
from aurora_cfn.cli.runs.tunnel import forwarded
from aurora_cfn.cli.runs.tunnel_records import TunnelRecords
from aurora_cfn.cli.terminal.messages import write_stderr, write_stdout
from aurora_cfn.errors import AuroraCfnError
from aurora_cfn.local.lock import held
from aurora_cfn.model.database_tunnel import DatabaseTunnel, ForwardingSession, PortForwarding, read_tunnel
from aurora_cfn.project.process import process, this_process

LOOK_SECONDS = 5.0
MODULE = "aurora_cfn.cli.runs.tunnel_keeper"


@dataclass(frozen=True, slots=True)
class Orders:
    """What a keeper is to do: `session` was started for `tunnel`, and `plugin` is the path of the plugin."""

    folder: Path
    tunnel: DatabaseTunnel
    connection: Connection
    session: ForwardingSession
    plugin: str

    def text(self) -> str:
        """The orders as JSON; it has secrets, and goes through a pipe only."""
        given = {"folder": str(self.folder), "tunnel": self.tunnel.record(), "connection": asdict(self.connection)}
        return json.dumps({**given, "session": asdict(self.session), "plugin": self.plugin})


def read_orders(text: str) -> Orders:
    """The orders in that text."""
    given: dict[str, Any] = json.loads(text)
    keys = given["connection"].pop("keys")
    connection = Connection(**given["connection"], keys=(keys[0], keys[1]) if keys else None)
    session = ForwardingSession(**given["session"])
    return Orders(Path(given["folder"]), read_tunnel(given["tunnel"]), connection, session, given["plugin"])


def keep(orders: Orders) -> None:
    """Keep the tunnel open until a signal or Session Manager ends it. Raises AwsError if it does not open."""
    row, records = orders.tunnel, TunnelRecords(orders.folder)
    files = records.files(row)
    wanted = PortForwarding(row.via, row.host, row.host_port, row.port)
    # A command that looks whether the lock is held takes it for a moment.
    with (
        held(files.alive, LOOK_SECONDS, "this tunnel"),
        forwarded(Session(orders.connection), orders.plugin, wanted, orders.session) as opened,
    ):
        try:
            kept = replace(row, keeper=this_process(), plugin=process(opened.process.pid))
            records.write(kept)
            _log(f"open: 127.0.0.1:{row.port} -> {row.via} -> {row.host}:{row.host_port}")
            _answer(kept.record())
            opened.process.wait()
            _log(f"ended by Session Manager: {'; '.join(line for line in opened.said if line)}")
        except SystemExit as ending:  # a signal may arrive as soon as the answer is out
            _log(f"ended by signal {int(str(ending.code)) - 128}")
            raise
        finally:
            files.record.unlink(missing_ok=True)


def _answer(answer: dict[str, Any]) -> None:
    write_stdout(json.dumps(answer))


def _log(text: str) -> None:
    write_stderr(f"{SystemClock().now():%Y-%m-%d %H:%M:%S}Z {os.getpid()} {text}")


def main() -> int:
    """Keep the tunnel that standard input describes; the exit code."""
    with ended_by_signals():
        try:
            keep(read_orders(sys.stdin.read()))
        except AuroraCfnError as error:
            _log(f"not opened: {error}")
            _answer({"error": str(error)})
            return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
