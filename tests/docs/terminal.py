"""Commands run as a person runs them: on a terminal of 120 columns that draws nothing, questions answered with yes."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

COLUMNS = 120
QUESTION = b"[y/N]: "


def session(commands: str, folder: Path, variables: Mapping[str, str]) -> str:
    """The commands, one a line, each with what it printed, and its exit code where that is not 0."""
    environment = _environment(variables)
    return "".join(_step(command, folder, environment) for command in commands.splitlines())


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    tools = str(Path(sys.executable).parent)
    plain = {"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": str(COLUMNS), "LC_ALL": "C.UTF-8"}
    return os.environ | plain | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"} | dict(variables)


def _step(command: str, folder: Path, environment: Mapping[str, str]) -> str:
    printed, code = _run(command, folder, environment)
    ending = f"$ echo $?\n{code}\n" if code else ""
    return f"$ {command}\n{printed}{ending}"


def _run(command: str, folder: Path, environment: Mapping[str, str]) -> tuple[str, int]:
    """What the command wrote to its terminal, both streams, and its exit code."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    process = subprocess.Popen(
        ["bash", "-c", command], cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    try:
        text = _read(ours)
    finally:
        os.close(ours)
    return text, process.wait(timeout=60)


def _read(ours: int) -> str:
    """Everything up to the end; each question is answered as it comes."""
    seen = b""
    with suppress(OSError):  # Linux reports EIO when the last process has closed its end of the terminal
        while piece := os.read(ours, 65536):
            seen += piece
            if seen.endswith(QUESTION):
                os.write(ours, b"y\n")
    return seen.decode("utf-8").replace("\r\n", "\n")
