"""Every command that logs in to a database, with canaries in each secret that it gets: it writes none of them."""

from __future__ import annotations

import os
import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root
from tests.cli.commands.test_inspect import SERVER, SLOT, answer
from tests.cli.commands.test_logs import PREFIX, event
from tests.cli.commands.test_run import PLUGIN
from tests.cli.commands.test_sql import PARAMS
from tests.fakes.event_stream import session
from tests.sql.fake_aws import OUTPUTS, SECRET, FakeAws

SECRETS = ("canary", "session-token", "X-Amz-Signature")
"""Values of the shell and of the secret, the token of a session, and what each login token has in it."""
QUIET = "#!{python}\n"
TUNNEL = ("--via", "ssm:i-0123456789abcdef0")
RUNS: dict[str, list[tuple[str, ...]]] = {
    "run": [
        ("--", "tool"),
        ("--file", "--", "tool"),
        ("--as", "libpq,url,jdbc,dataapi", "--", "tool"),
        ("--print-names",),
        (*TUNNEL, "--", "tool"),
        ("--role", "reporter", "--", "tool"),
        ("--", "missing-tool"),
    ],
    "connect": [
        (),
        ("--print",),
        ("--url",),
        ("--role", "reporter"),
        TUNNEL,
        ("--host", "nowhere.invalid"),
    ],
    "tunnel": [TUNNEL, (*TUNNEL, "--background"), ("--status",), ("--stop",)],
    "sql": [("select 1",)],
    "logs": [("--format", "json"), ("--format", "table"), ("--live",)],
    "inspect": [("slots",), ("slots", "--format", "table")],
    "snapshot": [("list",)],
    "why-awake": [("--no-wake",)],
    "metrics": [("--format", "html")],
    "access": [("list",), ("grant", "reporter", "--password", "--yes"), ("rotate", "--yes")],
}
FAILING = {"run": 1, "connect": 1, "tunnel": 0, "sql": 0, "logs": 0, "inspect": 0, "snapshot": 1, "why-awake": 1,
           "metrics": 1, "access": 3}  # fmt: skip
"""How many of these are meant to fail: without the program, at an address that is none, with an AWS without RDS."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose programs print nothing; files of every kind end up below it."""
    for folder in ("params", "bin", "home", "tmp"):
        (tmp_path / folder).mkdir()
    (tmp_path / "params/local.yaml").write_text(f"{PARAMS}    parameters: {{ServiceName: {{env: CANARY}}}}\n")
    for name in [name for name in os.environ if name.startswith(("PG", "AWS_"))]:
        monkeypatch.delenv(name)
    given = {
        "HOME": tmp_path / "home",
        "XDG_CACHE_HOME": tmp_path / "home/cache",
        "TMPDIR": tmp_path / "tmp",
        "AURORA_CFN_HOME": tmp_path / "home/emulator",
        "PATH": tmp_path / "bin",
        "CANARY": "canary-of-the-shell",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setitem(SECRET, "password", "canary-of-the-secret")
    monkeypatch.chdir(tmp_path)
    # It ends after the one attempt to reach the database, or where there is none, as for `tunnel`.
    plugin = PLUGIN.replace("while True:", "listening.settimeout(0.3)\nfor _ in range(1):")
    texts = {"tool": QUIET, "psql": QUIET}
    texts["session-manager-plugin"] = plugin.replace("{record!r}", "os.devnull").replace("{version}", "1.2.707.0")
    for name, text in texts.items():
        path = tmp_path / "bin" / name
        filled = text.replace("{python}", sys.executable).replace("{fails}", "")
        path.write_text(filled.replace("{{", "{").replace("}}", "}"))
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return tmp_path


def scripted(aws: FakeAws) -> None:
    """Answers of the database's log and of its Data API that repeat a secret, as a statement with a password does."""
    aws.json["FilterLogEvents"] = [
        {"events": [event(1, f"{PREFIX}ERROR:  no role canary-of-the-shell"), event(2, f"{PREFIX}LOG:  x")]}
    ]
    live = session([("w", f"{PREFIX}ERROR:  no role canary-of-the-shell")], "SessionTimeoutException")
    aws.json["StartLiveTail"] = [live]
    aws.json["DescribeLogGroups"] = [{"logGroups": []}]


def run(aws: FakeAws, command: str, arguments: tuple[str, ...]) -> Result:
    first, rest = (1, arguments[1:]) if command in {"access", "snapshot"} else (0, arguments)
    scripted(aws)
    if command == "inspect":
        aws.answers += [{}, {}, SERVER, answer({**SLOT, "slot": "canary-of-the-shell"})]
    words = [command, *arguments[:first], "--env", "local", "--endpoint-url", aws.url, *rest]
    ran = CliRunner().invoke(root, ["--debug", *words])
    assert ran.exit_code not in {2, 70}, f"{command} {arguments}: {ran.output}"
    return ran


def found(text: str) -> list[str]:
    return [line for line in text.splitlines() if any(secret in line for secret in SECRETS)]


@pytest.fixture
def reached(aws: FakeAws) -> Iterator[FakeAws]:
    """The same, with a server at the address of the database."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        aws.stacks["aurora-serverless-local"] = {**OUTPUTS, "DBPort": str(server.getsockname()[1])}
        yield aws


@pytest.mark.parametrize("command", RUNS)
def test_no_login_is_written(command: str, reached: FakeAws, place: Path) -> None:
    codes = []
    for arguments in RUNS[command]:
        ran = run(reached, command, arguments)
        assert found(ran.output) == [], arguments
        codes.append(ran.exit_code)
    # What fails at once would write nothing either.
    assert codes.count(0) >= len(codes) - FAILING[command], codes
    assert [line for path in place.rglob("*") if path.is_file() for line in found(path.read_text("utf-8", "replace"))
            if "CANARY" not in line] == []  # fmt: skip


def test_the_search_finds_a_password_that_was_asked_for(aws: FakeAws, place: Path) -> None:
    assert found(run(aws, "connect", ("--print", "--show-password")).output)
    # Data that was asked for is shown whole.
    aws.answers.append(answer({"word": "canary-of-the-shell"}))
    assert found(run(aws, "sql", ("select word",)).output)
