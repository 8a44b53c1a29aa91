"""Work that only the main thread may do, such as printing and asking, queued by the threads of the stacks."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from aurora_cfn.deploy.context import Listener
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import StackResult

Answer = TypeVar("Answer")


class MainThreadQueue:
    """Calls that wait for the main thread, which makes them one at a time in `serve`."""

    def __init__(self) -> None:
        """The queue is empty."""
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def post(self, call: Callable[..., None], *arguments: Any) -> None:
        """Leave a call for the main thread, and return at once."""
        self._calls.put(lambda: call(*arguments))

    def call(self, question: Callable[..., Answer], *arguments: Any) -> Answer:
        """The result of a call that the main thread makes; waits for it, and raises what it raises."""
        # Queued, the call would wait for its own thread.
        if threading.current_thread() is threading.main_thread():
            return question(*arguments)
        reply: Future[Answer] = Future()

        def answer() -> None:
            try:
                reply.set_result(question(*arguments))
            except BaseException as error:
                # Raised in the asking thread only: it deletes its change set before the run ends.
                reply.set_exception(error)

        self._calls.put(answer)
        return reply.result()

    def serve(self, seconds: float) -> bool:
        """Make the next call; False when none came in that time."""
        try:
            # With a timeout: in between, the live status is redrawn, and Python can deliver a signal.
            call = self._calls.get(timeout=seconds)
        except queue.Empty:
            return False
        call()
        return True


@dataclass(frozen=True, slots=True)
class QueuedListener:
    """A listener that has the main thread call another one, in order, without waiting for it."""

    calls: MainThreadQueue
    listener: Listener

    def step(self, key: str, text: str) -> None:
        self.calls.post(self.listener.step, key, text)

    def warn(self, key: str, text: str) -> None:
        self.calls.post(self.listener.warn, key, text)

    def started(self, key: str, resources: int) -> None:
        self.calls.post(self.listener.started, key, resources)

    def event(self, key: str, event: StackEvent) -> None:
        self.calls.post(self.listener.event, key, event)

    def ended(self, result: StackResult) -> None:
        self.calls.post(self.listener.ended, result)
