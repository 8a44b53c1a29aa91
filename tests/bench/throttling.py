"""A loopback endpoint before the emulator that counts the calls, delays each, and throttles a share of them."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from urllib.parse import parse_qs, urlsplit

from tests.scripted.wire import refusal

HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"})


@dataclass
class Throttling:
    """What came through, by action, and how many calls were turned away; `share` of them is, by fixed dice."""

    address: str
    share: float
    calls: Counter[str] = field(default_factory=Counter)
    throttled: int = 0
    url: str = ""
    _dice: Random = field(default_factory=lambda: Random(7))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def strikes(self, action: str) -> bool:
        """Count the call; whether it is turned away."""
        with self._lock:
            self.calls[action] += 1
            struck = self._dice.random() < self.share
            self.throttled += struck
            return struck


@contextmanager
def throttling(address: str, share: float, seconds: float = 0.0) -> Iterator[Throttling]:
    """Serve on a free port of 127.0.0.1 while the block runs; each call waits so many seconds."""
    state = Throttling(address, share)
    inner = urlsplit(address)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            time.sleep(seconds)
            target = self.headers.get("X-Amz-Target", "?").rpartition(".")[2]
            action = parse_qs(body.decode("latin-1")).get("Action", [target])[0]
            if state.strikes(action):
                self._send(400, [("Content-Type", "text/xml")], refusal("Throttling", "Rate exceeded").encode())
                return
            connection = HTTPConnection(str(inner.hostname), inner.port, timeout=60)
            try:
                connection.request("POST", self.path, body, dict(self.headers))
                answer = connection.getresponse()
                self._send(answer.status, answer.getheaders(), answer.read())
            except (OSError, HTTPException):
                # One of the two sides was killed: the other one finds its connection closed.
                self.close_connection = True
            finally:
                connection.close()

        def _send(self, status: int, headers: list[tuple[str, str]], data: bytes) -> None:
            self.send_response(status)
            for name, value in headers:
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing of a connection that a killed program left."""
            if not isinstance(sys.exception(), OSError):
                super().handle_error(request, client_address)  # type: ignore[arg-type]

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
