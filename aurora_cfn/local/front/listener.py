"""The listeners: an address and a port for each endpoint."""

from __future__ import annotations

import asyncio
import errno
import random
import socket
import ssl
import sys
import threading
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, MutableMapping
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from typing import Any, TypeVar

from aurora_cfn.local.neighbours import KeptPlaces
from aurora_cfn.local.servers.certificate import ADDRESSES

Result = TypeVar("Result")
HERE = ADDRESSES[0]
PORTS = range(20_000, 32_000)
"""Below the ports that Linux (32768) and macOS (49152) give to outgoing connections, one of which may have a kept port
when the emulator starts again."""
TRIES = 30
KEPT = "_local_place"
"""Key of a record of ministack under which the address and port of its endpoint are kept."""
Accept = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
"""What a listener calls with each connection."""
Protocol = Callable[[ssl.SSLContext, Callable[[str], bool]], Accept]
"""A database's protocol: from the server's side of TLS and the check of IAM tokens to what serves clients."""


@dataclass(frozen=True, slots=True)
class Place:
    """An address of this machine and a port."""

    address: str
    port: int


class Front:
    """Opens and closes endpoints; every method may be called from any thread but the front's own."""

    def __init__(
        self,
        context: Callable[[], ssl.SSLContext],
        kept: KeptPlaces,
        is_signed: Callable[[str], bool] = lambda _token: False,
    ) -> None:
        """`context` gives the server's side of TLS, made at the first `open`; `is_signed` checks IAM tokens."""
        self._is_signed, self._kept = is_signed, kept
        self._context = cache(context)
        self._servers: dict[Place, asyncio.Server] = {}
        # In a thread of its own, which ends with the process: busy sessions never delay an answer of the AWS APIs.
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="front", daemon=True).start()

    def open(self, protocol: Protocol, preferred: Iterable[Place], avoided: Collection[Place] = ()) -> Place:
        """Listen at the first preferred place that is free and no other project's, else at a free port of 127.0.0.1.

        That port is none of the avoided places.
        """
        others = self._kept.of_others()
        free = (Place(HERE, port) for port in random.sample(PORTS, TRIES))
        wanted = (*preferred, *(place for place in free if place not in avoided))
        own = (place for place in wanted if (place.address, place.port) not in others)
        listener = bound((*own, Place(HERE, 0)))
        place = Place(*listener.getsockname())
        self._servers[place] = self._wait(self._serve(protocol, listener))
        self._keep()
        return place

    def open_kept(self, record: MutableMapping[str, Any], protocol: Protocol, port: int) -> str:
        """Listen at the place that a record keeps, else at an address of its own; the place as an endpoint shows it.

        So clients that know a host name only find the same endpoint after a restart.
        """
        kept = record.get(KEPT)
        place = self.open(protocol, ([Place(*kept)] if kept else []) + addresses(port))
        record[KEPT] = [place.address, place.port]
        return shown(place, port)

    def close(self, place: Place) -> None:
        """Stop listening there, for good; sessions that run continue until their server ends."""
        server = self._servers.pop(place, None)
        if server:
            self._wait(_close(server))
            self._keep()

    def close_all(self) -> None:
        """Stop listening anywhere, until the next start."""
        for server in self._servers.values():
            self._wait(_close(server))
        self._servers.clear()

    def _keep(self) -> None:
        self._kept.keep([(place.address, place.port) for place in list(self._servers)])

    def places(self) -> list[Place]:
        """Every address and port that listens now."""
        return sorted(self._servers, key=lambda place: (ip_address(place.address), place.port))

    def _wait(self, work: Coroutine[Any, Any, Result]) -> Result:
        # Seconds: opening and closing take milliseconds, so more means that the thread hangs.
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _serve(self, protocol: Protocol, listener: socket.socket) -> asyncio.Server:
        return await asyncio.start_server(protocol(self._context(), self._is_signed), sock=listener)


def addresses(port: int) -> list[Place]:
    """Places for something whose clients know only a host name and the usual port, such as an RDS Proxy.

    Linux answers on all of 127.0.0.0/8, so each gets an address of its own; macOS only on 127.0.0.1.
    """
    return [Place(address, port) for address in (ADDRESSES[1:] if sys.platform == "linux" else ADDRESSES[:1])]


def shown(place: Place, usual: int) -> str:
    """The place as an endpoint that has no port beside it: one is added where it is not the usual port.

    That happens where something else, such as a container that publishes 0.0.0.0:5432, has the port on every address.
    """
    return place.address if place.port == usual else f"{place.address}:{place.port}"


def bound(preferred: Iterable[Place]) -> socket.socket:
    """A socket bound to the first place that is free."""
    for place in preferred:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((place.address, place.port))
            listener.listen(256)  # with SO_REUSEADDR, bind succeeds on a port in use and only listen fails
        except OSError as error:
            listener.close()
            if error.errno not in (errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES):
                raise
            continue
        return listener
    raise OSError(errno.EADDRINUSE, "no preferred place is free")


async def _close(server: asyncio.Server) -> None:
    server.close()
