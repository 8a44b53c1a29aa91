"""README.md and the pages in docs/, with the parts that are generated between comments:

<!-- made: commands -->
...
<!-- /made -->
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted([*(ROOT / "docs").glob("*.md"), *(ROOT / "docs/systems").glob("*.md")]))
_PART = re.compile(r"(<!-- made: ([a-z -]+) -->)(.*?)(<!-- /made -->)", re.DOTALL)
"""A generated part: opening comment, name, text, closing comment."""


def part_names(page: str) -> set[str]:
    """The names of the generated parts of a page."""
    return {found[2] for found in _PART.finditer(page)}


def part(page: str, name: str) -> str:
    """The text of one generated part as it stands in the page."""
    return next(found[3] for found in _PART.finditer(page) if found[2] == name)


def filled(page: str, parts: Mapping[str, Callable[[], str]]) -> str:
    """The page with the named parts made anew; parts that `parts` does not have stay as they are."""

    def new(found: re.Match[str]) -> str:
        make = parts.get(found[2])
        return found[0] if make is None else f"{found[1]}{make()}{found[4]}"

    return _PART.sub(new, page)
