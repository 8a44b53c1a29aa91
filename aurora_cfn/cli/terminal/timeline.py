"""The timeline of a stack's resources, in the width of the terminal."""

from __future__ import annotations

import contextlib
import os
import sys

from aurora_cfn.cli.terminal.messages import write_stderr
from aurora_cfn.cli.terminal.prompt import is_terminal
from aurora_cfn.model.plan import StackResult
from aurora_cfn.report.progress import headed_timeline


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
