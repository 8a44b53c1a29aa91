"""An event loop in a thread of its own, so that busy database sessions never delay an answer of the AWS APIs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class LoopThread:
    """The thread; it ends with the process."""

    def __init__(self) -> None:
        """Start it."""
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="front", daemon=True).start()

    def wait(self, work: Coroutine[Any, Any, Result], patience: float = 10.0) -> Result:
        """The result of work done there; call it from any other thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(patience)
