"""A connection of the engine that the function's settings name."""

from __future__ import annotations

from pg8000.native import Connection

from .connection import ANSWER_SECONDS, Place, connected, verified
from .mysql import MysqlConnection


def opened(place: Place, token: str, *, seconds: float = ANSWER_SECONDS) -> Connection | MysqlConnection:
    """A new connection over verified TLS; `token` is sent as the password, `seconds` is the socket timeout."""
    if place.engine == "mysql":
        return MysqlConnection(place, token, context=verified(), seconds=seconds)
    return connected(place, token, seconds=seconds)
