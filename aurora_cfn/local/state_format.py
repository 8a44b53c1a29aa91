"""Saved state that a newer version of the emulator wrote, or that is damaged: it is neither read nor written over."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from aurora_cfn.errors import InputError
from aurora_cfn.local.record import read_json

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


def damaged_state(state: Path, register: Path, batch: Path) -> str:
    """A sentence about the first file that was not written to its end, such as by a loss of power; empty if none is.

    ministack 1.5.33 would start without it, and save an empty state over it; without the register of databases, data
    would belong to none. Whole files of `batch`, a step of saving that was not finished, are about to be written.
    """
    whole = read_json(batch) or {}
    for path in (*sorted(state.glob("*.json")), register):
        if path.stem not in whole and path.exists() and not _is_whole(path):
            return (
                f"{path} is damaged: it was not written to its end. Put a copy of {state.parent} back, "
                "or delete all stacks and databases with `aurora-cfn local reset`"
            )
    return ""


def _is_whole(path: Path) -> bool:
    """Whether the file begins and ends as JSON objects do: files may have many megabytes."""
    with path.open("rb") as file:
        begin = file.read(1)
        file.seek(max(0, file.seek(0, os.SEEK_END) - _HEAD))
        return begin == b"{" and file.read().rstrip(b" \n")[-1:] == b"}"
