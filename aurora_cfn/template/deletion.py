"""A template whose resources leave nothing behind when the stack is deleted."""

from __future__ import annotations

import re

# YAML and JSON, with and without quotes. RetainExceptOnCreate before Retain: the longer word first.
_POLICY = re.compile(
    r"""^(\s*["']?(?:DeletionPolicy|UpdateReplacePolicy)["']?\s*:\s*["']?)(?:Snapshot|RetainExceptOnCreate|Retain)\b""",
    re.MULTILINE,
)


def with_nothing_kept(text: str) -> str:
    """The text with `Delete` in place of every policy that keeps a resource or takes a final snapshot of it."""
    return _POLICY.sub(r"\1Delete", text)
