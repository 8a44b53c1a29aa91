"""An HTML page that needs nothing from elsewhere, and the escapes of XML and of workflow commands."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from aurora_cfn.report.text import shown, without_commands

STYLE = """
:root{color-scheme:light dark;--text:#1e293b;--dim:#64748b;--line:#e2e8f0;--page:#f8fafc;--card:#fff;--plot:#0369a1}
@media (prefers-color-scheme:dark){
:root{--text:#e2e8f0;--dim:#94a3b8;--line:#334155;--page:#0f172a;--card:#1e293b;--plot:#38bdf8}}
body{margin:0 auto;max-width:780px;padding:24px;background:var(--page);color:var(--text);
font:15px/1.5 system-ui,sans-serif}
h1{font-size:22px}h2{font-size:18px;margin:32px 0 4px;overflow-wrap:anywhere}
h3{font-size:15px;margin:0;overflow-wrap:anywhere}
p{margin:4px 0}.dim{color:var(--dim)}ul{list-style:none;margin:0;padding:0}li{margin:4px 0}
svg{display:block;width:100%;height:auto}svg text{font:12px system-ui,sans-serif;fill:var(--dim)}
""".strip()


def page(heading: str, body: str, style: str = "") -> str:
    """The document with that heading and body, whose text is escaped; `style` is added to STYLE."""
    title = escaped(heading)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        # Nothing is loaded or run, whatever the names in the page are.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{STYLE}\n{style}</style>\n</head>\n<body>\n<h1>{title}</h1>\n{body}\n"
        "</body>\n</html>\n"
    )


def escaped(text: str) -> str:
    """Text for an element or a quoted attribute."""
    return escape(shown(text))


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
