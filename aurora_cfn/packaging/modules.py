"""The Python modules of a folder of handlers: what they import of each other, and what is wrong in them."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping

from aurora_cfn.errors import Complaint, InputError

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
