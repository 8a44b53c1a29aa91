"""A temporary file for a secret that another program reads."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aurora_cfn.errors import InputError


@contextmanager
def temporary_file(text: str, suffix: str) -> Iterator[str]:
    """Path of a temporary file with the text that only its owner can read, deleted after the block.

    Raises InputError where it cannot be written, as on a full disk.
    """
    name = ""
    try:
        handle, name = tempfile.mkstemp(prefix="aurora-cfn-", suffix=suffix)  # made with mode 0600
        with os.fdopen(handle, "w") as file:
            file.write(text)
    except OSError as error:
        _remove(name)
        # Without a name no folder for temporary files takes one, and the reason lists them.
        raise InputError(f"{name or 'a temporary file'}: cannot be written: {error.strerror}") from None
    try:
        yield name
    finally:
        _remove(name)


def _remove(name: str) -> None:
    if name:
        Path(name).unlink(missing_ok=True)
