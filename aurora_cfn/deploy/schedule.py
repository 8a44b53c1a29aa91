"""Work on the stacks of a dependency graph: independent stacks in parallel, a thread each; dependent ones wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from aurora_cfn.deploy.main_thread import MainThreadQueue
from aurora_cfn.model.plan import StackResult

TICK = 1.0
"""Seconds between two calls of `tick` while nothing happens: the elapsed time on the screen counts seconds."""


STOPPING_TICK = 0.4
"""The same once the run is to stop: a call in AWS that is not answered must not hold it for seconds."""


def _ignore() -> None:
    """Nothing to do when time passes."""


@dataclass(slots=True)
class Schedule:
    """All stacks of one run.

    `work` does the work on one stack; its result includes failures. `skip` gives the result of a stack whose
    dependencies failed; `interrupted` is called for each KeyboardInterrupt. While threads work, the main thread makes
    the `calls` that they queue for it. Once the run is `stopping`, it waits for threads that say nothing for at most
    `timeout` seconds: theirs may be a call that is never answered.
    """

    waits: Mapping[str, frozenset[str]]
    work: Mapping[str, Callable[[], StackResult]]
    skip: Callable[[str, Sequence[str]], StackResult]
    interrupted: Callable[[], None]
    calls: MainThreadQueue
    parallel: int = 8
    tick: Callable[[], None] = _ignore
    stopping: Callable[[], bool] = lambda: False
    timeout: float = 8.0
    _without_news: float = 0.0
    _results: dict[str, StackResult] = field(default_factory=dict)
    _started: set[str] = field(default_factory=set)
    _examined: int = -1

    def run(self) -> list[StackResult]:
        """Results of all stacks, in the order of `waits`; a failure stops only the stacks that wait for it.

        Raises KeyboardInterrupt when the run is stopping and nothing more will come.
        """
        while len(self._results) < len(self.waits):
            if self._without_news >= self.timeout:
                raise KeyboardInterrupt
            try:
                self._continue()
                if len(self._results) < len(self.waits):
                    self._serve()
            except KeyboardInterrupt:
                # Python raises it in the main thread, which is here as long as stacks are worked on.
                self.interrupted()
        return [self._results[key] for key in self.waits]

    def _serve(self) -> None:
        stopping = self.stopping()
        if self.calls.serve(STOPPING_TICK if stopping else TICK):
            self._without_news = 0.0
            return
        self._without_news += STOPPING_TICK if stopping else 0.0
        self.tick()

    def _continue(self) -> None:
        """Skip and start what the newest results allow; until the next result nothing can have changed."""
        if len(self._results) == self._examined:
            return
        # Again and again: stacks that wait for a skipped stack are skipped too.
        while self._skip_unreachable():
            pass
        self._start_ready()
        self._examined = len(self._results)

    def _skip_unreachable(self) -> bool:
        """Whether a stack was skipped because one that it waits for failed."""
        before = len(self._results)
        for key, needs in self.waits.items():
            failed = sorted(need for need in needs if need in self._results and not self._results[need].good)
            if failed and key not in self._started:
                self._started.add(key)
                self._results[key] = self.skip(key, failed)
        return len(self._results) > before

    def _start_ready(self) -> None:
        for key, needs in self.waits.items():
            # Skipped stacks are in both, so they do not count.
            running = len(self._started) - len(self._results)
            if running < self.parallel and key not in self._started and needs <= self._results.keys():
                self._started.add(key)
                # A daemon: when the main thread ends with an error, the process does not wait for answers to threads.
                threading.Thread(target=self._worker, args=(key,), name=f"stack-{key}", daemon=True).start()

    def _worker(self, key: str) -> None:
        try:
            result = self.work[key]()
        except KeyboardInterrupt:
            self.calls.post(self.interrupted)
            result = StackResult(key, key, "declined")
        except BaseException as error:
            # A bug: raised again in the main thread, where the boundary of the command line reports it.
            self.calls.post(_raise, error)
            return
        self.calls.post(self._results.__setitem__, key, result)


def _raise(error: BaseException) -> None:
    raise error
