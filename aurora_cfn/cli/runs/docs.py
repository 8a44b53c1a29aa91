"""The pages of the documentation: in the package where it is installed, in docs/ in the repository of aurora-cfn."""

from __future__ import annotations

from pathlib import Path

import aurora_cfn
from aurora_cfn.environment.shapes import closest
from aurora_cfn.errors import InputError
from aurora_cfn.model.rows import Rows
from aurora_cfn.project.files import read_text

_GENERATED = ("<!-- made:", "<!-- /made")
"""The lines around a part that `make render` writes, which mean nothing to a reader."""


def pages_folder() -> Path:
    """The folder of the pages; systems/ below it has those about one whole system."""
    inside = Path(aurora_cfn.__file__).parent / "docs"
    return inside if inside.is_dir() else inside.parents[1] / "docs"


def page_path(page: str) -> Path:
    """The file of a page, which is named as it is linked: `operating`, `docs/operating.md`, `operating.md#upgrade`.

    Raises InputError where there is none.
    """
    found, name = _pages(), Path(page.partition("#")[0]).stem
    if name not in found:
        near = closest(name, found)
        raise InputError(
            f"there is no page {page}{f': did you mean {near}?' if near else ''}; list them: aurora-cfn docs"
        )
    return found[name]


def page_text(page: str) -> str:
    """The Markdown of a page. Raises InputError where there is none."""
    lines = read_text(page_path(page)).splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_GENERATED))


def page_list() -> Rows:
    """A row for each page: its name and what it answers."""
    return Rows.of(("page", "about"), ((name, _about(read_text(path))) for name, path in _pages().items()))


def _pages() -> dict[str, Path]:
    folder = pages_folder()
    return {path.stem: path for path in (*sorted(folder.glob("*.md")), *sorted(folder.glob("systems/*.md")))}


def _about(text: str) -> str:
    """The question below the heading, or the heading."""
    heading, _, first, *_ = text.splitlines()
    return first if first.endswith("?") else heading.removeprefix("# ")
