"""`python -m aurora_cfn.local`: the server process. `aurora-cfn local start` runs it."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from aurora_cfn.errors import NO_ROOM, BusyError, InputError
from aurora_cfn.local.home import Home
from aurora_cfn.local.lock import take
from aurora_cfn.local.server.process import prepare, serve
from aurora_cfn.local.state_format import EXIT_FILES, damaged_state, newer_state
from aurora_cfn.project.compiled_methods import keep_compiled_methods


def main() -> int:
    """Serve until SIGTERM or Ctrl-C; 7 when another server has this home, 3 with a sentence about its files.

    That is when a newer version wrote them, they are damaged, the disk is full, or they may not be written.
    """
    parser = argparse.ArgumentParser(prog="python -m aurora_cfn.local", description=__doc__)
    parser.add_argument("--home", required=True, type=Path, help="folder for state, logs and data")
    parser.add_argument("--port", default=0, type=int, help="preferred port on 127.0.0.1; a free one when it is taken")
    given = parser.parse_args()
    keep_compiled_methods()
    home = Home(given.home.absolute())
    try:
        return _serve(home, given.port)
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_FILES
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        sys.stderr.write(f"{error.filename or home.path}: cannot be read or written: {error.strerror}\n")
        return EXIT_FILES


def _serve(home: Home, port: int) -> int:
    home.make()
    alive = take(home.alive)  # kept in a variable: a collected lock is a released one
    if alive is None:
        sys.stderr.write(f"another emulator runs in {home.path}\n")
        return BusyError.exit_code
    listener = prepare(home, port, os.environ)
    # After `prepare`: ministack reads its settings from the environment when it is imported.
    from ministack.core.persistence import _state_format_version

    from aurora_cfn.local.server.autosave import BATCH
    from aurora_cfn.local.servers.databases import register_files

    damaged = damaged_state(home.state, register_files(home)["register"], home.state / BATCH)
    if said := newer_state(home.state, _state_format_version) or damaged:
        sys.stderr.write(f"{said}\n")
        return EXIT_FILES
    serve(home, listener)
    return 0


if __name__ == "__main__":
    sys.exit(main())
