"""Processes of database servers: whether they are what a pid file says, and how they are ended."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from aurora_cfn.local.servers.owner import Owner

POLL_SECONDS = 0.01
_TIMEOUT = 10.0
"""Seconds for the orderly end of a server, and again for the end of a killed one."""


def runs_as(word: str, pid: int) -> bool:
    """Whether the process lives and has the word in its command line: a pid file may be older than the machine's start.

    The command line is empty for a dead process that is not yet reaped.
    """
    try:
        return word in Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        if Path("/proc/self").exists():
            return False
    said = subprocess.run(["ps", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True)
    status, _, command = said.stdout.strip().partition(" ")
    return word in command and not status.startswith("Z")


def last_words(log: Path) -> str:
    """The end of a server's own log, on one line."""
    try:
        return " ".join(log.read_text(errors="replace").split())[-600:]
    except OSError:
        return ""


def started(command: Sequence[str], folder: Path, environ: Mapping[str, str], who: Owner) -> subprocess.Popen[bytes]:
    """The process of a server, started as its user in its folder, where both of its streams are added to `log`."""
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder, env=environ, start_new_session=True,
            **who.options(),
        )  # fmt: skip


def wait_until_ready(
    process: subprocess.Popen[bytes], title: str, ready: Callable[[], bool], *, seconds: float, log: Path
) -> None:
    """Return when the server is ready. Raises OSError with the end of its log when it ends or is not ready in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise OSError(f"{title} ended with exit code {process.returncode}: {last_words(log)}")
        if ready():
            return
        time.sleep(POLL_SECONDS)
    process.kill()
    raise OSError(f"{title} was not ready within {seconds:g} s: {last_words(log)}")


def end(pid: int, number: signal.Signals) -> None:
    """Signal a server and wait for its end; a stubborn one is killed."""
    try:
        os.kill(pid, number)
        deadline = time.monotonic() + _TIMEOUT
        while not gone(pid):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
                deadline += _TIMEOUT
            time.sleep(POLL_SECONDS)
    except ProcessLookupError:
        return


def gone(pid: int) -> bool:
    """Whether a process has ended; a child of this process is reaped."""
    try:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return True
    # It is the child of another process, such as an emulator that was killed.
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False
