"""The console that fits the terminal and the options."""

from __future__ import annotations

import sys

import click

from aurora_cfn.cli.terminal.console import Console, JsonConsole
from aurora_cfn.cli.terminal.prompt import can_redraw, is_terminal
from aurora_cfn.ports import Clock


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
    from aurora_cfn.cli.terminal.timeline import window

    color = click.globals.resolve_color_default() is not False
    return LiveConsole(clock, sys.stderr, window, color=color, events=events or to_stdout)
