"""What a zip holds: the handlers asked for, what they import of their own folder, and the database driver."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from importlib.metadata import PackageNotFoundError, PackagePath, distribution
from pathlib import Path

from aurora_cfn.errors import InputError

FOLDER = "handlers"
DRIVER = ("pg8000", "scramp", "asn1crypto", "python-dateutil", "six")
"""The driver and all that it requires, pure Python, so that one zip runs on every processor."""
COMPILED = (".so", ".pyd", ".dylib")


def contents(handlers: Sequence[str]) -> dict[str, bytes]:
    """Path in the zip to bytes. Raises InputError when a part of the driver is not installed or is compiled."""
    sources = _sources()
    names = closure(handlers, sources)
    own = {f"{FOLDER}/{name}.py": sources[name].encode() for name in ("__init__", *names)}
    return own | {path: data for name in DRIVER for path, data in _distribution(name).items()}


def closure(handlers: Iterable[str], sources: Mapping[str, str]) -> list[str]:
    """The modules that the handlers need of their own folder, themselves included, sorted."""
    found: set[str] = set()
    waiting = list(handlers)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += siblings(sources[name])
    return sorted(found)


def siblings(source: str) -> list[str]:
    """Modules that a source imports as `from .module import name`."""
    nodes = ast.walk(ast.parse(source))
    return [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module]


def _sources() -> dict[str, str]:
    folder = resources.files("aurora_cfn") / FOLDER
    files = (entry for entry in folder.iterdir() if entry.name.endswith(".py"))
    # A checkout with other line ends must not make another zip.
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
    """The files of a distribution that belong into a zip: code, data, licence and version, nothing of this machine."""
    kept = [path for path in files if _belongs(path)]
    compiled = next((path for path in kept if path.suffix in COMPILED), None)
    if compiled:
        raise InputError(f"{name} holds {compiled}, which is compiled for this machine and not for Lambda")
    return kept


def _belongs(path: PackagePath) -> bool:
    if path.parts[0] == ".." or "__pycache__" in path.parts or path.suffix == ".pyc":
        return False
    # The driver asks for its own version, which METADATA tells.
    told = path.name == "METADATA" or path.name.upper().startswith(("LICENSE", "LICENCE", "COPYING"))
    return told or not path.parts[0].endswith(".dist-info")
