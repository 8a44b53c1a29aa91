"""`status --watch`: an environment on one screen, until Ctrl-C."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TextIO

import click

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.cloudwatch import AwsMetrics
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.branch_ends import stack_ends
from aurora_cfn.cli.runs.client_target import environment_target, shown_with_others
from aurora_cfn.cli.runs.database import databases_in
from aurora_cfn.cli.runs.prices import prices_of
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import masked
from aurora_cfn.cli.terminal.resource_block import painted
from aurora_cfn.deploy.desired import selected
from aurora_cfn.errors import AwsError
from aurora_cfn.model.branch import Branch
from aurora_cfn.model.environment_view import EnvironmentView
from aurora_cfn.model.rows import Database
from aurora_cfn.model.stack import Stack
from aurora_cfn.operate.branches.overview import branches
from aurora_cfn.operate.database_copy import copies
from aurora_cfn.operate.environment_watch import EnvironmentWatch
from aurora_cfn.operate.metrics.reader import MetricsReader
from aurora_cfn.report.environment_screen import screen_lines

EVERY = 5.0
"""Seconds between two rounds of calls."""
REDRAW = 1.0
"""Seconds between two drawings, which follow the size of the window."""
CLEAR, HOME, REST_OF_LINE, REST = "\x1b[2J", "\x1b[H", "\x1b[K", "\x1b[J"
"""ED, CUP, EL and ED of ECMA-48: erase the screen, go to its start, erase the rest of the line, of the screen."""


def watch_environment(env: str, aws: AwsOptions, stacks: Sequence[str]) -> None:
    """Show the environment until Ctrl-C, each round over the one before.

    Raises InputError, and AwsError where the first round fails; later ones are tried again.
    """
    target = shown_with_others(environment_target(env, aws, deployable=False))
    color = click.globals.resolve_color_default() is not False and "NO_COLOR" not in os.environ
    look, clock, out = environment_watch(target, stacks).round, SystemClock(), sys.stdout
    try:
        view = look()
        out.write(CLEAR)
        while True:
            end = clock.monotonic() + EVERY
            while clock.monotonic() < end:
                _draw(out, view, color=color)
                clock.sleep(REDRAW)
            try:
                view = look()
            except AwsError as error:
                view = replace(view, notes=(f"not refreshed: {error}",))
    except KeyboardInterrupt:
        out.write("\n")


def _draw(out: TextIO, view: EnvironmentView, *, color: bool) -> None:
    size = os.get_terminal_size()
    # The last row and column stay free: in some terminals writing there scrolls or wraps.
    lines = screen_lines(view, max(1, size.columns - 1), max(1, size.lines - 1))
    texts = (painted(line) if color else line.plain for line in lines)
    # One write, line over line, so that nothing flickers.
    out.write(HOME + "".join(f"{masked(text)}{REST_OF_LINE}\n" for text in texts) + REST)
    out.flush()


def environment_watch(target: Target, stacks: Sequence[str]) -> EnvironmentWatch:
    """What reads the stacks asked for, or all, with their databases and branches."""
    environment, clock = target.environment, SystemClock()
    chosen = selected(environment, stacks)
    keys = {row.name: row.key for row in chosen}
    reader = MetricsReader(target.databases, AwsMetrics(target.session), clock, prices_of(environment.region))

    def find() -> Sequence[Database]:
        found = [target.cloudformation.stack(name) for name in keys]
        return [row for stack in found if stack and stack.exists for row in databases_in(target, stack)]

    def branched(listed: Sequence[Stack]) -> tuple[Branch, ...]:
        found = [row for row in copies(listed, target.owner) if row.of in keys]
        # Without a branch no schedule is read.
        return branches(found, stack_ends(target), clock.now()) if any(row.kind == "branch" for row in found) else ()

    about = ("the emulator does not know capacities",) if target.local else ()
    return EnvironmentWatch(
        environment.name, environment.region, keys, target.cloudformation, reader, clock, find, branched, about
    )
