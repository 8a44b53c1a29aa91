"""A whole command in a process of its own that is killed in the middle: from a server that has imported all of it."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import boto3  # noqa: F401 -- imported once, for all processes that are started
import pytest  # noqa: F401

import aurora_cfn.cli.runs.deploy
import aurora_cfn.cli.runs.readiness  # noqa: F401
from aurora_cfn.cli import root
from tests.cli.project import KEYS, Project

MODULE = "tests.cli.killed"
TIMEOUT = 300
"""Seconds until the test fails because the call at which it kills never came, also on a busy machine."""


@dataclass
class Killer:
    """Hears every call, calls `others` too, and kills the process once the `nth` of that action is carried out."""

    others: Callable[[str], None]
    action: str
    nth: int
    seen: Counter[str] = field(default_factory=Counter)
    victim: Future[int] = field(default_factory=Future)

    def __call__(self, action: str) -> None:
        self.others(action)
        self.seen[action] += 1
        if action == self.action and self.seen[action] == self.nth:
            os.kill(self.victim.result(TIMEOUT), signal.SIGKILL)


DEPLOY = ("deploy", "--no-proof", "--no-preflight")


def killed(project: Project, action: str, nth: int, *arguments: str, command: tuple[str, ...] = DEPLOY) -> None:
    """Deploy until then, or what else `command` is. Fails when the process ended before it could be killed."""
    killer = Killer(project.endpoint.heard, action, nth)
    project.endpoint.heard = killer
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([MODULE])
    process = context.Process(target=run, args=(project.folder, project.endpoint.url, (*command, *arguments)))
    process.start()
    killer.victim.set_result(process.pid or 0)
    process.join(TIMEOUT)
    assert process.exitcode == -signal.SIGKILL, (action, nth, process.exitcode, project.endpoint.actions)


def run(folder: Path, url: str, arguments: tuple[str, ...]) -> None:
    """The command, in the new process."""
    os.chdir(folder)
    os.environ.update(KEYS)
    words = [*arguments, "--env", "dev", "--endpoint-url", url]
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        root.main(args=words, standalone_mode=False)
