from __future__ import annotations

from aurora_cfn.local.launcher import _environment
from aurora_cfn.local.server.functions import own_environment

SHELL = {"PATH": "/bin", "HOME": "/home/ana", "GITHUB_TOKEN": "secret", "AWS_PROFILE": "work", "LC_ALL": "C",
         "AURORA_CFN_PG_BIN": "/pg", "SSH_AUTH_SOCK": "/s", "DATABASE_URL": "x"}  # fmt: skip


def test_the_server_takes_over_only_what_it_needs() -> None:
    kept = _environment(SHELL)
    assert {name for name in SHELL if name in kept} == {"PATH", "HOME", "LC_ALL", "AURORA_CFN_PG_BIN"}


def test_a_function_sees_its_own_variables_and_nothing_of_the_server() -> None:
    server = {
        "PATH": "/bin",
        "HOME": "/home/ana",
        "STATE_DIR": "/home/ana/state",
        "TMPDIR": "/t",
        "AWS_ACCESS_KEY_ID": "o",
    }
    wanted = {**server, "TABLE": "games", "AWS_ACCESS_KEY_ID": "ASIA1", "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    assert own_environment(wanted, server) == {
        "PATH": "/bin", "TMPDIR": "/t", "HOME": "/t", "TABLE": "games", "AWS_ACCESS_KEY_ID": "ASIA1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    }  # fmt: skip
