"""Findings of ours outside of templates, in files that a params file names; they cannot be suppressed."""

from __future__ import annotations

from typing import Final

DIALECT: Final = "W9501"
OUTSIDE: Final = {
    DIALECT: (
        "A statement in handlers or SQL files that runs on MariaDB and that Aurora MySQL refuses",
        "Write it as MySQL 8 takes it; the message says how.",
    ),
}
"""Rule id to what it is about and the fix."""
