"""The one worker of a function that is debugged: it keeps its process, so that the debugger stays attached."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aurora_cfn.local.live.outcome import Outcome
from aurora_cfn.local.live.pool import Broken, Invocation, invoked, loaded
from aurora_cfn.local.live.source import Source
from aurora_cfn.local.live.worker_process import WorkerProcess


@dataclass(slots=True)
class Debugged:
    """As `Pool`, but one invocation at a time, without timeouts, and a save imports the code again in the process."""

    source: Source
    on_log: Callable[[str], None]
    on_broken: Broken
    port: int
    _worker: WorkerProcess | None = None
    _ready: bool = False
    _handler: str = ""
    # Held for as long as a breakpoint holds the worker: a save waits for it too.
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, environment: Mapping[str, str]) -> None:
        """Start the worker, so that a debugger can attach before the first request."""
        self._worker = WorkerProcess(environment, self.source, self.on_log, self.port)

    def answer(self, asked: Invocation) -> Outcome:
        """The answer of the worker with the code as it is now."""
        with self._lock:
            worker = self._worker
            if worker is None or worker.environment != asked.environment:
                self._end()
                self.start(asked.environment)
                worker = self._worker
            assert worker is not None
            self._handler = asked.handler
            if not self._ready:
                broken = self._load(worker, asked.request_id)
                if broken is not None:
                    return broken
            outcome, modules = invoked(worker, asked, None)
            if modules is None:
                self._end()
            return outcome

    def reload(self) -> bool:
        """Import the code again; True when it could be imported. A debugger stays attached."""
        with self._lock:
            self._ready = False
            worker = self._worker
            return worker is not None and bool(self._handler) and self._load(worker, "") is None

    def close(self) -> None:
        """End the worker, also one that a breakpoint holds."""
        if self._worker:
            self._worker.close()

    def _load(self, worker: WorkerProcess, request_id: str) -> Outcome | None:
        found = loaded(worker, self._handler, request_id, None)
        self._ready = isinstance(found, list)
        if isinstance(found, list):
            return None
        outcome, place = found
        self.on_broken(outcome.body, place)
        return outcome

    def _end(self) -> None:
        self.close()
        self._worker, self._ready = None, False
