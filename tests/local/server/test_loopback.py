from __future__ import annotations

import subprocess
import sys

import pytest

BINDS = """
import socket, sys
from aurora_cfn.local.server.process import bind_loopback_only
bind_loopback_only()
with socket.socket(getattr(socket, sys.argv[1])) as listener:
    listener.bind((sys.argv[2], 0))
    print(listener.getsockname()[0])
"""


@pytest.mark.parametrize(
    ("family", "asked", "given"),
    [
        ("AF_INET", "0.0.0.0", "127.0.0.1"),
        ("AF_INET", "", "127.0.0.1"),
        ("AF_INET", "127.0.0.1", "127.0.0.1"),
        ("AF_INET", "localhost", "127.0.0.1"),
    ],
)
def test_whatever_is_asked_for_only_loopback_is_bound(family: str, asked: str, given: str) -> None:
    done = subprocess.run([sys.executable, "-c", BINDS, family, asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == given
