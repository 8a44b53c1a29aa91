"""`render --resolve`: the aliases and merge keys of templates, written out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aurora_cfn.cli.terminal.messages import info, write_stdout
from aurora_cfn.project.files import read_text, write_text
from aurora_cfn.yamltext import resolved


def resolve_aliases(paths: Sequence[Path], *, stdout: bool) -> None:
    """Write the files without aliases, or print them. Raises InputError before anything is written."""
    # All are read first, so that an error in one of them leaves every file as it is.
    found = [(path, *resolved(read_text(path), str(path))) for path in paths]
    for path, text, commented in found:
        if not commented:
            info(f"{path}: its comments are lost: one of its aliases cannot be replaced in place")
        if stdout:
            write_stdout(text, nl=False)
        else:
            state = "aliases written out" if write_text(path, text) else "has no aliases, unchanged"
            info(f"{path}: {state}")
