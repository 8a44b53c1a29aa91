"""Every socket that this process binds is bound to the loopback interface, even where its code says 0.0.0.0."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import Any

LOOPBACK = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}


def only() -> None:
    """Turn every later bind of an internet socket into one on 127.0.0.1 or ::1.

    ministack 1.5.33 has listeners with 0.0.0.0 written into them (the Aurora DSQL wire proxy, MQTT); binding is where
    all of them, and those of a later version, come past.
    """
    original = socket.socket.bind

    def bind(self: socket.socket, address: Any) -> None:
        here = LOOPBACK.get(self.family)
        outside = here is not None and not _is_loopback(address[0])
        original(self, (here, *address[1:]) if outside else address)

    setattr(socket.socket, "bind", bind)  # noqa: B010 - a plain assignment is not typed as allowed


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
