"""The pages of the documentation: in the package where it is installed, in docs/ in the repository of aurora-cfn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import aurora_cfn
from aurora_cfn.environment.shapes import closest, suggestion
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
    """The Markdown of a page, or with `#section` of that section. Raises InputError where there is none."""
    lines = read_text(page_path(page)).splitlines(keepends=True)
    shown = [line for line in lines if not line.startswith(_GENERATED)]
    return "".join(_section(shown, page) if "#" in page else shown)


def _section(lines: list[str], page: str) -> list[str]:
    """The lines from the heading with that anchor, as links have it, to the next of its level or above."""
    path, _, anchor = page.partition("#")
    headings = list(_headings(lines))
    found = next(((at, level) for at, level, name in headings if name == anchor), None)
    if found is None:
        raise InputError(f"{path} has no section {anchor}: {suggestion(anchor, [name for _, _, name in headings])}")
    ends = [at for at, level, _ in headings if at > found[0] and level <= found[1]]
    return lines[found[0] : min(ends, default=len(lines))]


def _headings(lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """Number of the line, level and anchor of each heading; a `#` in a code block is none."""
    code = False
    for at, line in enumerate(lines):
        code ^= line.startswith("```")
        mark, _, text = line.strip().partition(" ")
        if not code and mark and not mark.strip("#"):
            yield at, len(mark), re.sub(r"[^\w -]", "", text.lower()).replace(" ", "-")


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
