"""Functions whose invocations go to a runner on this machine, which `aurora-cfn dev` registers; kept in memory only."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ministack.services import lambda_svc

from aurora_cfn.local.replacing import Inner, replace
from aurora_cfn.local.server.function_settings import asked_of
from aurora_cfn.model.live_session import unqualified

ALIVE_SECONDS = 15.0
"""A session whose command has not called for this long is over: the process is stopped (Ctrl-Z), or hangs."""
PING_SECONDS = 0.5
MARGIN_SECONDS = 5.0
"""How much longer than the function's timeout the runner may take: it ends the worker, and says so."""


class RunnerGoneError(Exception):
    """The runner does not answer; `taken`: it has the event, or may have."""

    def __init__(self, taken: bool) -> None:
        super().__init__()
        self.taken = taken


@dataclass(slots=True)
class Session:
    """A running command; `who` says which, `debug`: its functions have no timeout."""

    identifier: str
    url: str
    who: str
    functions: frozenset[str]
    debug: bool = False
    seen: float = field(default_factory=time.monotonic)

    def is_recent(self) -> bool:
        """Whether its command has called lately."""
        return time.monotonic() - self.seen < ALIVE_SECONDS


@dataclass(slots=True)
class LiveFunctions:
    """The sessions by their ids."""

    _sessions: dict[str, Session] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def install(self) -> None:
        """Stand before ministack's workers; the records of the functions stay as they are."""
        replace(lambda_svc, "_execute_function_warm", self._before)

    def register(self, wanted: Any) -> dict[str, Any]:
        """Begin a session or keep it alive: `held` names the functions that another one has, with its command."""
        session = Session(
            str(wanted["id"]), str(wanted["url"]), str(wanted["who"]), frozenset(wanted["functions"]),
            bool(wanted.get("debug")),
        )  # fmt: skip
        with self._lock:
            others = [row for row in self._sessions.values() if row.identifier != session.identifier]
        gone = [row.identifier for row in others if not _listens(row.url)]
        with self._lock:
            for identifier in gone:
                self._sessions.pop(identifier, None)
            rows = [row for row in self._sessions.values() if row.identifier != session.identifier]
            held = {name: row.who for row in rows for name in sorted(row.functions & session.functions)}
            if not held:
                self._sessions[session.identifier] = session
        return {"held": held}

    def end(self, wanted: Any) -> dict[str, Any]:
        """End a session: its functions run the packaged code again."""
        with self._lock:
            return {"ended": self._sessions.pop(str(wanted["id"]), None) is not None}

    def shown(self) -> Iterator[dict[str, str]]:
        """A row for each function of a session that continues."""
        with self._lock:
            rows = [row for row in self._sessions.values() if row.is_recent()]
        for row in rows:
            for arn in sorted(row.functions):
                yield {"name": arn.rpartition(":")[2], "state": f"runs from a folder: {row.who}", "arn": arn}

    def _before(self, inner: Inner, func: dict[str, Any], event: Any, request_id: str) -> Any:
        config = func.get("config") or func
        arn = unqualified(str(config.get("FunctionArn", "")))
        with self._lock:
            session = next((row for row in self._sessions.values() if arn in row.functions and row.is_recent()), None)
        found = self._answer(session, config, event, request_id) if session else None
        return inner(func, event, request_id) if found is None else found

    def _answer(
        self, session: Session, config: Mapping[str, Any], event: Any, request_id: str
    ) -> dict[str, Any] | None:
        """The runner's answer; None if it is gone, and then the packaged code answers."""
        # 3 seconds: Lambda's default.
        timeout = float(config.get("Timeout") or 3)
        message = {"event": event, "request_id": request_id, "timeout": timeout, **asked_of(config)}
        try:
            return forwarded(session.url, message, None if session.debug else timeout + MARGIN_SECONDS)
        except RunnerGoneError as error:
            self.end({"id": session.identifier})
            if not error.taken:
                return None
        what = f"RequestId: {request_id} Error: aurora-cfn dev ended while the function ran"
        return {"body": {"errorMessage": what, "errorType": "Runtime.ExitError"}, "error": True, "log": ""}


def forwarded(url: str, message: Mapping[str, Any], timeout: float | None) -> dict[str, Any]:
    """The answer of the runner at `url` within that many seconds. Raises RunnerGoneError."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", place.port or 0, timeout=PING_SECONDS)
    taken = False
    try:
        connection.connect()
        connection.sock.settimeout(timeout)
        connection.request("POST", place.path, json.dumps(message))
        answer = connection.getresponse()
        # The status comes when the runner has taken the event; 404 is of another program that has the port now.
        taken = answer.status == 200
        if not taken:
            raise OSError(answer.reason)
        found: dict[str, Any] = json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        # After the receipt the event may have had effects, and a process that hangs may still take it.
        raise RunnerGoneError(taken or isinstance(error, TimeoutError)) from error
    else:
        return found
    finally:
        connection.close()


def _listens(url: str) -> bool:
    place = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", place.port or 0, timeout=PING_SECONDS)
    try:
        connection.request("GET", place.path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
