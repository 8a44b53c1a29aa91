"""A process that outlives the command that starts it: its two streams in a log, its life shown by a lock."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from aurora_cfn.local.lock import is_held

# A log over this size is put aside at the next start; one older log is kept.
LOG_BYTES = 10_000_000
# Between two looks at a process that starts or stops; commands wait for it.
POLL_SECONDS = 0.02


def start_detached(
    words: Sequence[str],
    log: Path,
    environ: Mapping[str, str],
    *,
    folder: Path | None = None,
    stdin: int = subprocess.DEVNULL,
    stdout: int | None = None,
) -> subprocess.Popen[bytes]:
    """The process, in a session of its own; what it writes is added to the log.

    It imports this package, wherever that is. Without a `folder` it runs in the current one. `stdin` and `stdout` may
    be pipes.
    """
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    # The folder of this package: in another folder a checkout would not be found.
    packages = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, (packages, environ.get("PYTHONPATH"))))
    with log.open("ab") as file:
        return subprocess.Popen(
            words, stdin=stdin, stdout=file if stdout is None else stdout, stderr=file,
            env={**environ, "PYTHONPATH": path}, cwd=folder, start_new_session=True,
        )  # fmt: skip


def end_detached(pid: int, alive: Path, timeout: float) -> None:
    """Return when no process holds the lock `alive`: after SIGTERM to `pid`, or SIGKILL after `timeout` seconds."""
    _signal(pid, signal.SIGTERM)
    deadline = time.monotonic() + timeout
    while is_held(alive):
        if time.monotonic() > deadline:
            _signal(pid, signal.SIGKILL)
            deadline = time.monotonic() + timeout
        time.sleep(POLL_SECONDS)


def _signal(pid: int, number: signal.Signals) -> None:
    # It may have ended since the lock was looked at.
    with suppress(ProcessLookupError):
        os.kill(pid, number)
