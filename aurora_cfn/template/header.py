"""The header of a rendered template: which blueprint it comes from, and whether the text is still as rendered.

A file without this header belongs to the user: no command overwrites it or calls it stale.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

_LINES = (
    "# Rendered by aurora-cfn from the blueprint {blueprint}.\n"
    "# Do not edit: change {source}, then run `aurora-cfn render`.\n"
    "# Checksum of the text below: {checksum}\n"
)
_HEADER = re.compile(
    r"# Rendered by aurora-cfn from the blueprint (?P<blueprint>[A-Za-z0-9/_-]+)\.\n"
    r"# Do not edit: [^\n]*\n"
    r"(?:# Checksum of the text below: (?P<checksum>[0-9a-f]+)\n)?"
)


@dataclass(frozen=True, slots=True)
class Header:
    """`edited`: the text below the header was changed after it was rendered."""

    blueprint: str
    edited: bool


def with_header(body: str, blueprint: str, source: str = "the blueprint") -> str:
    """The body of a template under its header; `source` is what a person changes to change the template."""
    return _LINES.format(blueprint=blueprint, source=source, checksum=_checksum(body)) + body


def header_of(text: str) -> Header | None:
    """The header of a template; None for one that was not rendered.

    Version 0.1.0 wrote no checksum: such a file counts as not edited.
    """
    match = _HEADER.match(text)
    if match is None:
        return None
    checksum = match["checksum"]
    return Header(match["blueprint"], checksum is not None and checksum != _checksum(text[match.end() :]))


def _checksum(body: str) -> str:
    # 64 bits are enough to detect an edit; all of SHA-256 would only make the line longer.
    return hashlib.sha256(body.encode()).hexdigest()[:16]
