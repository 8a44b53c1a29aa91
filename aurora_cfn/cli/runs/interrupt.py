"""Ctrl-C while stacks are worked on: leave them running, cancel an update, or go on watching."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aurora_cfn.cli.runs.questions import Questions
from aurora_cfn.cli.runs.stop import Stop
from aurora_cfn.cli.terminal.console import Console
from aurora_cfn.cli.terminal.prompt import chosen
from aurora_cfn.deploy.context import Context
from aurora_cfn.deploy.watch.limit import cancel


@dataclass(frozen=True, slots=True)
class Interrupt:
    """What Ctrl-C does in one run; `names` are the names of the stacks by key."""

    console: Console
    questions: Questions
    stop: Stop
    context: Context
    names: Mapping[str, str]

    def __call__(self) -> None:
        """The first Ctrl-C on a terminal asks; any other stops the run."""
        running = self.console.running
        if not running or not self.questions.attended() or self.stop.requested:
            self.stop.request()
            return
        updating = self.console.updating
        self.console.suspend()
        answer = chosen(interrupt_question(running, updating), "dc" if updating else "d")
        if answer == "d":
            self.stop.request()
        elif answer == "c":
            for key in updating:
                cancel(self.context, key, self.names[key], "cancelling the update")


def interrupt_question(running: Sequence[str], updating: Sequence[str]) -> str:
    """The question of the first Ctrl-C; only updates can be cancelled (CancelUpdateStack), a creation cannot."""
    whose = f" of {', '.join(updating)}" if len(running) > 1 else ""
    cancelling = f"cancel the update{whose} (c), " if updating else ""
    return f"Leave it running (d, Ctrl-C), {cancelling}go on watching (Enter)?"
