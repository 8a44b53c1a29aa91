"""Bytecode for all processes of a run, made once: hundreds of them would compile all that they import."""

from __future__ import annotations

import compileall
import importlib.util
import os
import shutil
import sysconfig
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent


def link_installed(prefix: Path) -> None:
    """Put the bytecode of Python's library and of the installed packages under `prefix`, where Python looks for it.

    The installer compiled these; with sys.pycache_prefix Python no longer reads what stands beside the sources.
    """
    for name in {sysconfig.get_path(kind) for kind in ("stdlib", "purelib", "platlib")}:
        for folder in Path(name).rglob("__pycache__"):
            place = prefix / folder.parent.relative_to(folder.anchor)
            place.mkdir(parents=True, exist_ok=True)
            for file in folder.iterdir():
                _link(file, place / file.name)


def _link(file: Path, place: Path) -> None:
    with suppress(FileExistsError):
        try:
            os.link(file, place)
        except PermissionError:
            return  # a system may protect the files of others
        except OSError:  # another file system
            shutil.copy2(file, place)


def compile_share(config: pytest.Config, number: int, count: int) -> None:
    """Compile one of `count` parts of the tests and the package, where no bytecode is there yet.

    All workers start together and collect in the same order: each would rewrite the asserts of all modules.
    """
    sources = sorted(path for name in ("tests", "aurora_cfn") for path in (ROOT / name).rglob("*.py"))
    hook: Any = config.pluginmanager.rewrite_hook  # a finder and loader, unless run with --assert=plain
    for path in sources[number::count]:
        if next(_compiled(path), None) is not None:
            continue
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        spec = hook.find_spec(name, [str(path.parent)]) if hasattr(hook, "find_spec") else None
        if spec is None:  # a module whose asserts stay as they are
            compileall.compile_file(path, quiet=2)
            continue
        module = ModuleType(name)
        module.__spec__ = spec
        # Without builtins its first import fails: it is rewritten and kept, and not run.
        module.__dict__["__builtins__"] = {}
        with suppress(ImportError):
            hook.exec_module(module)


def _compiled(path: Path) -> Iterator[Path]:
    place = Path(importlib.util.cache_from_source(path))
    return place.parent.glob(f"{path.stem}.*.pyc")
