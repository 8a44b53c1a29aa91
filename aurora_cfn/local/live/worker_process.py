"""One execution environment as its starter sees it: a process that loads the handler and answers invocations."""

from __future__ import annotations

import importlib.util
import json
import os
import queue
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

from aurora_cfn.local.live.source import Source
from aurora_cfn.local.live.worker import END_OF_LOG

Message: TypeAlias = dict[str, Any]
PROGRAM = Path(__file__).with_name("worker.py")
LOG_SECONDS = 0.5
"""How long the end of a log is waited for after the answer: both are written at once."""
# For a killed process to be reaped.
END_SECONDS = 2.0


class WorkerEndedError(Exception):
    """The process ended before it answered; the message is Lambda's for its exit code."""


class WorkerTimeoutError(Exception):
    """The process was ended because it did not answer in time."""


class WorkerProcess:
    """A started process with this environment; `on_log` gets each line that it logs, in another thread."""

    def __init__(
        self,
        environment: Mapping[str, str],
        source: Source,
        on_log: Callable[[str], None],
        debug_port: int | None = None,
    ) -> None:
        """Start it. Nothing of the source is imported yet."""
        self.environment = environment
        self._source, self._on_log = source, on_log
        options = ["-X", "frozen_modules=off"] if debug_port else []  # the debugger warns without it
        # -P: the folder of the program is not on the path, where its files would hide the user's modules of the same
        # names.
        words = [sys.executable, "-u", "-P", *options, str(PROGRAM), *([str(debug_port)] if debug_port else [])]
        own = _own(source) | (_debugger(environment) if debug_port else {})
        # In a session of its own: Ctrl-C is meant for the command, which ends its workers.
        self._process = subprocess.Popen(
            words, env={**environment, **own}, cwd=source.working_folder, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace",
            start_new_session=True,
        )  # fmt: skip
        self._answers: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._log: list[str] = []
        self._log_ended = threading.Event()
        self._warming = False
        for target in (self._read_answers, self._read_log):
            threading.Thread(target=target, daemon=True).start()

    def warm(self, modules: Sequence[str]) -> None:
        """Import these libraries without waiting for the end of it; the next answer comes after it."""
        self._warming = True
        self._send({"do": "warm", "modules": list(modules)})

    def load(self, handler: str, seconds: float | None) -> Message:
        """Import the handler: `modules` that are libraries, or `error` as Lambda shapes it, with `place`."""
        if self._warming:
            self._warming = False
            self._answer(seconds)
        found, _ = self._ask({"do": "load", "handler": handler, **self._source.wire()}, seconds)
        return found

    def invoke(self, message: Message, seconds: float | None) -> tuple[Message, str]:
        """`result` as JSON text or `error`, and what was logged; `modules` where libraries were imported by it.

        Raises WorkerEndedError, WorkerTimeoutError.
        """
        return self._ask({"do": "invoke", **message, **self._source.wire()}, seconds)

    @property
    def log(self) -> str:
        """What was logged since the last question."""
        return "\n".join(self._log)

    def close(self) -> None:
        """End the process; a handler that runs is cut off."""
        # It may have ended by itself.
        with suppress(OSError):
            self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)
        if self._process.stdin:
            with suppress(OSError):
                self._process.stdin.close()

    def _ask(self, message: Message, seconds: float | None) -> tuple[Message, str]:
        self._log.clear()
        self._log_ended.clear()
        self._send(message)
        found = self._answer(seconds)
        self._log_ended.wait(LOG_SECONDS)
        return found, self.log

    def _answer(self, seconds: float | None) -> Message:
        try:
            found = self._answers.get(timeout=seconds)
        except queue.Empty:
            self.close()
            raise WorkerTimeoutError from None
        if found is None:
            raise WorkerEndedError(_ended(self._process.wait()))
        return found

    def _send(self, message: Message) -> None:
        assert self._process.stdin is not None
        # A process that has ended is seen by its missing answer.
        with suppress(OSError, ValueError):
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()

    def _read_answers(self) -> None:
        for line in self._process.stdout or ():
            self._answers.put(json.loads(line))
        self._answers.put(None)

    def _read_log(self) -> None:
        for line in self._process.stderr or ():
            text = line.rstrip("\n")
            if text.endswith(END_OF_LOG):
                text = text.removesuffix(END_OF_LOG)
                if text:
                    self._logged(text)
                self._log_ended.set()
            else:
                self._logged(text)

    def _logged(self, text: str) -> None:
        self._log.append(text)
        self._on_log(text)


def _own(source: Source) -> dict[str, str]:
    """Variables of this execution environment alone. The source is the task's root, as /var/task is in Lambda."""
    stream = f"{time.strftime('%Y/%m/%d')}/[$LATEST]{uuid.uuid4().hex}"
    found = {"LAMBDA_TASK_ROOT": str(source.working_folder), "AWS_LAMBDA_LOG_STREAM_NAME": stream}
    # Where this program's bytecode is kept elsewhere, that of the libraries is there too.
    prefix = os.environ.get("PYTHONPYCACHEPREFIX")
    return found | ({"PYTHONPYCACHEPREFIX": prefix} if prefix else {})


def _debugger(environment: Mapping[str, str]) -> dict[str, str]:
    """PYTHONPATH with the folder of debugpy at its end: it may be installed where only this process looks."""
    spec = importlib.util.find_spec("debugpy")
    folders = [environment.get("PYTHONPATH"), str(Path(spec.origin).parents[1]) if spec and spec.origin else None]
    return {"PYTHONPATH": os.pathsep.join(filter(None, folders))}


def _ended(code: int) -> str:
    if code == 0:
        return "Runtime exited without providing a reason"
    return f"Runtime exited with error: {f'signal: {-code}' if code < 0 else f'exit status {code}'}"
