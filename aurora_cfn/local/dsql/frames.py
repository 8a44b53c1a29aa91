"""Messages of PostgreSQL's protocol, as kind and payload, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterable

from aurora_cfn.local.dsql.statements import Statement, read_statement

Frame = tuple[bytes, bytes]
SERIALIZATION, CANCELLED = b"40001", b"57014"
CONFLICT = "change conflicts with another transaction, please retry: (OC000)"
OUTDATED = "schema has been updated by another transaction, please retry: (OC001)"


def strongest(texts: Iterable[str]) -> Statement:
    """What the statements of one cycle do together."""
    found = [read_statement(text) for text in texts]
    writes = [each for each in found if each.kind == "write"]
    if writes:
        return Statement("write", tuple(name for each in writes for name in each.tables))
    return found[0] if found else Statement("read")


def closing(cycle: Iterable[Frame]) -> list[Frame]:
    """Close the statements that the cycle prepares: the attempt before has prepared them already."""
    names = [payload.split(b"\0", 1)[0] for kind, payload in cycle if kind == b"P"]
    return [(b"C", b"S" + name + b"\0") for name in names if name]


def query(sql: str) -> Frame:
    """A simple query."""
    return b"Q", sql.encode() + b"\0"


def code_of(answer: Iterable[Frame]) -> bytes | None:
    """The SQLSTATE of the error in an answer."""
    for kind, payload in answer:
        if kind == b"E":
            return next((part[1:] for part in payload.split(b"\0") if part[:1] == b"C"), b"")
    return None


def worded(answer: Iterable[Frame]) -> list[Frame]:
    """The answer with DSQL's words for a conflict."""
    return [
        (kind, error(SERIALIZATION, CONFLICT))
        if kind == b"E" and code_of([(kind, payload)]) == SERIALIZATION
        else (kind, payload)
        for kind, payload in answer
    ]


def error(code: bytes, text: str) -> bytes:
    """The payload of an error."""
    return b"SERROR\0VERROR\0C" + code + b"\0M" + text.encode() + b"\0\0"
