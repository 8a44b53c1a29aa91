"""Escapes for XML and for workflow commands of GitHub Actions."""

from __future__ import annotations

from collections.abc import Iterable

from aurora_cfn.report.text import shown, without_commands


def command_data(text: str) -> str:
    """The data of a workflow command: a line end would start another command, so it is escaped."""
    # The percent sign first, else those of the escapes would be escaped.
    return "%0A".join(shown(line) for line in text.replace("%", "%25").splitlines())


def command_property(text: str) -> str:
    """A property of a workflow command, which a colon or comma would end."""
    return command_data(text).replace(":", "%3A").replace(",", "%2C")


def attribute(text: str) -> str:
    """A quoted XML attribute, on one line."""
    from xml.sax.saxutils import quoteattr  # it imports urllib.request, 0.03 s that other formats do not need

    return quoteattr(without_commands(shown(text)))


def body(lines: Iterable[str]) -> str:
    """The text of an XML element of these lines, none of which is a workflow command if the document is logged."""
    from xml.sax.saxutils import escape

    return escape(without_commands("\n".join(map(shown, lines))))
