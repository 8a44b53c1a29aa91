"""Deploy the stacks of a graph: independent ones in parallel, one thread each; dependents wait.

Worker threads never print and never ask: they put that into a queue which the main thread works off.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TypeVar

from aurora_cfn.deploy.context import Listener
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import StackResult

Answer = TypeVar("Answer")
TICK = 1.0
"""Seconds between two looks at the clock when nothing happens."""


class Desk:
    """Where worker threads leave what only the main thread may do."""

    def __init__(self) -> None:
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def post(self, task: Callable[[], None]) -> None:
        """Leave something to do; does not wait."""
        self._inbox.put(task)

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """Have the main thread answer, and wait for it; an error there is raised here."""
        if threading.current_thread() is threading.main_thread():
            return question()
        reply: Future[Answer] = Future()

        def answer() -> None:
            try:
                reply.set_result(question())
            except BaseException as error:
                # Only for who asked: it has something to take back before anybody else hears of it.
                reply.set_exception(error)

        self.post(answer)
        return reply.result()

    def serve(self, seconds: float) -> bool:
        """Do the next thing left here; False when nothing came in time."""
        try:
            task = self._inbox.get(timeout=seconds)
        except queue.Empty:
            return False
        task()
        return True


def _ignore() -> None:
    """Nothing to do when time passes."""


@dataclass(slots=True)
class Schedule:
    """All stacks of one run.

    `work` deploys one stack and must return whatever happens; `skip` says that dependencies of a stack failed;
    `interrupted` is called for each KeyboardInterrupt.
    """

    waits: Mapping[str, frozenset[str]]
    work: Callable[[str], StackResult]
    skip: Callable[[str, Sequence[str]], StackResult]
    interrupted: Callable[[], None]
    desk: Desk
    parallel: int = 8
    tick: Callable[[], None] = _ignore
    _results: dict[str, StackResult] = field(default_factory=dict)
    _started: set[str] = field(default_factory=set)
    _heeded: int = -1

    def run(self) -> list[StackResult]:
        """Results of all stacks, in the order of `waits`; a failure stops only what waits for it."""
        while len(self._results) < len(self.waits):
            try:
                self._go_on()
                if len(self._results) < len(self.waits) and not self.desk.serve(TICK):
                    self.tick()
            except KeyboardInterrupt:
                self.interrupted()
        return [self._results[key] for key in self.waits]

    def _go_on(self) -> None:
        """Skip and start what the newest results allow; until the next result nothing can have changed."""
        if len(self._results) == self._heeded:
            return
        while self._skip_hopeless():
            """What waits for a skipped stack is skipped too."""
        self._start_ready()
        self._heeded = len(self._results)

    def _skip_hopeless(self) -> bool:
        """Whether a stack was skipped, as one that it waits for did not get there."""
        before = len(self._results)
        for key, needs in self.waits.items():
            failed = sorted(need for need in needs if need in self._results and not self._results[need].good)
            if failed and key not in self._started:
                self._started.add(key)
                self._results[key] = self.skip(key, failed)
        return len(self._results) > before

    def _start_ready(self) -> None:
        for key, needs in self.waits.items():
            running = len(self._started) - len(self._results)
            if running < self.parallel and key not in self._started and needs <= self._results.keys():
                self._started.add(key)
                # A daemon: when the main thread ends with an error, nobody waits for answers that never come.
                threading.Thread(target=self._worker, args=(key,), name=f"stack-{key}", daemon=True).start()

    def _worker(self, key: str) -> None:
        try:
            result = self.work(key)
        except KeyboardInterrupt:
            self.desk.post(self.interrupted)
            result = StackResult(key, key, "declined")
        except BaseException as error:
            found = error
            self.desk.post(lambda: _again(found))
            return
        self.desk.post(lambda: self._results.__setitem__(key, result))


def _again(error: BaseException) -> None:
    raise error


@dataclass(frozen=True, slots=True)
class Relay:
    """Leaves every call at the desk, in order, without waiting."""

    desk: Desk
    listener: Listener

    def step(self, key: str, text: str) -> None:
        """Something began or was found."""
        self.desk.post(lambda: self.listener.step(key, text))

    def warn(self, key: str, text: str) -> None:
        """Something that a person should know."""
        self.desk.post(lambda: self.listener.warn(key, text))

    def started(self, key: str, resources: int) -> None:
        """The change set is being executed."""
        self.desk.post(lambda: self.listener.started(key, resources))

    def event(self, key: str, event: StackEvent) -> None:
        """One event."""
        self.desk.post(lambda: self.listener.event(key, event))

    def ended(self, result: StackResult) -> None:
        """The stack is done with."""
        self.desk.post(lambda: self.listener.ended(result))
