"""Text inside XML documents."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from aurora_cfn.report.characters import shown


def attribute(text: str) -> str:
    """The text as a quoted attribute, on one line."""
    return quoteattr(shown(text))


def body(text: str) -> str:
    """The text between two tags, with its line ends."""
    return escape("\n".join(map(shown, text.split("\n"))))
