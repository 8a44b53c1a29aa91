"""The workers of one function: one invocation each at a time, new ones after a save, a spare with its libraries."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from aurora_cfn.local.live.outcome import Outcome, answered, exited, failed, timed_out
from aurora_cfn.local.live.source import Source
from aurora_cfn.local.live.worker_process import WorkerEndedError, WorkerProcess, WorkerTimeoutError

MOST_IDLE = 8
"""Workers that are kept for the next parallel calls; each has about 40 MB."""
INIT_SECONDS = 10.0
"""Lambda's limit for the initialisation (developer guide, "Lambda execution environment lifecycle")."""
SPARE_SECONDS = 1.0
"""After a save without a request, until the next worker is started."""
Broken: TypeAlias = Callable[[dict[str, Any], Sequence[Any] | None], None]


@dataclass(frozen=True, slots=True)
class Invocation:
    """What the emulator asks; `timeout` in seconds, `environment` with the keys of the function's role."""

    arn: str
    handler: str
    event: Any
    request_id: str
    timeout: float
    environment: Mapping[str, str]
    trace_id: str | None = None

    def wire(self) -> dict[str, Any]:
        """The part of it that the worker needs."""
        names = ("arn", "event", "request_id", "timeout", "trace_id")
        return {name: getattr(self, name) for name in names}


@dataclass(slots=True)
class Pool:
    """Workers of the function whose code is in `source`; `on_broken` gets each error of an import."""

    source: Source
    on_log: Callable[[str], None]
    on_broken: Broken
    _idle: list[WorkerProcess] = field(default_factory=list)
    _spare: WorkerProcess | None = None
    _generation: int = 0
    _libraries: Sequence[str] = ()
    _handler: str = ""
    _closed: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, asked: Invocation) -> Outcome:
        """The answer of a worker with the code as it is now."""
        with self._lock:
            generation, worker = self._generation, self._take(asked.environment)
            self._handler = asked.handler
        try:
            if worker is None:
                worker, broken = self._loaded(asked)
                if broken is not None:
                    return broken
            outcome, modules = invoked(worker, asked, asked.timeout)
        finally:
            # In a thread: the answer does not wait until the next worker has been started.
            threading.Thread(target=self._prepare, args=(asked.environment,), daemon=True).start()
        with self._lock:
            self._libraries = modules or self._libraries
            keep = (
                modules is not None
                and generation == self._generation
                and not self._closed
                and len(self._idle) < MOST_IDLE
            )
            if keep:
                self._idle.append(worker)
        if not keep:
            worker.close()
        return outcome

    def reload(self) -> bool:
        """Import the code again; True when a worker that was waiting has it. Invocations that run end with the old."""
        with self._lock:
            self._generation += 1
            old, self._idle = self._idle, []
            spare, self._spare = self._spare, None
        for worker in old:
            worker.close()
        if spare is None:
            return False
        broken = self._load_error(spare, self._handler, "")
        if broken is None:
            with self._lock:
                self._idle.append(spare)
        # Not at once: the first request after a save has the processor for itself.
        later = threading.Timer(SPARE_SECONDS, self._prepare, (spare.environment,))
        later.daemon = True
        later.start()
        return broken is None

    def close(self) -> None:
        """End all workers that wait; those that answer end after it."""
        with self._lock:
            self._closed = True
            workers = [*self._idle, *([self._spare] if self._spare else [])]
            self._idle, self._spare = [], None
        for worker in workers:
            worker.close()

    def _take(self, environment: Mapping[str, str]) -> WorkerProcess | None:
        """A loaded worker with this environment; those with another one, of before an update, end."""
        while self._idle:
            worker = self._idle.pop()
            if worker.environment == environment:
                return worker
            worker.close()
        return None

    def _loaded(self, asked: Invocation) -> tuple[WorkerProcess, Outcome | None]:
        with self._lock:
            worker, self._spare = self._spare, None
        if worker is not None and worker.environment != asked.environment:
            worker.close()
            worker = None
        worker = worker or WorkerProcess(asked.environment, self.source, self.on_log)
        return worker, self._load_error(worker, asked.handler, asked.request_id)

    def _load_error(self, worker: WorkerProcess, handler: str, request_id: str) -> Outcome | None:
        """The error of the import, after which the worker has ended; None when it is ready."""
        found = loaded(worker, handler, request_id, INIT_SECONDS)
        if isinstance(found, list):
            self._libraries = found
            return None
        worker.close()
        outcome, place = found
        self.on_broken(outcome.body, place)
        return outcome

    def _prepare(self, environment: Mapping[str, str]) -> None:
        """Start the spare, if there is none: a fresh interpreter with the libraries, and nothing of the source."""
        with self._lock:
            if self._spare is not None or self._closed:
                return
            self._spare = worker = WorkerProcess(environment, self.source, self.on_log)
        worker.warm(self._libraries)


def loaded(
    worker: WorkerProcess, handler: str, request_id: str, seconds: float | None
) -> list[str] | tuple[Outcome, Sequence[Any] | None]:
    """The libraries that the handler imported; or the error of the import, with file and line where they are known."""
    try:
        found = worker.load(handler, seconds)
    except WorkerTimeoutError:
        return timed_out(request_id, seconds or 0, worker.log), None
    except WorkerEndedError as error:
        return exited(request_id, str(error), worker.log), None
    if "error" not in found:
        return list(found["modules"])
    shape = {**found["error"], "requestId": request_id}
    return failed(shape, f"[ERROR] {shape['errorType']}: {shape['errorMessage']}"), found["place"]


def invoked(worker: WorkerProcess, asked: Invocation, seconds: float | None) -> tuple[Outcome, list[str] | None]:
    """The outcome of an invocation, and the libraries where it imported some; None after the end of the worker."""
    try:
        found, log = worker.invoke(asked.wire(), seconds)
    except WorkerTimeoutError:
        return timed_out(asked.request_id, seconds or 0, worker.log), None
    except WorkerEndedError as error:
        return exited(asked.request_id, str(error), worker.log), None
    outcome = failed(found["error"], log) if "error" in found else answered(found["result"], log)
    return outcome, list(found.get("modules", ()))
