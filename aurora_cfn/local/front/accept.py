"""What a listener calls with each connection, around the engine's own conversation."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable

from aurora_cfn.local.front.listener import Accept
from aurora_cfn.local.front.token import is_signed

logger = logging.getLogger("aurora_cfn.front")
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def accepting(
    serve: Callable[[Streams], Awaitable[None]], check: Callable[[str], bool], protocol_error: type[Exception]
) -> Accept:
    """The callback of a listener; `check` becomes `is_signed`, and `protocol_error` means another protocol."""

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        is_signed.set(check)
        try:
            await serve((reader, writer))
        except (OSError, asyncio.IncompleteReadError, protocol_error, TimeoutError, ssl.SSLError):
            pass  # the client went away, or never spoke the engine's protocol
        except Exception:
            logger.exception("a session ended by a fault of ours")
        finally:
            writer.close()

    return accept
