"""What `dev` does: find the functions and their sources, and run them here for as long as the command lasts."""

from __future__ import annotations

import importlib.util
import json
import os
import threading
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.function_source import LiveFunction, functions_with_source
from aurora_cfn.cli.runs.signals import handled
from aurora_cfn.cli.runs.target import Target, read_target
from aurora_cfn.cli.terminal.messages import info, write_stdout
from aurora_cfn.deploy.desired import selected
from aurora_cfn.errors import BusyError, InputError
from aurora_cfn.local.launcher import ensure_running
from aurora_cfn.local.live.debugged import Debugged
from aurora_cfn.local.live.invocation_server import Live, Server, Workers
from aurora_cfn.local.live.lines import broken_line, shown_path
from aurora_cfn.local.live.pool import Pool
from aurora_cfn.local.request import end_live, functions_of, register_live
from aurora_cfn.packaging import LOCAL_ACCOUNT

LOOK_SECONDS = 0.2
"""Between two looks at the files; a request looks too, so that it never gets old code."""
BEAT_SECONDS = 3.0
"""Between two signs of life: the emulator may have been started again meanwhile."""


@dataclass(frozen=True, slots=True)
class DevOptions:
    """The options of the command."""

    stacks: tuple[str, ...]
    functions: tuple[str, ...]
    sources: tuple[str, ...]
    copy_to: Path | None
    debug_port: int | None


def run_from_source(env: str, aws: AwsOptions, options: DevOptions) -> None:
    """Run the functions until Ctrl-C or SIGTERM, which leave it as KeyboardInterrupt. Raises InputError, BusyError."""
    if options.debug_port and importlib.util.find_spec("debugpy") is None:
        raise InputError("--debug needs debugpy, which is not installed: pip install debugpy")
    target, rows = _functions(env, aws, options)
    shown = _Shown()
    workers = {row.arn: _workers(row, number, options, shown) for number, row in enumerate(rows)}
    live = Live(workers, {row.arn: row.name for row in rows}, [row.source.folder for row in rows], shown.say)
    server = Server(live)
    session = {
        "id": uuid.uuid4().hex,
        "url": server.url,
        "who": f"aurora-cfn dev --env {target.environment.name} (process {os.getpid()}, in {Path.cwd()})",
        "functions": sorted(workers),
        "debug": options.debug_port is not None,
    }
    with handled(("SIGTERM", "SIGHUP"), _interrupt):
        try:
            _refuse_held(register_live(session))
            for row in rows:
                _begin(row, workers[row.arn])
            info("save a file, then call the API; Ctrl-C puts the packaged code back")
            _until_interrupted(live, session)
        finally:
            with suppress(InputError):
                end_live(str(session["id"]))
            server.close()
            live.close()
            info("the packaged code answers again")


def print_launch_json(env: str, aws: AwsOptions, options: DevOptions, port: int) -> None:
    """Print a launch.json that attaches to each function."""
    _, rows = _functions(env, aws, options)
    write_stdout(json.dumps(launch_json({row.name: port + number for number, row in enumerate(rows)}), indent=2))


def launch_json(ports: Mapping[str, int]) -> dict[str, Any]:
    """The file .vscode/launch.json for functions by name (Visual Studio Code, "Python debugging", read 2026-11)."""
    rows = [
        {
            "name": f"attach to {name}",
            "type": "debugpy",
            "request": "attach",
            "connect": {"host": "127.0.0.1", "port": port},
            "justMyCode": True,
        }
        for name, port in ports.items()
    ]
    return {"version": "0.2.0", "configurations": rows}


def _functions(env: str, aws: AwsOptions, options: DevOptions) -> tuple[Target, list[LiveFunction]]:
    target = read_target(env, aws)
    if not target.local:
        what = f"{target.environment.path} is for AWS, and dev runs functions behind the emulator only"
        raise InputError(f"{what}: use an environment with `endpoint: local`, or `aurora-cfn deploy --env {env}`")
    chosen = selected(target.environment, options.stacks)
    server = ensure_running()
    if server.started:
        info(f"started the emulator at {server.endpoint}")
    found = functions_of([row.name for row in chosen], target.environment.region, LOCAL_ACCOUNT)
    return target, functions_with_source(target, chosen, found, options.functions, options.sources, options.copy_to)


class _Shown:
    """Lines on the terminal from several threads; an error of the source that goes on is shown once."""

    def __init__(self) -> None:
        self._broken = ""

    def say(self, kind: str, text: str) -> None:
        if kind == "note":
            self._broken = ""
            info(f"{time.strftime('%H:%M:%S')} {text}")
        else:
            write_stdout(f"{time.strftime('%H:%M:%S')} {text}" if kind == "request" else f"  {text}")

    def log(self, line: str) -> None:
        self.say("log", line)

    def broken(self, error: dict[str, Any], place: Any) -> None:
        text = broken_line(error, place)
        if text != self._broken:
            self._broken = text
            info(f"{time.strftime('%H:%M:%S')} {text}", "warning")


def _workers(row: LiveFunction, number: int, options: DevOptions, shown: _Shown) -> Workers:
    if options.debug_port is None:
        return Pool(row.source, shown.log, shown.broken)
    return Debugged(row.source, shown.log, shown.broken, options.debug_port + number)


def _begin(row: LiveFunction, workers: Workers) -> None:
    info(f"{row.name} runs from {shown_path(str(row.source.folder))}{row.note}")
    if isinstance(workers, Debugged):
        workers.start(row.environment)
        info(f"  attach a debugger to 127.0.0.1:{workers.port}; timeouts do not count meanwhile")


def _refuse_held(held: Mapping[str, str]) -> None:
    if held:
        rows = "; ".join(f"{arn.rpartition(':')[2]} runs from a folder already: {who}" for arn, who in held.items())
        raise BusyError(f"{rows}: end that session first, or choose others with --function")


def _until_interrupted(live: Live, session: Mapping[str, Any]) -> None:
    """Watch the files; now and then tell the emulator, which may have been stopped and started."""
    # In a thread: a save waits for a function that a breakpoint holds, and the emulator must hear of us meanwhile.
    threading.Thread(target=_watch, args=(live,), daemon=True).start()
    gone = False
    while True:
        time.sleep(BEAT_SECONDS)
        try:
            held = register_live(session)
        except InputError:
            if not gone:
                info("the emulator does not answer; the session goes on when it runs again", "warning")
            gone = True
            continue
        if gone:
            info("the emulator is back")
        gone = False
        _refuse_held(held)


def _watch(live: Live) -> None:
    while True:
        time.sleep(LOOK_SECONDS)
        live.refresh()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
