"""Messages of an AWS event stream, as a server sends them (Smithy, application/vnd.amazon.eventstream)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32


def session(*updates: Sequence[tuple[str, str]] | str, sampled: bool = False) -> bytes:
    """A Live Tail session: of each update streams and messages of its events; a text is the error that ends it."""
    sent = [_message({":message-type": "event", ":event-type": "initial-response"}, {}), _event("sessionStart", {})]
    for row in updates:
        if isinstance(row, str):
            sent.append(_message({":message-type": "exception", ":exception-type": row}, {"message": "over"}))
            continue
        events = [
            {"logStreamName": stream, "message": text, "timestamp": 1000, "ingestionTime": 1} for stream, text in row
        ]
        sent.append(_event("sessionUpdate", {"sessionMetadata": {"sampled": sampled}, "sessionResults": events}))
    return b"".join(sent)


def _event(kind: str, content: Mapping[str, Any]) -> bytes:
    return _message({":message-type": "event", ":event-type": kind}, content)


def _message(headers: Mapping[str, str], content: Mapping[str, Any]) -> bytes:
    payload = json.dumps(content).encode()
    # A header is the length of its name, its name, 7 for a text, the length of the text in two bytes, the text.
    head = b"".join(
        bytes([len(name)]) + name.encode() + b"\x07" + len(value).to_bytes(2) + value.encode()
        for name, value in headers.items()
    )
    lengths = (16 + len(head) + len(payload)).to_bytes(4) + len(head).to_bytes(4)
    checked = lengths + crc32(lengths).to_bytes(4) + head + payload
    return checked + crc32(checked).to_bytes(4)
