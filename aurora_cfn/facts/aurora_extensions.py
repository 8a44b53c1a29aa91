"""The extensions that Aurora PostgreSQL supports."""

from __future__ import annotations

from aurora_cfn.facts import read_facts


def supported_since(extension: str) -> int | None:
    """The lowest major version of Aurora PostgreSQL, of those still offered, that has the extension; None for none."""
    rows: dict[str, list[str]] = read_facts("aurora_extensions")["since"]
    return next((int(major) for major, names in rows.items() if extension in names), None)
