"""The licence of every package in requirements.lock, from what the packages say of themselves.

licences.json has an SPDX expression for each; a package that is added to the lock is added there, after reading its
licence. Metadata of old packages say it in words or in classifiers only, so the expression is not made from them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from tests.docs.pages import ROOT

FREE = frozenset({
    "Apache-2.0", "Apache-2.0 AND CNRI-Python", "Apache-2.0 OR BSD-2-Clause", "Apache-2.0 OR BSD-3-Clause",
    "BSD-2-Clause", "BSD-3-Clause", "MIT", "MIT-0", "PSF-2.0",
})  # fmt: skip
"""Licences that ask for nothing but their notice."""
NOTES: Mapping[str, str] = {
    "hypothesis": "only in the tests, unchanged",
    "pathspec": "only in building and type checking, unchanged",
    "psycopg2-binary": "with `[local]` only: the emulator's library imports it, unchanged and as a package of its own",
}
"""Why a package with another licence may be in the lock."""


def licences() -> dict[str, str]:
    """SPDX expression by package."""
    found: dict[str, str] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return found


def locked() -> set[str]:
    """The packages of the lock."""
    return set(
        re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )


def table() -> list[str]:
    """One row a licence, those with conditions first, each of whose packages has a note."""
    known, rows = licences(), ["| licence | packages |", "|---|---|"]
    for licence in sorted(set(known.values()), key=lambda row: (row in FREE, row)):
        names = sorted(name for name, its in known.items() if its == licence)
        shown = (f"{name} ({NOTES[name]})" if name in NOTES else name for name in names)
        rows.append(f"| {licence} | {', '.join(shown)} |")
    return rows
