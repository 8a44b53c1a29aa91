"""`status --watch` as a person has it: a whole command on a terminal of its own, ended with Ctrl-C."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios

import pytest

from tests.cli.project import KEYS, Project, permitted
from tests.cli.screen import Screen

pytestmark = pytest.mark.slow
ROWS, COLUMNS = 24, 80
TIMEOUT = 180
"""Seconds without a word until the test fails: many times what it takes, also on a busy machine."""


def _own_terminal() -> None:
    """Make stdin the controlling terminal, so that the kernel turns Ctrl-C into SIGINT."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    # A suite in the background ignores SIGINT, and so would what it starts.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_one_screen_is_drawn_and_ctrl_c_ends_it_with_the_terminal_as_before(dev: Project) -> None:
    dev.endpoint.cfn.put("db-dev", "CREATE_COMPLETE")
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (ROWS, COLUMNS))
    before = termios.tcgetattr(theirs)
    command = [sys.executable, "-m", "aurora_cfn", "status", "--watch", "--env", "dev"]
    process = subprocess.Popen(
        [*command, "--endpoint-url", dev.endpoint.url], cwd=dev.folder, env=os.environ | KEYS | {"TERM": "xterm"},
        stdin=theirs, stdout=theirs, stderr=theirs, preexec_fn=_own_terminal,
    )  # fmt: skip
    seen = b""
    while b"\x1b[J" not in seen:  # the end of the first drawing
        assert select.select([ours], [], [], TIMEOUT)[0], seen
        seen += os.read(ours, 4096)
    os.write(ours, b"\x03")
    assert process.wait(timeout=TIMEOUT) == 0
    assert termios.tcgetattr(theirs) == before
    os.close(theirs)
    with contextlib.suppress(OSError):  # EIO: all was read
        while more := os.read(ours, 4096):
            seen += more
    os.close(ours)
    screen = Screen(COLUMNS, ROWS)
    screen.feed(seen.decode())
    title, *lines, last = screen.shown
    assert title.startswith("dev in eu-west-1, ")
    assert title.endswith("; Ctrl-C ends it")
    assert [line.split()[:2] for line in lines if line.startswith(("STACK", "db"))] == [
        ["STACK", "STATUS"],
        ["db", "CREATE_COMPLETE"],
    ]
    # The shell's prompt comes below what was drawn, on a line of its own.
    assert (last, seen[-2:]) == ("^C", b"\r\n")
    assert set(dev.endpoint.actions) <= permitted("status")
