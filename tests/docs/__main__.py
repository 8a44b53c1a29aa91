"""`python -m tests.docs` writes the generated parts of README.md and docs/.

A transcript is replaced only when more changed than its times and ids, so that a second run changes nothing.
"""

from __future__ import annotations

from tests.docs.pages import PAGES, filled, part, part_names
from tests.docs.scenes import SCENES, Scene, play, steady
from tests.docs.tables import PARTS


def main() -> None:
    """Write every page that is not as it would be made."""
    for path in PAGES:
        page = path.read_text(encoding="utf-8")
        for name in sorted(part_names(page) & SCENES.keys()):
            page = _played(page, name, SCENES[name])
        page = filled(page, PARTS)
        if page != path.read_text(encoding="utf-8"):
            path.write_text(page, encoding="utf-8")
            print(f"{path.name}: written")


def _played(page: str, name: str, scene: Scene) -> str:
    shown = play(scene)
    if steady(shown) == steady(part(page, name)):
        return page
    return filled(page, {name: lambda: shown})


main()
