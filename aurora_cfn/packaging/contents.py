"""The files of a zip: the handlers, the modules of their folder that they import, and the database driver."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from importlib.metadata import PackageNotFoundError, PackagePath, distribution
from pathlib import Path

from aurora_cfn.errors import InputError
from aurora_cfn.packaging.modules import check_own, closure

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
