"""The files of a zip: the handlers, the modules of their folder that they import, and the database driver."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from importlib import resources
from importlib.metadata import PackageNotFoundError, PackagePath, distribution
from pathlib import Path

from aurora_cfn.errors import Complaint, InputError

FOLDER = "handlers"
DRIVER = ("pg8000", "scramp", "asn1crypto", "python-dateutil", "six")
"""The driver and its requirements: pure Python, so that the zip runs on arm64 and x86_64."""
CONNECTION_MODULE = "connection"
"""The module whose presence means that the zip needs PostgreSQL's driver."""
MYSQL_MODULE, MYSQL_DRIVER = "mysql", ("PyMySQL",)
"""The module whose presence means that the zip needs MySQL's driver."""
COMPILED = (".so", ".pyd", ".dylib")


def contents(handlers: Sequence[str], own: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """The bytes by path in the zip; `own` are the files of a folder that is used in place of the shipped handlers.

    Raises InputError if a part of the driver is not installed or is compiled, and with every complaint about `own`.
    """
    if own is not None:
        check_own(handlers, own)
    files = copied_handlers(handlers) if own is None else own
    # As a package, since the handlers import their siblings relatively.
    packaged = {f"{FOLDER}/{name}": data for name, data in files.items()}
    # What a folder of one's own imports is not known here; of ours one module alone connects to PostgreSQL.
    connects = own is not None or f"{CONNECTION_MODULE}.py" in files
    drivers = (DRIVER if connects else ()) + (MYSQL_DRIVER if f"{MYSQL_MODULE}.py" in files else ())
    return packaged | {path: data for name in drivers for path, data in _distribution(name).items()}


def copied_handlers(handlers: Iterable[str]) -> dict[str, bytes]:
    """The handlers and the modules of their folder that they import, as a package: bytes by file name."""
    sources = _sources()
    return {f"{name}.py": sources[name].encode() for name in ("__init__", *closure(handlers, sources))}


def _sources() -> dict[str, str]:
    folder = resources.files("aurora_cfn") / FOLDER
    files = (entry for entry in folder.iterdir() if entry.name.endswith(".py"))
    # Git may check out the files with other line ends on Windows; the zip must be the same.
    return {entry.name.removesuffix(".py"): entry.read_text("utf-8").replace("\r\n", "\n") for entry in files}


def _distribution(name: str) -> dict[str, bytes]:
    try:
        files = distribution(name).files
    except PackageNotFoundError:
        raise InputError(f"{name} is not installed: install aurora-cfn again, the functions need it") from None
    if not files:
        raise InputError(f"{name} is installed without a list of its files: install it with pip")
    return {str(path): Path(str(path.locate())).read_bytes() for path in wanted(name, files)}


def wanted(name: str, files: Iterable[PackagePath]) -> list[PackagePath]:
    """The files of a distribution for the zip: code, data, licence and version, but no scripts or caches."""
    kept = [path for path in files if _belongs(path)]
    compiled = next((path for path in kept if path.suffix in COMPILED), None)
    if compiled:
        raise InputError(f"{name} has {compiled}, which is compiled for this machine and not for Lambda")
    return kept


def _belongs(path: PackagePath) -> bool:
    if path.parts[0] == ".." or "__pycache__" in path.parts or path.suffix == ".pyc":
        return False
    # The driver reads its own version from METADATA.
    kept = path.name == "METADATA" or path.name.upper().startswith(("LICENSE", "LICENCE", "COPYING"))
    return kept or not path.parts[0].endswith(".dist-info")


HINT = "`aurora-cfn dev --copy-handlers FOLDER` writes all of them to a new folder"


def closure(handlers: Iterable[str], sources: Mapping[str, str]) -> list[str]:
    """The modules of their folder that the handlers import, directly or not, with themselves; sorted."""
    found: set[str] = set()
    waiting = list(handlers)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += siblings(sources.get(name, ""))
    return sorted(found)


def siblings(source: str) -> list[str]:
    """The modules that a source imports as `from .module import name`."""
    nodes = ast.walk(ast.parse(source))
    return [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module]


def check_own(handlers: Iterable[str], files: Mapping[str, bytes]) -> None:
    """Raise InputError, with every complaint, for modules that are missing or are not Python; nothing is executed."""
    problems = {name: _problem(name, files[name]) for name in sorted(files) if name.endswith(".py")}
    sound = (name for name, problem in problems.items() if problem is None)
    sources = {name.removesuffix(".py"): files[name].decode("utf-8", "replace") for name in sound}
    complaints = [*filter(None, problems.values()), *_missing(list(handlers), files, sources)]
    if complaints:
        raise InputError(complaints)


def _problem(name: str, data: bytes) -> Complaint | None:
    try:
        ast.parse(data, name)
    except SyntaxError as error:
        return Complaint(f"invalid Python: {error.msg}", name, error.lineno)
    except ValueError as error:
        return Complaint(f"invalid Python: {error}", name)
    return None


def _missing(handlers: list[str], files: Collection[str], sources: Mapping[str, str]) -> Iterator[Complaint]:
    """Modules that a function starts with, or that they import of the folder, and that it does not have.

    `sources` are the modules that can be read as Python, by name.
    """
    for name in handlers:
        if f"{name}.py" not in files:
            yield Complaint("is missing, and a function of the template starts with it", f"{name}.py", hint=HINT)
    for name in closure([name for name in handlers if name in sources], sources):
        for module in siblings(sources.get(name, "")):
            path = module.replace(".", "/")
            if f"{path}.py" not in files and f"{path}/__init__.py" not in files:
                yield Complaint(f"is missing, and {name}.py imports it", f"{path}.py", hint=HINT)
