"""Start, find and stop the emulator from another process. Nothing here imports ministack.

`ensure_running()` is what a command calls before it talks to `endpoint: local`:

    server = ensure_running()
    client("cloudformation", endpoint_url=server.endpoint, aws_access_key_id=server.keys.access_key_id,
           aws_secret_access_key=server.keys.secret_access_key)

With these keys a request is account 000000000000's; a 12-digit access key id, with the same secret, is that account's.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aurora_cfn.errors import AuroraCfnError, AwsError, InputError
from aurora_cfn.local.detached import POLL_SECONDS, end_detached, start_detached
from aurora_cfn.local.home import Home, home_from
from aurora_cfn.local.keys import Keys, keys_of
from aurora_cfn.local.lock import held, is_held
from aurora_cfn.local.neighbours import port_is_kept
from aurora_cfn.local.record import ServerRecord, read_record
from aurora_cfn.local.state_format import EXIT_FILES
from aurora_cfn.local.wire import answers

START_SECONDS = 60.0
BUSY_SECONDS = 20.0
"""How long a server that lives is asked again before it is ended: a machine that wakes, or has too much to do."""
STOP_SECONDS = 20.0
"""Seconds until a new server answers, and until one that is asked to stop is killed."""
# Variables of the caller that the server needs: to find programs, the home, the user and the libraries of Python.
PASSED_ON = re.compile(
    r"PATH|HOME|USER|LOGNAME|LANG|LC_\w+|TZ|TMPDIR|XDG_RUNTIME_DIR|AURORA_CFN_\w+|LD_LIBRARY_PATH|DYLD_\w+|PYTHON\w+"
)
USUAL_PORT = 4566
"""The port that emulators of AWS usually have; a free one is taken when it is in use."""


class EmulatorError(AuroraCfnError):
    """The emulator did not start or does not answer; the message ends with its own last words."""

    exit_code = AwsError.exit_code


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A running emulator; `started` is True when this call started it, `other_version` as in ServerRecord."""

    endpoint: str
    pid: int
    started: bool
    keys: Keys
    other_version: str = ""


def ensure_running(home: Home | None = None, *, port: int | None = None) -> LocalServer:
    """The running emulator, started first when there is none; `port` is preferred for a new one.

    Raises InputError where it cannot run, EmulatorError where it did not come up.
    """
    home = home or home_from(os.environ)
    refuse_where_it_cannot_run()
    found = running(home)
    if found:
        return _server(found, home, started=False)
    home.make()
    with held(home.starting, START_SECONDS):
        # Another command may have started it while this one waited for the lock.
        found = running(home) or _late(home)
        if found:
            return _server(found, home, started=False)
        return _server(_start(home, port), home, started=True)


def running(home: Home) -> ServerRecord | None:
    """The record of a server that answers as the process of the record; None when there is none."""
    # The lock is not asked: the answer says as much, and filelock costs a deployment 0.04 s of imports.
    record = read_record(home.record)
    return record if record and answers(record) else None


def _late(home: Home) -> ServerRecord | None:
    """The record of a server that lives and answers in the end; to end it would fail the operations that it runs."""
    deadline = time.monotonic() + BUSY_SECONDS
    found = None
    while found is None and is_held(home.alive) and time.monotonic() < deadline:
        found = running(home)
        time.sleep(POLL_SECONDS)
    return found


def stop(home: Home | None = None) -> bool:
    """End the server in good order (databases and state kept); False when none was running."""
    home = home or home_from(os.environ)
    if not home.path.exists():
        return False
    with held(home.starting, START_SECONDS):
        return _end(home)


def reset(home: Home | None = None) -> bool:
    """End the server and delete all that it kept: stacks, databases, objects. False when there was nothing."""
    from aurora_cfn.local.servers.folders import outside_folders

    home = home or home_from(os.environ)
    if not home.path.exists():
        return False
    with held(home.starting, START_SECONDS):
        _end(home)
        for folder in (home.state, home.objects, home.temporary, *outside_folders(home), home.postgres):
            shutil.rmtree(folder, ignore_errors=True)
        home.record.unlink(missing_ok=True)
    return True


def refuse_where_it_cannot_run(platform: str = sys.platform, uid: int | None = None) -> None:
    """Raise InputError on Windows, where the extra is not installed, and for a user id without a name."""
    if platform == "win32":
        raise InputError("the embedded emulator runs on Linux and macOS; on Windows use WSL, or deploy to AWS")
    missing = [name for name in ("ministack", "psycopg2") if importlib.util.find_spec(name) is None]
    if missing:
        raise InputError(
            f"the embedded emulator is not installed ({', '.join(missing)}): pip install 'aurora-cfn[local]'"
        )
    uid = os.geteuid() if uid is None else uid
    if not has_name(uid):
        what = f"user id {uid} has no entry in /etc/passwd, and PostgreSQL's initdb does not run without one"
        raise InputError(f"{what}: add one, or in a container run as a user of the image")


def has_name(uid: int) -> bool:
    """Whether the machine knows a name for the user id; containers are often given one that it does not."""
    import pwd  # there is none on Windows

    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def last_lines(path: Path, count: int) -> list[str]:
    """The end of a text file; empty where there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 400 * count))
            return file.read().decode(errors="replace").splitlines()[-count:]
    except OSError:
        return []


def _server(record: ServerRecord, home: Home, *, started: bool) -> LocalServer:
    return LocalServer(record.endpoint, record.pid, started, keys_of(home), record.other_version)


def _start(home: Home, port: int | None) -> ServerRecord:
    if is_held(home.alive):
        _end(home)  # it holds its lock but does not answer, for BUSY_SECONDS
    previous = read_record(home.record)
    home.record.unlink(missing_ok=True)
    keys_of(home)  # made before the server starts, under the lock that its caller holds
    # The port of last time, so that written profiles and open clients continue working after a restart.
    usual = 0 if port_is_kept(home, USUAL_PORT) else USUAL_PORT
    preferred = port or (previous.port if previous else usual)
    command = [sys.executable, "-m", "aurora_cfn.local", "--home", str(home.path), "--port", str(preferred)]
    return _wait(home, start_detached(command, home.log, _environment(os.environ), folder=home.path))


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What the server needs of the caller's variables; the rest may be secrets, and functions run in the server."""
    return {name: value for name, value in environ.items() if PASSED_ON.fullmatch(name)}


def _wait(home: Home, process: subprocess.Popen[bytes]) -> ServerRecord:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        record = read_record(home.record)
        if record and record.pid == process.pid and answers(record):
            return record
        if process.poll() is not None:
            if process.returncode == EXIT_FILES:
                raise EmulatorError("".join(last_lines(home.log, 1)))
            said = "\n".join(last_lines(home.log, 5))
            raise EmulatorError(f"the emulator ended with exit code {process.returncode} ({home.log}):\n{said}")
        time.sleep(POLL_SECONDS)
    process.kill()
    raise EmulatorError(f"the emulator did not answer within {START_SECONDS:g} s: see {home.log}")


def _end(home: Home) -> bool:
    record = read_record(home.record)
    if not is_held(home.alive):
        return False
    if record is None:
        raise EmulatorError(
            f"an emulator holds {home.alive} but {home.record} does not name its process; end it by hand"
        )
    end_detached(record.pid, home.alive, STOP_SECONDS)
    return True
