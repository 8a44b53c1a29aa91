"""Saved state that a newer version of the emulator wrote: it is neither read nor written over."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from aurora_cfn.errors import InputError

# The first key of each file (`autosave.ChangedOnly`, and ministack's own writer): files may have many megabytes.
_FORMAT = re.compile(rb'\{"__ministack_format__": (\d{1,9})\b')
_HEAD = 64
EXIT_FILES = InputError.exit_code
"""The exit code of the server process that refuses such a state, or finds no room."""


def newer_state(folder: Path, version: Callable[[str], int]) -> str:
    """A sentence about the first file in a format that is newer than `version` of its service, empty if there is none.

    ministack 1.5.33 starts without the state of such a service, and saves an empty one over it.
    """
    for path in sorted(folder.glob("*.json")):
        with path.open("rb") as file:
            found = _FORMAT.match(file.read(_HEAD))
        if found and int(found[1]) > version(path.stem):
            what = f"{path} was written by a newer version of the emulator (format {int(found[1])}, this one reads "
            return f"{what}{version(path.stem)}): use that version of aurora-cfn, or `aurora-cfn local reset`"
    return ""
