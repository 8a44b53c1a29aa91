"""Text escaped for XML documents and for workflow commands of GitHub Actions."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from aurora_cfn.report.text import shown


def command_data(text: str) -> str:
    """Text as the runner reads it: line ends cannot start another command, and nothing steers a terminal."""
    return "%0A".join(shown(line) for line in text.replace("%", "%25").splitlines())


def command_property(text: str) -> str:
    """The same for a property, where colons and commas end it."""
    return command_data(text).replace(":", "%3A").replace(",", "%2C")


def attribute(text: str) -> str:
    """The text as a quoted attribute, on one line."""
    return quoteattr(shown(text))


def body(text: str) -> str:
    """The text between two tags, with its line ends."""
    return escape("\n".join(map(shown, text.split("\n"))))
