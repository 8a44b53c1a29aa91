"""The console that fits the terminal and the options, and the timeline of a stack in its width."""

from __future__ import annotations

import contextlib
import os
import sys

import click

from aurora_cfn.cli.terminal.console import Console, JsonConsole
from aurora_cfn.cli.terminal.messages import write_stderr
from aurora_cfn.cli.terminal.prompt import can_redraw, is_terminal
from aurora_cfn.model.plan import StackResult
from aurora_cfn.ports import Clock
from aurora_cfn.report.progress import headed_timeline


def console(clock: Clock, log_format: str, *, to_stdout: bool = False, events: bool = False) -> Console:
    """The console for the log format: NDJSON, else a live status on a terminal, else plain lines.

    With `events` a terminal gets a line for each event too, as it does where the events are the product.
    """
    if log_format == "json":
        return JsonConsole(clock, to_stdout=to_stdout)
    # Windows: its older consoles do not interpret the escape sequences of the live status.
    if not is_terminal(sys.stderr) or sys.platform == "win32" or not can_redraw():
        return Console(clock)
    from aurora_cfn.cli.terminal.live import LiveConsole

    color = click.globals.resolve_color_default() is not False
    return LiveConsole(clock, sys.stderr, window, color=color, events=events or to_stdout)


def print_timeline(result: StackResult) -> None:
    """Write the timeline of a stack's resources, in the width of the terminal."""
    columns = window().columns - 1 if is_terminal(sys.stderr) else None
    write_stderr(headed_timeline(result.key, result.events, columns), nl=False)


def window() -> os.terminal_size:
    """The current size of the terminal on standard error, 80 x 24 if unknown; standard output may be a file."""
    size = os.terminal_size((0, 0))
    with contextlib.suppress(OSError):  # a terminal whose window was closed has no size
        size = os.get_terminal_size(sys.stderr.fileno())
    return size if size.columns and size.lines else os.terminal_size((80, 24))
