"""The folders of a project, below the folder that the command runs in, and how files in them are read and written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.yamltext import MAX_BYTES, decode

TEMPLATES = Path("templates")
PARAMS = Path("params")
_TEMPLATE_ENDINGS = (".yaml", ".yml", ".json")


def read_text(path: Path) -> str:
    """Text of a file with any kind of line end; raises InputError when it is missing, unreadable or not UTF-8."""
    try:
        with path.open("rb") as file:
            text = decode(file.read(MAX_BYTES + 1), str(path))
    except IsADirectoryError:
        raise InputError((Complaint("is a folder, not a file", str(path)),)) from None
    except OSError as error:
        raise InputError((Complaint(f"cannot be read: {error.strerror}", str(path)),)) from None
    return text.replace("\r\n", "\n")


def write_text(path: Path, text: str) -> bool:
    """Write whole or not at all; gives back whether the file changed. Raises InputError when it cannot be written."""
    try:
        if path.is_file() and path.read_bytes() == text.encode():
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, text.encode())
    except OSError as error:
        raise InputError((Complaint(f"cannot be written: {error.strerror}", str(path)),)) from None
    return True


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def template_files(paths: Sequence[Path] = ()) -> list[Path]:
    """The template files named, or those in the folders named; without names those of `templates/`.

    Raises InputError when a name does not exist or nothing is found.
    """
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise InputError([Complaint("does not exist", str(path)) for path in missing])
    found = [file for path in paths or (TEMPLATES,) for file in _below(path)]
    if not found:
        where = ", ".join(map(str, paths or (TEMPLATES,)))
        raise InputError((Complaint("no templates here", where, hint="write them with: aurora-cfn render"),))
    return found


def _below(path: Path) -> Iterable[Path]:
    if path.is_file():
        return [path]
    return sorted(file for file in path.glob("*") if file.suffix in _TEMPLATE_ENDINGS) if path.is_dir() else []
