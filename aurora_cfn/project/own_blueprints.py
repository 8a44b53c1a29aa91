"""The blueprints of the project: modules in `blueprints/` with a `BLUEPRINT`, written by the user.

They are programs. `render` executes them, and no other command does: a review, a deployment or a check of another
person's branch reads only the templates that were rendered from them.
"""

from __future__ import annotations

import ast
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from importlib import import_module
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from aurora_cfn.errors import AuroraCfnError, Complaint, InputError

if TYPE_CHECKING:
    from aurora_cfn.blueprint import Blueprint

FOLDER = Path("blueprints")
_PACKAGE = "blueprints"
_HINT = "start one with: aurora-cfn init --blueprint NAME; see: aurora-cfn docs blueprints"


def blueprint_files(folder: Path = FOLDER) -> dict[str, Path]:
    """Name of the blueprint to its module, in alphabetical order; nothing is executed.

    `orders_db.py` is the blueprint `orders-db`. A file that starts with an underscore holds what several share.
    """
    found = sorted(folder.glob("*.py")) if folder.is_dir() else []
    return {path.stem.replace("_", "-"): path for path in found if not path.name.startswith("_")}


def load_blueprint(path: Path) -> Blueprint:
    """The `BLUEPRINT` of a module, which is executed. Raises InputError with the line where it fails."""
    from aurora_cfn.blueprint import Blueprint
    from aurora_cfn.render import as_blueprint

    name = path.stem.replace("_", "-")
    with errors_of(path), _importable(path.parent):
        found = as_blueprint(getattr(import_module(f"{_PACKAGE}.{path.stem}"), "BLUEPRINT", None), name)
    if not isinstance(found, Blueprint):
        what = "has no BLUEPRINT, which is an aurora_cfn.Blueprint or a troposphere.Template"
        raise InputError((Complaint(what, str(path), 1, hint=_HINT),))
    if found.name != name:
        line = _line_of(path, found.name)
        what = f"the blueprint is named {found.name!r}; after its file it must be {name!r}"
        raise InputError((Complaint(what, str(path), line),))
    return found


@contextmanager
def errors_of(path: Path) -> Iterator[None]:
    """A block that executes code of the module; what fails in it is an InputError with file and line.

    What the code prints goes to standard error: standard output is for templates.
    """
    printed = StringIO()
    try:
        with redirect_stdout(sys.stderr), redirect_stderr(printed):
            yield
    except AuroraCfnError:
        raise
    except (Exception, SystemExit) as error:
        file, line = _place(error, path)
        # troposphere prints what a validator refuses, and raises an error without a text.
        text = error.msg if isinstance(error, SyntaxError) else str(error) or printed.getvalue()
        raise InputError((Complaint(" ".join(f"{type(error).__name__}: {text}".split()), file, line),)) from error
    sys.stderr.write(printed.getvalue())


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """A block in which the modules of the folder are those of the package `blueprints`.

    They can import one another (`from blueprints._tags import TAGS`). No byte code is written beside them.
    """
    package = ModuleType(_PACKAGE)
    package.__path__ = [str(folder.resolve())]
    _forget()
    sys.modules[_PACKAGE] = package
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before
        _forget()


def _forget() -> None:
    for name in [name for name in sys.modules if name == _PACKAGE or name.startswith(f"{_PACKAGE}.")]:
        del sys.modules[name]


def _place(error: BaseException, path: Path) -> tuple[str, int]:
    """File and line of the innermost call in the project's blueprints; else of the resource that is named."""
    if isinstance(error, SyntaxError) and error.filename:
        return _shown(Path(error.filename), path), error.lineno or 1
    inside = [
        (_shown(Path(frame.filename), path), frame.lineno or 1)
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).resolve().is_relative_to(path.parent.resolve())
    ]
    return inside[-1] if inside else (str(path), _line_of(path, *str(error).replace(".", " ").split()))


def _shown(file: Path, path: Path) -> str:
    """The file as the user writes it, below the folder of the blueprints."""
    folder = path.parent.resolve()
    return str(path.parent / file.resolve().relative_to(folder)) if file.resolve().is_relative_to(folder) else str(file)


def _line_of(path: Path, *words: str) -> int:
    """The line with one of the words as a text of its own: troposphere names the resource, and no line; else 1."""
    wanted = {word.strip("()',:\"") for word in words}
    texts = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant))
    return min((node.lineno for node in texts if isinstance(node.value, str) and node.value in wanted), default=1)
