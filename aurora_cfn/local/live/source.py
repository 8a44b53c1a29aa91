"""The folder that a function's code is run from: of an option, of the template, of the project, or the one shipped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aurora_cfn.errors import InputError
from aurora_cfn.model.value import Value
from aurora_cfn.template.local_paths import local_paths

PYTHON = "python"


@dataclass(frozen=True, slots=True)
class Source:
    """A folder; `package` is the name that it is imported as, empty where it is on the path itself."""

    folder: Path
    package: str = ""

    @property
    def working_folder(self) -> Path:
        """The root of the code, which is the current folder of a function in Lambda."""
        return self.folder.parent if self.package else self.folder

    def wire(self) -> dict[str, str]:
        """The folder and the package as JSON for the worker."""
        return {"folder": str(self.folder), "package": self.package}


def source_in(folder: Path, handler: str) -> Source | None:
    """How the handler is found in the folder, which holds its packages or is its package; None where it is not."""
    *packages, module, _ = handler.replace("/", ".").split(".")
    here = folder.resolve()
    if _module(here.joinpath(*packages, module)):
        return Source(here)
    if len(packages) == 1 and _module(here / module):
        return Source(here, packages[0])
    return None


def chosen_source(folder: Path, handler: str, function: str) -> Source:
    """The source in a folder that the user named. Raises InputError if the handler is not in it."""
    found = source_in(folder, handler)
    if found is None:
        path = "/".join(handler.replace("/", ".").split(".")[:-1])
        raise InputError(f"{folder} has no {path}.py for {function} (handler {handler}): name the folder that has it")
    return found


def template_source(template: Mapping[str, Value], path: Path, logical_id: str) -> Path | None:
    """The folder that the template names as the code of this function; None where it names none, or a zip."""
    places = (("Resources", logical_id), ("Globals", "Function"))
    rows = [row for row in local_paths(template) if row.property.zipped]
    for place in places:
        for row in rows:
            named = (path.parent / row.value).resolve()
            if row.place[:2] == place and row.place[-1] in {"Code", "CodeUri"}:
                return named if named.is_dir() else named.parent if named.suffix == ".py" else None
    return None


def first_source(folders: Iterable[Path], handler: str) -> Source | None:
    """The first folder that has the handler."""
    return next((found for found in (source_in(folder, handler) for folder in folders) if found), None)


def _module(path: Path) -> bool:
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()
