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
from pathlib import Path
from typing import Any

from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.child import SIGNALS, handled
from aurora_cfn.cli.runs.dev_aws import aws_functions, run_on_aws
from aurora_cfn.cli.runs.dev_workers import DevOptions, begin, interrupt, started, watch
from aurora_cfn.cli.runs.function_code import restore
from aurora_cfn.cli.runs.function_source import LiveFunction, functions_with_source
from aurora_cfn.cli.runs.target import Target, read_target
from aurora_cfn.cli.terminal.messages import info, write_stdout
from aurora_cfn.deploy.desired import selected
from aurora_cfn.errors import BusyError, InputError
from aurora_cfn.local.launcher import ensure_running
from aurora_cfn.local.live.invocation_server import Live, Server
from aurora_cfn.local.request import end_live, functions_of, register_live
from aurora_cfn.packaging import LOCAL_ACCOUNT

REGISTER_EVERY = 3.0
"""Seconds after which the session registers again: the emulator may have been started anew."""


def run_from_source(env: str, aws: AwsOptions, options: DevOptions) -> None:
    """Run the functions until Ctrl-C or SIGTERM, which leave it as KeyboardInterrupt. Raises InputError, BusyError."""
    if options.debug_port and importlib.util.find_spec("debugpy") is None:
        raise InputError("--debug needs debugpy, which is not installed: pip install debugpy")
    target = read_target(env, aws)
    if options.restore:
        if target.local:
            raise InputError("--restore is for AWS: behind the emulator nothing is replaced")
        return restore(target, take_over=options.take_over)
    if not target.local:
        return run_on_aws(target, options)
    return _run_behind_emulator(target, options)


def _run_behind_emulator(target: Target, options: DevOptions) -> None:
    rows = _functions(target, options)
    workers, live = started(rows, options)
    server = Server(live)
    session = {
        "id": uuid.uuid4().hex,
        "url": server.url,
        "who": f"aurora-cfn dev --env {target.environment.name} (process {os.getpid()}, in {Path.cwd()})",
        "functions": sorted(workers),
        "debug": options.debug_port is not None,
    }
    with handled(SIGNALS, interrupt):
        try:
            _refuse_held(register_live(session))
            for row in rows:
                begin(row, workers[row.arn])
            info("save a file, then call the API; Ctrl-C puts the packaged code back")
            _until_interrupted(live, session)
        finally:
            # An emulator that was stopped meanwhile has no session left to end.
            with suppress(InputError):
                end_live(str(session["id"]))
            server.close()
            live.close()
            info("the packaged code answers again")


def print_launch_json(env: str, aws: AwsOptions, options: DevOptions, port: int) -> None:
    """Print a launch.json that attaches to each function."""
    rows = _functions(read_target(env, aws), options)
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


def _functions(target: Target, options: DevOptions) -> list[LiveFunction]:
    """The functions of a local environment, or of one on AWS, with their sources."""
    chosen = selected(target.environment, options.stacks)
    if not target.local:
        return aws_functions(target, options)[1]
    server = ensure_running()
    if server.started:
        info(f"started the emulator at {server.endpoint}")
    found = functions_of([row.name for row in chosen], target.environment.region, LOCAL_ACCOUNT)
    return functions_with_source(target, chosen, found, options.functions, options.sources, options.copy_to)


def _refuse_held(held: Mapping[str, str]) -> None:
    if held:
        rows = "; ".join(f"{arn.rpartition(':')[2]} runs from a folder already: {who}" for arn, who in held.items())
        raise BusyError(f"{rows}: end that session first, or choose others with --function")


def _until_interrupted(live: Live, session: Mapping[str, Any]) -> None:
    """Watch the files, and register with the emulator again from time to time: it may have been restarted."""
    # In a thread: a save waits for a function that a breakpoint holds, and the emulator must hear of us meanwhile.
    threading.Thread(target=watch, args=(live,), daemon=True).start()
    gone = False
    while True:
        time.sleep(REGISTER_EVERY)
        try:
            held = register_live(session)
        except InputError:
            if not gone:
                info("the emulator does not answer; the session continues when it runs again", "warning")
            gone = True
            continue
        if gone:
            info("the emulator is back")
        gone = False
        _refuse_held(held)
