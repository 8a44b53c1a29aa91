"""From the start of a command to its first call to AWS, against a bare client that makes the same call.

A loopback endpoint denies every call, so that both end there, the commands with the exit code of an AWS error.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.bench.measure import AURORA, Case
from tests.cli.project import KEYS
from tests.scripted.wire import refusal

DENIED = 4
LIMIT = 1.3
PARAMS = "region: eu-west-1\nstacks:\n  db: {template: aurora-serverless-postgres, parameters: {MaxCapacity: 8}}\n"
BARE = """import sys, boto3
try:
    boto3.client("cloudformation").describe_stacks(StackName="db-bench")
except Exception as error:
    sys.exit(4 if "AccessDenied" in str(error) else str(error))
"""
COMMANDS: Mapping[str, Sequence[str]] = {
    "logs": ("logs",),
    "inspect": ("inspect",),
    "snapshot list": ("snapshot", "list"),
    "run": ("run", "--print-names"),
    "connect": ("connect", "--url"),
    "metrics": ("metrics",),
    "why-awake": ("why-awake",),
    "access list": ("access", "list"),
    "branch list": ("branch", "list"),
    "sql": ("sql", "select 1"),
}


def cases(folder: Path, address: str) -> Iterator[Case]:
    """One case a command; `address` is that of `denying`."""
    (folder / "params").mkdir(exist_ok=True)
    (folder / "params" / "start.yaml").write_text(PARAMS)
    (folder / "bare_start.py").write_text(BARE)
    more = {**KEYS, "AWS_ENDPOINT_URL": address, "AWS_DEFAULT_REGION": "eu-west-1", "AWS_MAX_ATTEMPTS": "1"}
    floor = [sys.executable, "bare_start.py"]
    for name, words in COMMANDS.items():
        command = [*AURORA, words[0], *words[1:], "--env", "start"]
        yield Case(f"start, {name}", command, floor, LIMIT, folder, code=DENIED, environment=more)


@contextmanager
def denying() -> Iterator[str]:
    """The address of an endpoint that denies every call."""
    answer = refusal("AccessDenied", "not authorized").encode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(403)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
