"""Start and end of the server process."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import MutableMapping
from ipaddress import ip_address
from typing import Any

from aurora_cfn import __version__
from aurora_cfn.local.front.listener import HERE, Place, bound
from aurora_cfn.local.home import Home
from aurora_cfn.local.keys import Keys, keys_of
from aurora_cfn.local.record import ServerRecord, write_record
from aurora_cfn.local.server.memory import release_soon, use_one_heap
from aurora_cfn.local.servers.certificate import trusted

# Longer than the longest time between two polls of a command: at hypercorn's own 5 s each would connect anew.
KEEP_ALIVE_SECONDS = 75
LOOPBACK = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}


def prepare(home: Home, preferred: int, environ: MutableMapping[str, str]) -> socket.socket:
    """Bind the port and set ministack's environment variables; it reads them when it is imported."""
    use_one_heap()
    bind_loopback_only()
    listener = bound((Place(HERE, preferred), Place(HERE, 0)))
    shutil.rmtree(home.temporary, ignore_errors=True)
    home.temporary.mkdir(parents=True)
    environ.update(settings(home, listener.getsockname()[1], keys_of(home)))
    # filelock 3.32 makes a temporary folder when it is imported: Python keeps the place that it found then.
    tempfile.tempdir = environ["TMPDIR"]
    # Lambda functions verify their database; OpenSSL lets them trust ours by this variable alone.
    environ["SSL_CERT_FILE"] = str(trusted(home.postgres))
    return listener


def bind_loopback_only() -> None:
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


def settings(home: Home, port: int, keys: Keys) -> dict[str, str]:
    """ministack 1.5.33's environment variables for a server of one person on one machine."""
    here = "localhost,127.0.0.1"
    return {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "localhost",  # the execute-api host is not recognised as 127.0.0.1
        "AUTH": "true",  # CloudFormation capabilities are checked only with it
        "AWS_ACCESS_KEY_ID": keys.access_key_id,  # with this key, and an account's id, a request is the account's root
        "AWS_SECRET_ACCESS_KEY": keys.secret_access_key,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": f"unix://{home.path / 'no-docker'}",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(home.state),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(home.objects),
        "TMPDIR": str(home.temporary),
        "NO_PROXY": here,
        "no_proxy": here,
    }


def serve(home: Home, listener: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT, then save the state."""
    from aurora_cfn.local.server.assembly import assemble

    port = listener.getsockname()[1]
    record = ServerRecord(os.getpid(), port, __version__)
    asyncio.run(_serve(assemble(home, record), home, listener, record))


async def _serve(server: Any, home: Home, listener: socket.socket, record: ServerRecord) -> None:
    from hypercorn.asyncio import serve as hypercorn_serve
    from hypercorn.config import Config

    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.keep_alive_timeout = KEEP_ALIVE_SECONDS
    config.loglevel = "WARNING"
    # Seconds that requests have left at the end, so that `local stop` is quick.
    config.graceful_timeout = 1
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    saving = asyncio.create_task(server.autosave.run())
    write_record(home.record, record)
    release_soon()
    try:
        await hypercorn_serve(server.app, config, shutdown_trigger=ended.wait)
    finally:
        saving.cancel()
        server.close()
