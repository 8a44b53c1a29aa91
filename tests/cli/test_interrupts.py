"""Real processes: signals, and a terminal that is asked."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import signal
import subprocess
import sys
import threading
import time

import pytest

from tests.cli.project import KEYS, PARAMS, Project
from tests.cli.screen import Screen

pytestmark = pytest.mark.slow

TIMEOUT = 180
"""Seconds until a process that does not continue fails its test: many times what it takes, also on a busy machine."""
AGAIN = 10
"""Seconds without a word after which a signal is sent again."""

DEPLOY = ("deploy", "--no-proof", "--no-preflight")


def start(
    dev: Project, *arguments: str, terminal: int | None = None, verb: tuple[str, ...] = DEPLOY
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "aurora_cfn", *verb, "--env", "dev", "--endpoint-url", dev.endpoint.url]
    stream = subprocess.DEVNULL if terminal is None else terminal
    return subprocess.Popen(
        [*command, *arguments], cwd=dev.folder, env=os.environ | KEYS,
        stdin=stream, stdout=subprocess.PIPE, stderr=subprocess.PIPE if terminal is None else terminal,
        preexec_fn=_hears_signals,
    )  # fmt: skip


def _hears_signals() -> None:
    """A suite in the background ignores SIGINT, one under `nohup` SIGHUP, and so would what it starts."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def until(dev: Project, action: str) -> None:
    deadline = time.monotonic() + TIMEOUT
    while action not in dev.endpoint.actions:
        assert time.monotonic() < deadline, dev.endpoint.actions
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_without_a_terminal_a_signal_leaves_the_operation_running(dev: Project, number: signal.Signals) -> None:
    dev.endpoint.cfn.at_once = False  # the clock stands still: it never ends
    process = start(dev, "--yes")
    until(dev, "DescribeStackEvents")
    process.send_signal(number)
    out, err = process.communicate(timeout=TIMEOUT)
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
    assert process.wait(timeout=TIMEOUT) == 1
    assert "ExecuteChangeSet" not in dev.endpoint.actions
    assert dev.endpoint.cfn.names() == []
    os.close(ours)


def shown_next(terminal: int) -> bytes:
    """What is shown next; empty after AGAIN seconds without anything."""
    return os.read(terminal, 4096) if select.select([terminal], [], [], AGAIN)[0] else b""


LEAVING = [(DEPLOY, signal.SIGINT), (("destroy",), signal.SIGINT), (DEPLOY, signal.SIGTERM)]


@pytest.mark.parametrize(("verb", "number"), LEAVING)
def test_a_signal_at_the_question_leaves_all_as_it_was(
    dev: Project, verb: tuple[str, ...], number: signal.Signals
) -> None:
    if verb != DEPLOY:
        dev.endpoint.cfn.put("db-dev", "CREATE_COMPLETE")
    before = dev.endpoint.cfn.names()
    ours, theirs = pty.openpty()
    process = start(dev, terminal=theirs, verb=verb)
    os.close(theirs)
    seen = b""
    while b"[y/N]" not in seen:
        seen += os.read(ours, 4096)
    while b"declined" not in seen:
        # A signal that comes between the question and the reading of the answer is seen only with the next one. One
        # that comes while it ends would kill it: the next is sent only if nothing was shown for long.
        process.send_signal(number)
        while b"declined" not in seen and (more := shown_next(ours)):
            seen += more
    assert process.wait(timeout=TIMEOUT) == 130
    screen = Screen()
    screen.feed(seen.decode())
    assert any(re.match(r"( *[\d.]+s  db  )?declined", line) for line in screen.shown), screen.shown
    assert not {"ExecuteChangeSet", "CancelUpdateStack"} & set(dev.endpoint.actions)
    assert dev.endpoint.cfn.names() == before
    os.close(ours)


def test_a_creation_goes_on_without_its_reader_and_no_one_is_offered_to_cancel_it(dev: Project) -> None:
    dev.endpoint.cfn.at_once = False  # the clock stands still
    ours, theirs = pty.openpty()
    process = start(dev, "--yes", terminal=theirs)
    os.close(theirs)
    seen = b""
    while b"CREATE_IN_PROGRESS\r\n" not in seen:
        seen += os.read(ours, 4096)
    process.send_signal(signal.SIGINT)
    while b"(Enter)?" not in seen:
        seen += os.read(ours, 4096)
    assert b"Leave it running (d, Ctrl-C), continue watching (Enter)?" in seen
    os.write(ours, b"c\n\n")
    while b"is not one of" not in seen:
        seen += os.read(ours, 4096)
    while not re.search(rb"0/\d+  CREATE_IN_PROGRESS\r\n", seen.rpartition(b"is not one of")[2]):
        seen += os.read(ours, 4096)
    os.close(ours)
    dev.endpoint.cfn.clock.sleep(600)
    assert process.wait(timeout=TIMEOUT) == 0
    assert "CancelUpdateStack" not in dev.endpoint.actions


STATUS = re.compile(r" *[\d.ms]+  db  [━─]+  \d+/\d+  [A-Z_]+")
QUESTION = "Leave it running (d, Ctrl-C), cancel the update (c), continue watching (Enter)?"


class Seat:
    """A person at a terminal in which an update runs that does not end by itself."""

    def __init__(self, dev: Project) -> None:
        assert dev.deploy("--yes").exit_code == 0
        dev.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: 16"))
        dev.endpoint.cfn.at_once = False  # the clock stands still
        dev.endpoint.cfn.seconds = 60
        dev.endpoint.actions.clear()
        self.dev, self.text = dev, ""
        self.terminal, theirs = pty.openpty()
        self.process = start(dev, "--yes", terminal=theirs)
        os.close(theirs)
        self.until("UPDATE_IN_PROGRESS\r\n")

    def until(self, part: str) -> None:
        """Look on until that is shown after what was seen so far."""
        seen = ""
        while part not in seen:
            seen += os.read(self.terminal, 4096).decode()
        self.text += seen

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def type(self, text: str) -> None:
        os.write(self.terminal, text.encode())

    def ended(self) -> int:
        """The exit code, once everything was read."""
        with contextlib.suppress(OSError):
            while data := os.read(self.terminal, 4096):
                self.text += data.decode()
        os.close(self.terminal)
        return self.process.wait(timeout=TIMEOUT)

    def screen(self) -> list[str]:
        screen = Screen()
        screen.feed(self.text)
        return screen.shown


def test_ctrl_c_asks_then_goes_on_and_the_next_one_may_cancel_the_update(dev: Project) -> None:
    seat = Seat(dev)
    seat.interrupt()
    seat.until(QUESTION)
    assert not any(map(STATUS.fullmatch, seat.screen()))
    seat.type("\n")
    seat.until("UPDATE_IN_PROGRESS\r\n")
    assert any(map(STATUS.fullmatch, seat.screen()))
    assert "CancelUpdateStack" not in dev.endpoint.actions
    seat.interrupt()
    seat.until(QUESTION)
    seat.type("c\n")
    until(dev, "CancelUpdateStack")
    dev.endpoint.cfn.clock.sleep(600)
    assert seat.ended() == 5
    assert dev.endpoint.actions.count("CancelUpdateStack") == 1
    assert "db-dev: the update was cancelled: it ended in UPDATE_ROLLBACK_COMPLETE" in seat.text
    assert not any(map(STATUS.fullmatch, seat.screen()))


@pytest.mark.parametrize("answer", ["d\n", None])
def test_who_leaves_or_presses_it_twice_leaves_the_update_running(dev: Project, answer: str | None) -> None:
    seat = Seat(dev)
    seat.interrupt()
    seat.until(QUESTION)
    if answer:
        seat.type(answer)
    else:
        # As above: the next one only if nothing was shown for long.
        seat.interrupt()
        while not select.select([seat.terminal], [], [], AGAIN)[0] and seat.process.poll() is None:
            seat.interrupt()
    assert seat.ended() == 7
    assert any(re.fullmatch(r" *[\d.ms]+  db  still running", line) for line in seat.screen()), seat.screen()
    assert "CancelUpdateStack" not in dev.endpoint.actions
    assert "events --env dev" in seat.text
    assert not any(map(STATUS.fullmatch, seat.screen()))


@pytest.mark.parametrize(
    ("verb", "call", "number"),
    [
        (DEPLOY, "GetCallerIdentity", signal.SIGTERM),
        (DEPLOY, "GetCallerIdentity", signal.SIGHUP),
        (DEPLOY, "GetCallerIdentity", signal.SIGINT),
        (("events", "--follow"), "DescribeStacks", signal.SIGTERM),
        (("events", "--follow"), "DescribeStacks", signal.SIGINT),
    ],
)
def test_a_signal_ends_a_first_call_that_is_not_answered(
    dev: Project, verb: tuple[str, ...], call: str, number: signal.Signals
) -> None:
    over = threading.Event()

    def heard(action: str) -> None:
        if action == call:
            over.wait(2 * TIMEOUT)

    dev.endpoint.heard = heard
    process = start(dev, *(["--yes"] if verb == DEPLOY else []), verb=verb)
    until(dev, call)
    process.send_signal(number)
    # The answer is still held back while it ends.
    _, err = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, err.decode().splitlines()[-1]) == (130, "interrupted")
    over.set()


def test_a_yes_typed_before_the_question_is_no_answer(dev: Project) -> None:
    ours, theirs = pty.openpty()
    process = start(dev, terminal=theirs)
    os.write(ours, b"y\n")
    os.close(theirs)
    seen = b""
    while b"[y/N]" not in seen:
        seen += os.read(ours, 4096)
    os.write(ours, b"n\n")
    assert process.wait(timeout=TIMEOUT) == 1
    assert "ExecuteChangeSet" not in dev.endpoint.actions
    os.close(ours)
