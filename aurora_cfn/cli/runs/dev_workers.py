"""The workers of functions that run from a folder, and what a person sees of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from aurora_cfn.cli.runs.function_source import LiveFunction
from aurora_cfn.cli.terminal.messages import info, write_stdout
from aurora_cfn.local.live.debugged import Debugged
from aurora_cfn.local.live.invocation_server import Live, Workers
from aurora_cfn.local.live.lines import broken_line, shown_path
from aurora_cfn.local.live.pool import Pool

LOOK_SECONDS = 0.2
"""Between two looks at the files; a request looks too, so that it never gets old code."""


@dataclass(frozen=True, slots=True)
class DevOptions:
    """The options of the command; the last four are for AWS alone."""

    stacks: tuple[str, ...]
    functions: tuple[str, ...]
    sources: tuple[str, ...]
    copy_to: Path | None
    debug_port: int | None
    hours: int = 8
    as_function: bool = False
    restore: bool = False
    take_over: bool = False


class Shown:
    """Lines on the terminal from several threads; an error of the source that continues is shown once."""

    def __init__(self) -> None:
        self._broken = ""

    def say(self, kind: str, text: str) -> None:
        """Show a line: a request or a log on stdout, a note on stderr."""
        if kind == "note":
            self._broken = ""
            info(f"{time.strftime('%H:%M:%S')} {text}")
        else:
            write_stdout(f"{time.strftime('%H:%M:%S')} {text}" if kind == "request" else f"  {text}")

    def broken(self, error: dict[str, Any], place: Any) -> None:
        """Name the error of an import, once."""
        text = broken_line(error, place)
        if text != self._broken:
            self._broken = text
            info(f"{time.strftime('%H:%M:%S')} {text}", "warning")


def started(rows: Sequence[LiveFunction], options: DevOptions) -> tuple[dict[str, Workers], Live]:
    """The workers by ARN, and what answers with them."""
    shown, workers = Shown(), dict[str, Workers]()
    for number, row in enumerate(rows):
        port = options.debug_port and options.debug_port + number
        log = partial(shown.say, "log")
        workers[row.arn] = (
            Debugged(row.source, log, shown.broken, port) if port else Pool(row.source, log, shown.broken)
        )
    names = {row.arn: row.name for row in rows}
    return workers, Live(workers, names, [row.source.folder for row in rows], shown.say)


def begin(row: LiveFunction, workers: Workers) -> None:
    """Say where the function runs from, and start what waits for a debugger."""
    info(f"{row.name} runs from {shown_path(str(row.source.folder))}{row.note}")
    if isinstance(workers, Debugged):
        workers.start(row.environment)
        info(f"  attach a debugger to 127.0.0.1:{workers.port}; timeouts do not count meanwhile")


def watch(live: Live) -> None:
    """Import the code again after each save, for ever."""
    while True:
        time.sleep(LOOK_SECONDS)
        live.refresh()


def interrupt(*_: object) -> None:
    """End the command as Ctrl-C does."""
    raise KeyboardInterrupt
