"""The relay on this machine: it takes events from the session's queue, and sends answers to the function's."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from aurora_cfn.errors import AwsError
from aurora_cfn.handlers.live_stub import packed, unpacked
from aurora_cfn.ports.live import RelayQueues

ACK_AFTER_SECONDS = 0.8
"""An answer that comes sooner is the acknowledgement itself: one message less."""
PARALLEL = 32
"""Events answered at once: each waits for the code on this machine."""
RECEIVERS = 2
"""One waits for the next event while the other deletes what it got."""


@dataclass(slots=True)
class Relay:
    """`answer` gives `body`, `error` and `log` for an event's message; `now` is the time in seconds since the epoch."""

    queues: RelayQueues
    queue: str
    answer: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    now: Callable[[], float]
    on_trouble: Callable[[str], None]
    ended: threading.Event = field(default_factory=threading.Event)
    ack_after: float = ACK_AFTER_SECONDS
    _parts: dict[str, dict[int, str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(PARALLEL, "relay"))

    def start(self) -> None:
        """Take events in threads of their own, until the queue is gone; then `ended` is set."""
        for _ in range(RECEIVERS):
            threading.Thread(target=self._receive, daemon=True).start()

    def close(self) -> None:
        """Take no more events."""
        self.ended.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _receive(self) -> None:
        while not self.ended.is_set():
            try:
                bodies = self.queues.receive_bodies(self.queue)
            except AwsError as error:
                self.on_trouble(f"the queue cannot be read: {error}")
                self.ended.wait(1)
                continue
            if bodies is None:
                self.ended.set()
                return
            for body in bodies:
                self._take(json.loads(body))

    def _take(self, body: Mapping[str, Any]) -> None:
        """One part of an event; the last part starts the answer."""
        with self._lock:
            parts = self._parts.setdefault(str(body["id"]), {})
            parts[int(body["part"])] = str(body["data"])
            if len(parts) < int(body["of"]):
                return
            del self._parts[str(body["id"])]
        if not self.ended.is_set():
            self._pool.submit(self._answered, str(body["id"]), unpacked(parts))

    def _answered(self, identifier: str, message: Mapping[str, Any]) -> None:
        to, reply = str(message["to"]), str(message["reply"])
        if self.now() > float(message["deadline"]):
            return  # its caller has an error already
        ack = json.dumps({"id": identifier, "to": to, "ack": True})
        timer = threading.Timer(self.ack_after, self._send, (reply, ack))
        timer.start()
        try:
            found = self.answer(message)
        finally:
            timer.cancel()
        for body in packed(identifier, to, found):
            self._send(reply, body)

    def _send(self, queue: str, body: str) -> None:
        try:
            self.queues.send_body(queue, body)
        except AwsError as error:
            if not self.ended.is_set():
                self.on_trouble(f"an answer cannot be sent: {error}")
