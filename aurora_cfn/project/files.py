"""The files of the repository: templates and params files, reading and writing."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.project.tree import Walk, file_errors, on_disk, regular
from aurora_cfn.yamltext import MAX_BYTES, decode

TEMPLATES = Path("templates")
PARAMS = Path("params")
ENDINGS = (".yaml", ".yml", ".json")
"""Suffixes of template files."""


def read_text(path: Path) -> str:
    """Text of a file with `\\n` line ends; raises InputError if it is missing, unreadable or not UTF-8.

    Also raises it for a file of the project that is not inside of the repository, or that is a pipe or device.
    """
    _check(path)
    try:
        with path.open("rb") as file:
            # One byte more than allowed, so that `decode` refuses a larger file without all of it being read.
            text = decode(file.read(MAX_BYTES + 1), str(path))
    except IsADirectoryError:
        raise InputError((Complaint("is a folder, not a file", str(path)),)) from None
    except OSError as error:
        raise InputError((Complaint(f"cannot be read: {error.strerror}", str(path)),)) from None
    return text.replace("\r\n", "\n")


def read_piped(name: str) -> str:
    """Text of standard input, `name` in complaints; raises InputError if it is closed, too large or not UTF-8."""
    if sys.stdin is None:
        raise InputError((Complaint("standard input is closed", name),))
    return decode(sys.stdin.buffer.read(MAX_BYTES + 1), name)


def write_text(path: Path, text: str) -> bool:
    """Write the file in UTF-8, as `write_bytes`."""
    return write_bytes(path, text.encode())


def write_bytes(path: Path, data: bytes) -> bool:
    """Write the file completely or not at all; whether it changed. Raises InputError if it cannot be written."""
    _check(path)
    with file_errors(path, "written"):
        if path.is_file() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, data)
    return True


def _is_of_project(path: Path) -> bool:
    """Whether the path is in templates/ or params/ of the working folder, whose content a review compares."""
    whole, here = Path(os.path.normpath(path.absolute())), Path.cwd()
    return any(whole.is_relative_to(here / folder) for folder in (TEMPLATES, PARAMS))


def _check(path: Path) -> None:
    # Any other file was named by the user: it may be anywhere, and may be a pipe of the shell.
    if _is_of_project(path):
        regular(*on_disk(path), str(path))


def project_files(folder: Path) -> list[Path]:
    """The template or params files of a folder at any depth, links inside of the repository followed.

    Raises InputError for a link that leads out of it, and for a pipe, device or socket.
    """
    tree, parts = on_disk(folder)
    return sorted(Path(path) for path, _ in Walk(tree, ENDINGS).files(parts, PurePosixPath(folder.as_posix())))


def _replace(path: Path, data: bytes) -> None:
    # A temporary file in the same folder, since a rename replaces a file atomically only in one file system.
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
    # The only call that reads the umask sets it too.
    mask = os.umask(0)
    os.umask(mask)
    return mask


def template_files(paths: Sequence[Path] = ()) -> list[Path]:
    """The given template files and those in the given folders; by default those of `templates/`.

    Raises InputError if a path does not exist, a folder cannot be read, or there are no templates.
    """
    missing = [path for path in paths if not _exists(path)]
    if missing:
        raise InputError([Complaint("does not exist", str(path)) for path in missing])
    found = [file for path in paths or (TEMPLATES,) for file in templates_in(path)]
    if not found:
        where = ", ".join(map(str, paths or (TEMPLATES,)))
        what = "no templates here: no .yaml, .yml or .json file"
        hint = "put yours there, or name them: aurora-cfn lint FILE; those of aurora-cfn: aurora-cfn render NAME"
        raise InputError((Complaint(what, where, hint=hint),))
    return found


def _exists(path: Path) -> bool:
    with file_errors(path):
        return path.exists()


def templates_in(path: Path) -> Iterable[Path]:
    """The template files of a folder; for a file or pipe (`<(command)`) itself; empty if the path does not exist.

    Raises InputError if it cannot be read.
    """
    if not path.is_dir():
        return [path] if _exists(path) else []
    if _is_of_project(path):
        return project_files(path)
    with file_errors(path):
        return sorted(file for file in path.rglob("*") if file.suffix in ENDINGS and _is_read(file))


def _is_read(file: Path) -> bool:
    # A broken symbolic link counts, so that reading it fails with its name.
    return file.is_file() or not file.exists()


ENDING = ".yaml"
EXAMPLES = "examples"
"""Folder in the params folder with complete environments to try and to copy."""


def environment_names(folder: Path = PARAMS) -> list[str]:
    """Names of the params files in the folder, then of the examples."""
    from aurora_cfn.environment.names import ENVIRONMENT_NAME

    folders = [place for place in (folder, folder / EXAMPLES) if place.is_dir()]
    found = (name for place in folders for name in sorted(path.stem for path in place.glob(f"*{ENDING}")))
    return [name for name in dict.fromkeys(found) if re.fullmatch(ENVIRONMENT_NAME, name)]


def environment_files(name: str, folder: Path = PARAMS) -> tuple[Path, Path]:
    """The two possible paths of the params file: in the folder, and in its examples.

    Raises InputError if it is not the name of an environment.
    """
    from aurora_cfn.environment import check_environment_name

    file = f"{check_environment_name(name)}{ENDING}"
    return folder / file, folder / EXAMPLES / file


def environment_file(name: str, folder: Path = PARAMS) -> Path:
    """The path of the params file; raises InputError with a suggestion if there is none."""
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
    where = "run the command in the project's folder, which holds params/"
    new = "write it, see: aurora-cfn docs params; or describe a running stack: aurora-cfn adopt --help"
    hint = suggestion(name, names) or (new if TEMPLATES.is_dir() else f"{where}, or begin one: aurora-cfn init")
    return Complaint("there is no such environment", str(path), hint=hint)
