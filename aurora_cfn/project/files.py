"""The files of a project: templates, params files, and how they are read and written."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.yamltext import MAX_BYTES, decode

TEMPLATES = Path("templates")
PARAMS = Path("params")
ENDINGS = (".yaml", ".yml", ".json")
"""Of the files that are read: templates of any name, and params files."""


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


def read_piped(name: str) -> str:
    """Text of standard input, called so in complaints; raises InputError when it is closed, too large or not UTF-8."""
    if sys.stdin is None:
        raise InputError((Complaint("standard input is closed", name),))
    return decode(sys.stdin.buffer.read(MAX_BYTES + 1), name)


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

    Raises InputError when a name does not exist, a folder cannot be read, or nothing is found.
    """
    missing = [path for path in paths if not _exists(path)]
    if missing:
        raise InputError([Complaint("does not exist", str(path)) for path in missing])
    found = [file for path in paths or (TEMPLATES,) for file in templates_in(path)]
    if not found:
        where = ", ".join(map(str, paths or (TEMPLATES,)))
        what = "no templates here: no .yaml, .yml or .json file"
        raise InputError((Complaint(what, where, hint="write them with: aurora-cfn render"),))
    return found


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise InputError((Complaint(f"cannot be read: {error.strerror}", str(path)),)) from None


def templates_in(path: Path) -> Iterable[Path]:
    """The path itself, be it a file or a pipe that the shell made, or the templates of a folder; maybe none.

    Raises InputError when it cannot be read.
    """
    if not path.is_dir():
        return [path] if _exists(path) else []
    try:
        return sorted(file for file in path.rglob("*") if file.suffix in ENDINGS and _is_read(file))
    except OSError as error:
        raise InputError((Complaint(f"cannot be read: {error.strerror}", str(path)),)) from None


def _is_read(file: Path) -> bool:
    """Whether it is read as a template: not a folder or a pipe; a link that leads nowhere is, and fails by name."""
    return file.is_file() or not file.exists()


ENDING = ".yaml"
EXAMPLES = "examples"
"""Folder inside the params folder: whole systems to try and to copy from, apart from the project's own stages."""


def environment_names(folder: Path = PARAMS) -> list[str]:
    """Names of the params files in the folder, and then of the examples in it."""
    from aurora_cfn.environment.names import ENVIRONMENT_NAME

    folders = [place for place in (folder, folder / EXAMPLES) if place.is_dir()]
    found = (name for place in folders for name in sorted(path.stem for path in place.glob(f"*{ENDING}")))
    return [name for name in dict.fromkeys(found) if re.fullmatch(ENVIRONMENT_NAME, name)]


def environment_files(name: str, folder: Path = PARAMS) -> tuple[Path, Path]:
    """Where the params file of that name may be: among the stages, or else among the examples.

    Raises InputError when it is no name.
    """
    from aurora_cfn.environment import check_environment_name

    file = f"{check_environment_name(name)}{ENDING}"
    return folder / file, folder / EXAMPLES / file


def environment_file(name: str, folder: Path = PARAMS) -> Path:
    """The params file of that name; raises InputError with what may have been meant when there is none."""
    stage, example = environment_files(name, folder)
    found = next((path for path in (stage, example) if path.exists()), None)
    if found is None:
        raise InputError((_missing(name, stage, folder),))
    return found


def _missing(name: str, path: Path, folder: Path) -> Complaint:
    from aurora_cfn.environment.shapes import suggestion

    other = path.with_suffix(".yml")
    if other.exists():
        return Complaint("does not exist", str(path), hint=f"rename {other} to {path.name}")
    names = environment_names(folder)
    hint = suggestion(name, names) or "run the command in the project's folder, which holds params/"
    return Complaint("there is no such environment", str(path), hint=hint)
