"""CREATE EXTENSION of what this machine's PostgreSQL lacks: one sentence in place of the error about its files."""

from __future__ import annotations

import re
import struct

from aurora_cfn.facts import read_facts
from aurora_cfn.local.postgres.front.messages import message

ABSENT = re.compile(
    r'extension "([^"]+)" is not available'  # since PostgreSQL 15
    r'|could not open extension control file "[^"]*?([^/"]+)\.control"'
)
"""The primary message of the error, with the extension's name."""
HINT = (
    "AURORA_CFN_PG_BIN names the folder of another PostgreSQL for new databases; "
    "pg_available_extensions lists what this one has."
)
# The first fields of an error, in PostgreSQL's order: severity, severity untranslated, SQLSTATE.
_BEGIN = b"SERROR\0VERROR\0C"
_HEADER = 5  # bytes of a message before its content: type and length


def without(text: str, title: str) -> str | None:
    """The sentence for PostgreSQL's message of an absent extension, None for another message.

    `title` is such as `PostgreSQL 17.10`.
    """
    found = ABSENT.match(text)
    if not found:
        return None
    name = found[1] or found[2]
    since = supported_since(name)
    if since is None:
        return f'extension "{name}" is not available: neither Aurora PostgreSQL nor the local {title} has it'
    return (
        f'extension "{name}" is not available here: Aurora PostgreSQL {since} and newer has it, '
        f"the local {title} does not"
    )


def reworded(chunk: bytes, title: str) -> bytes:
    """What a server sends, with that sentence in the error; all else as it is.

    The error ends a statement, so PostgreSQL sends it at once and in one piece.
    """
    at = chunk.find(_BEGIN) - _HEADER
    while at >= 0:
        (length,) = struct.unpack("!I", chunk[at + 1 : at + _HEADER])
        end = at + 1 + length
        changed = _changed(chunk[at + _HEADER : end], title) if chunk[at : at + 1] == b"E" else None
        if changed:
            chunk, end = chunk[:at] + changed + chunk[end:], at + len(changed)
        at = chunk.find(_BEGIN, max(end, at + _HEADER + 1)) - _HEADER
    return chunk


def _changed(payload: bytes, title: str) -> bytes | None:
    fields = {part[:1]: part[1:] for part in payload.split(b"\0") if part}
    sentence = without(fields.get(b"M", b"").decode("utf-8", "replace"), title)
    if sentence is None:
        return None
    del fields[b"M"]
    kept = {kind: fields[kind] for kind in fields if kind not in b"DH"}
    words = {**kept, b"M": sentence.encode(), b"H": HINT.encode()}
    return message(b"E", b"".join(kind + value + b"\0" for kind, value in words.items()) + b"\0")


def supported_since(extension: str) -> int | None:
    """The lowest major version of Aurora PostgreSQL, of those still offered, that has the extension; None for none."""
    rows: dict[str, list[str]] = read_facts("aurora_extensions")["since"]
    return next((int(major) for major, names in rows.items() if extension in names), None)
