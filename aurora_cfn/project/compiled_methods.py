"""Compiled methods of dataclasses, kept for the next process: a fifth of the CPU time of a short command.

Python keeps the bytecode of modules, but not of the methods that `dataclasses` writes as text for each class and
compiles whenever the class is made: 0.3 ms a class, and `status` makes 220. They are kept beside the bytecode of this
package, by their text, and trusted like it.
"""

from __future__ import annotations

import atexit
import dataclasses
import importlib.util
import marshal
import os
import sys
from typing import TYPE_CHECKING, Any

import aurora_cfn

if TYPE_CHECKING:
    from pathlib import Path

HEAD = importlib.util.MAGIC_NUMBER + b"methods 1\n"
"""Of Python's bytecode and of this file's form: an update of either leaves the old file in its place."""

TRIED = ((3, 11), (3, 12), (3, 13))
"""Versions of Python whose `dataclasses` calls `exec` for its methods alone, with these three arguments."""


def keep_compiled_methods() -> None:
    """Let `dataclasses` take what earlier processes compiled, and keep what this one compiles, where it may.

    A version of Python that was not tried compiles them as before.
    """
    if sys.version_info[:2] not in TRIED:
        return
    folder, name = os.path.split(importlib.util.cache_from_source(str(aurora_cfn.__file__)))
    kept = Kept(os.path.join(folder, name.replace("__init__", "methods").replace(".pyc", ".marshal")))
    # The module's own name comes before the built-in one.
    dataclasses.exec = kept.run  # type: ignore[attr-defined]
    atexit.register(kept.save)


class Kept:
    """The code of each text that was run, in one file: texts with their marshalled code, read one by one."""

    def __init__(self, place: str | Path) -> None:
        self._place = place
        self._known: dict[str, bytes] | None = None
        self._has_more = False

    def run(self, text: str, namespace: dict[str, Any] | None, made: dict[str, Any]) -> None:
        """What `exec` does with a text."""
        if self._known is None:
            self._known = self._read()
        kept = self._known.get(text)
        if kept is None:
            code = compile(text, "<string>", "exec", dont_inherit=True)
            self._known[text] = marshal.dumps(code)
            self._has_more = True
        else:
            code = marshal.loads(kept)
        exec(code, namespace, made)

    def save(self) -> None:
        """Add what is new to the file; it stays as it is where nothing is, or where Python may keep no bytecode."""
        if not self._has_more or sys.dont_write_bytecode:
            return
        from contextlib import suppress
        from pathlib import Path

        # Another process may have added its own meanwhile.
        content = HEAD + marshal.dumps(self._read() | (self._known or {}))
        half = Path(f"{self._place}.{os.getpid()}")
        try:
            half.write_bytes(content)
            half.replace(self._place)
        except OSError:  # another user's folder, or a full disk
            with suppress(OSError):
                half.unlink()

    def _read(self) -> dict[str, bytes]:
        from pathlib import Path  # not above: `--help` reads nothing, and would pay for it

        try:
            content = Path(self._place).read_bytes()
            found = marshal.loads(content[len(HEAD) :]) if content.startswith(HEAD) else {}
        except (OSError, EOFError, ValueError, TypeError):
            return {}
        return found if isinstance(found, dict) else {}
