"""Real processes: signals, and a terminal that is asked."""

from __future__ import annotations

import contextlib
import os
import pty
import signal
import subprocess
import sys
import time

import pytest

from tests.cli.project import KEYS, Project

pytestmark = pytest.mark.slow


def start(dev: Project, *arguments: str, terminal: int | None = None) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "aurora_cfn", "deploy", "--env", "dev", "--endpoint-url", dev.endpoint.url]
    stream = subprocess.DEVNULL if terminal is None else terminal
    return subprocess.Popen(
        [*command, "--no-proof", "--no-preflight", *arguments], cwd=dev.folder, env=os.environ | KEYS,
        stdin=stream, stdout=subprocess.PIPE, stderr=subprocess.PIPE if terminal is None else terminal,
        preexec_fn=_hears_interrupts,
    )  # fmt: skip


def _hears_interrupts() -> None:
    """A suite that runs in the background is started with SIGINT ignored, and so would be what it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def until(dev: Project, action: str) -> None:
    deadline = time.monotonic() + 60
    while action not in dev.endpoint.actions:
        assert time.monotonic() < deadline, dev.endpoint.actions
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_without_a_terminal_a_signal_leaves_the_operation_running(dev: Project, number: signal.Signals) -> None:
    dev.endpoint.cfn.at_once = False  # the clock stands still: it never ends
    process = start(dev, "--yes")
    until(dev, "DescribeStackEvents")
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 7, err.decode()
    assert out == b""
    way = f"--env dev --endpoint-url {dev.endpoint.url}"
    assert f"`aurora-cfn events {way} --stack db --follow` shows it".encode() in err
    assert b"\x1b" not in err
    assert "CancelUpdateStack" not in dev.endpoint.actions
    assert "DeleteChangeSet" not in dev.endpoint.actions


def test_on_a_terminal_no_means_no_and_nothing_is_left(dev: Project) -> None:
    ours, theirs = pty.openpty()
    process = start(dev, terminal=theirs)
    os.close(theirs)
    until(dev, "DescribeChangeSet")
    seen = b""
    while b"[y/N]" not in seen:
        seen += os.read(ours, 4096)
    os.write(ours, b"n\n")
    assert process.wait(timeout=60) == 1
    assert "ExecuteChangeSet" not in dev.endpoint.actions
    assert dev.endpoint.cfn.names() == []
    os.close(ours)


def test_ctrl_c_at_the_question_takes_the_change_set_back(dev: Project) -> None:
    ours, theirs = pty.openpty()
    process = start(dev, terminal=theirs)
    os.close(theirs)
    seen = b""
    while b"[y/N]" not in seen:
        seen += os.read(ours, 4096)
    # A signal that comes between the question and the reading of the answer is seen only with the next one.
    for _ in range(30):
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=1)
            break
    assert process.returncode == 130
    assert "ExecuteChangeSet" not in dev.endpoint.actions
    assert dev.endpoint.cfn.names() == []
    os.close(ours)
