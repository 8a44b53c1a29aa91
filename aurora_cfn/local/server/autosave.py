"""Keep the state on disk while the server runs, so that a killed one loses a second, or ten where much is kept."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from aurora_cfn.local.record import read_json, replace_text
from aurora_cfn.local.server.guard import App, Receive, Scope, Send

PAUSE_SECONDS = 0.5
SHARE = 9
"""The pause is this many times what the last saving took: at most a tenth of the time goes into it, since no request
is answered meanwhile (200 stacks are 12 MB and more, half a second to write)."""
LONGEST_PAUSE_SECONDS = 10.0
QUIET_ROUNDS = 4
"""Two seconds with the usual pause: not between the requests of a deployment."""
BATCH = "together.batch"
"""File with the new states of several services, there while they are written one by one."""
logger = logging.getLogger("aurora_cfn.autosave")


@dataclass(slots=True)
class Autosave:
    """Notes that something may have changed, and saves soon after; nothing is written while nothing happens.

    `save` writes everything; `is_busy` says whether stacks change without a further request; `rest` is called in a
    thread once nothing has changed for QUIET_ROUNDS pauses after a saving.
    """

    save: Callable[[], None]
    is_busy: Callable[[], bool]
    rest: Callable[[], None] = lambda: None
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    pause: float = PAUSE_SECONDS
    trouble: str = ""
    """Why the state is not saved at the moment, such as a full disk; empty while it is."""
    _dirty: bool = False
    _quiet: int = QUIET_ROUNDS

    def watching(self, inner: App) -> App:
        """The same application; every request that can change something leaves the state unsaved."""

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await inner(scope, receive, send)
            finally:
                if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
                    self._dirty = True

        return app

    async def run(self) -> None:
        """Save now and then, until the process ends."""
        while True:
            await self.sleep(self.pause)
            if self._dirty:
                self._dirty = self.is_busy()
                self.save_now()
                self._quiet = 0
            elif self._quiet < QUIET_ROUNDS:
                self._quiet += 1
                if self._quiet == QUIET_ROUNDS:
                    await asyncio.to_thread(self.rest)

    def save_now(self) -> None:
        """Save; what fails is logged, once for each reason, and tried again. The old state stays on disk then."""
        began = time.monotonic()
        try:
            self.save()
        except OSError as error:
            self._failed(f"the state is not saved: {error.strerror or error}; what was saved before stays")
        except Exception as error:
            logger.debug("the state was not saved", exc_info=True)
            self._failed(f"the state is not saved: {type(error).__name__}: {error}; what was saved before stays")
        else:
            if self.trouble:
                logger.warning("the state is saved again")
            self.trouble = ""
        self.pause = pause_after(time.monotonic() - began)

    def _failed(self, sentence: str) -> None:
        self._dirty = True
        if sentence != self.trouble:
            logger.error(sentence)
        self.trouble = sentence


def pause_after(seconds: float) -> float:
    """Seconds to wait after a saving that took so long."""
    return min(LONGEST_PAUSE_SECONDS, max(PAUSE_SECONDS, seconds * SHARE))


@dataclass(slots=True)
class ChangedOnly:
    """ministack's `save_state`, but a service whose state is what it was last time is not written again.

    `encode` and `version` are ministack's own, so that its loader reads what this writes.
    """

    folder: Path
    encode: Callable[[Any], Any]
    version: Callable[[str], int]
    elsewhere: Mapping[str, Path] = field(default_factory=dict)
    """Files outside of the folder, by the names that `put` takes; they are no states of ministack."""
    _seen: dict[str, bytes] = field(default_factory=dict)
    _refused: set[str] = field(default_factory=set)
    _batch: dict[str, str] | None = None

    def __call__(self, service: str, data: Any) -> None:
        """Write the state of one service, readable by the owner alone: it holds secrets."""
        wrapped = {"__ministack_format__": self.version(service), "payload": data}
        try:
            text = json.dumps(wrapped, default=self.encode)
        except (TypeError, ValueError) as error:  # one service that cannot be written must not keep the others from it
            if service not in self._refused:
                logger.warning("the state of %s is not kept: %s", service, error)
                self._refused.add(service)
            return
        self.put(service, text)

    def put(self, name: str, text: str) -> None:
        """Write a text unless it is what it was last time."""
        if self._seen.get(name) == _digest(text):
            if self._batch is not None:
                self._batch.pop(name, None)  # it was put with another text a moment ago
            return
        if self._batch is None:
            self._write({name: text})
            self._seen[name] = _digest(text)
        else:
            self._batch[name] = text

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write what is saved meanwhile in one step: even after kill -9, a stack and its resources fit each other."""
        self._batch = {}
        try:
            yield
        finally:
            texts, self._batch = self._batch, None
        if texts:
            self.folder.mkdir(parents=True, exist_ok=True)
            replace_text(self.folder / BATCH, json.dumps(texts))
            self._write(texts)
            (self.folder / BATCH).unlink()
            self._seen |= {service: _digest(text) for service, text in texts.items()}

    def complete(self) -> None:
        """After a kill in the middle of such a step: finish it."""
        batch = self.folder / BATCH
        texts = read_json(batch)
        if texts is not None:
            self._write(texts)
            batch.unlink()

    def _write(self, texts: Mapping[str, str]) -> None:
        for name, text in texts.items():
            path = self.elsewhere.get(name) or self.folder / f"{name}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_text(path, text)


def _digest(text: str) -> bytes:
    return blake2b(text.encode()).digest()
