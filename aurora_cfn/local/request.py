"""Requests to the running emulator: what to simulate, which database to pause, which functions run from a folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from aurora_cfn.errors import InputError
from aurora_cfn.local.home import home_from
from aurora_cfn.local.keys import read_keys
from aurora_cfn.local.launcher import running
from aurora_cfn.local.wire import call


def simulate(faults: Iterable[str], delays: Iterable[str], *, clear: bool) -> dict[str, Any]:
    """Both tables after the change; each fault is `create:NAME=reason`, each delay `AWS::RDS::*=3`."""
    wanted = {"faults": dict(_pair(text) for text in faults), "delays": dict(_pair(text) for text in delays)}
    if clear:
        _request("DELETE", "simulation", None)
    if not any(wanted.values()):
        return _request("GET", "simulation", None)
    return _request("POST", "simulation", wanted)


def pause(name: str, resume_seconds: float) -> dict[str, Any]:
    """Pause a database by its identifier; the keys of those that were paused."""
    wanted = {"name": name, "resume_seconds": resume_seconds}
    return _request("POST", "pause", wanted)


def functions_of(stacks: Iterable[str], region: str, account: str) -> dict[str, Any]:
    """`functions` of the stacks, a row each with handler and environment; `missing` stacks are not there."""
    wanted = {"stacks": list(stacks), "region": region, "account": account}
    return _request("POST", "functions", wanted)


def register_live(session: Mapping[str, Any]) -> Mapping[str, str]:
    """Register a session whose functions run from a folder, or keep it registered.

    Functions that another session has, by ARN, each with the command of that session; they are not registered.
    """
    held: Mapping[str, str] = _request("POST", "live", dict(session))["held"]
    return held


def end_live(identifier: str) -> None:
    """Let the functions of a session run their packaged code again."""
    _request("DELETE", "live", {"id": identifier})


def _request(method: str, page: str, body: Any) -> dict[str, Any]:
    home = home_from(os.environ)
    record = running(home)
    if record is None:
        raise InputError("the emulator does not run; start it with: aurora-cfn local start")
    try:
        # Pausing a database waits for its server to stop, which may take longer than an ordinary answer.
        found: dict[str, Any] = call(record, method, page, body, timeout=60.0, keys=read_keys(home))
    except OSError as error:
        other = f"; {record.other_version}" if record.other_version else ""
        raise InputError(f"{_message(str(error))}{other}") from error
    return found


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals or not value:
        raise InputError(f"{text!r} is not NAME=VALUE")
    return name, value


def _message(text: str) -> str:
    try:
        return str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        return text
