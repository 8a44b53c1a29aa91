"""How long a call waits for its answer, and the message about one that is late."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ReadTimeoutError


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds until a late answer is named by `say`, seconds until the call is given up, and how often it is sent.

    The defaults bound a call without an answer to a minute: the slowest calls of CloudFormation and RDS answer within
    a few seconds, and botocore's own 60 seconds and six attempts would be silent for six minutes.
    """

    say: Callable[[str], None] = lambda _: None
    late: float = 10.0
    answer: float = 30.0
    attempts: int = 2

    def stop(self, *, attempts: int, caught_exception: Exception | None = None, **_: Any) -> bool | None:
        """A handler of botocore's event `needs-retry`: False, for no retry, after the last attempt without an answer.

        botocore takes the first result that is not None, so this one must be registered before botocore's own.
        """
        return False if isinstance(caught_exception, ReadTimeoutError) and attempts >= self.attempts else None


class LateAnswers:
    """Handlers of the events around each attempt of a client's calls; they run in the thread of the call."""

    def __init__(self, timeouts: Timeouts, service: str) -> None:
        """Nothing is awaited yet."""
        self._timeouts, self._service = timeouts, service
        self._awaited = threading.local()

    def sent(self, request: Any, event_name: str, **_: Any) -> None:
        """Of `before-send`: count the seconds from here."""
        # The event is called before-send.SERVICE.OPERATION.
        call = f"{self._service} {event_name.rpartition('.')[2]}"
        host = urlsplit(request.url).netloc
        text = f"waiting for an answer to {call} from {host}; it is given up after {self._timeouts.answer:g} s"
        timer = threading.Timer(self._timeouts.late, self._timeouts.say, [text])
        # Else the process could not end while a call is unanswered.
        timer.daemon = True
        self._awaited.timer = timer
        timer.start()

    def answered(self, **_: Any) -> None:
        """Of `response-received`, which also comes after a lost connection: nothing is awaited any more."""
        timer: threading.Timer | None = getattr(self._awaited, "timer", None)
        if timer is not None:
            timer.cancel()
