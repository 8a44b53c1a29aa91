"""Messages of PostgreSQL's protocol, as kind and payload, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aurora_cfn.local.dsql.statements import Statement, in_private_copy, read_statement

Frame = tuple[bytes, bytes]
SERIALIZATION, CANCELLED = b"40001", b"57014"
CONFLICT = "change conflicts with another transaction, please retry: (OC000)"
OUTDATED = "schema has been updated by another transaction, please retry: (OC001)"


def strongest(texts: Iterable[str]) -> Statement:
    """What the statements of one cycle do together."""
    found = [read_statement(text) for text in texts]
    if len(found) == 1:
        return found[0]
    kind = next((kind for kind in ("write", "read") if any(each.kind == kind for each in found)), "read")
    tables = tuple(name for each in found for name in each.tables)
    return Statement(kind, tables, frozenset[str]().union(*(each.uses for each in found)))


def renamed(cycle: Iterable[Frame], copied: Sequence[str]) -> list[Frame]:
    """The client's messages with the private copies in place of tables whose schema they name."""
    return [(kind, _with_copies(kind, payload, copied)) for kind, payload in cycle]


def _with_copies(kind: bytes, payload: bytes, copied: Sequence[str]) -> bytes:
    if not copied or kind not in b"QP":
        return payload
    head, rest = payload.split(b"\0", 1) if kind == b"P" else (b"", payload)
    text, types = rest.split(b"\0", 1)
    changed = in_private_copy(text.decode("utf-8", "replace"), copied).encode()
    return (head + b"\0" if kind == b"P" else b"") + changed + b"\0" + types


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
