from __future__ import annotations

import http.client
import os
import signal
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from aurora_cfn import __version__
from aurora_cfn.cli import root
from aurora_cfn.errors import InputError
from aurora_cfn.local import launcher
from aurora_cfn.local.home import Home
from aurora_cfn.local.launcher import LocalServer
from aurora_cfn.local.record import ServerRecord, read_record, write_record
from tests.local.conftest import Stacks, clients_of, listening, saved_stack

slow = pytest.mark.slow


def test_windows_is_refused_with_the_reason() -> None:
    with pytest.raises(InputError, match="Linux and macOS"):
        launcher.refuse_where_it_cannot_run("win32")


@pytest.mark.skipif(sys.platform == "win32", reason="the emulator does not run there")
def test_a_user_id_without_a_name_is_refused() -> None:
    unnamed = next(uid for uid in range(40_000, 60_000) if not launcher.has_name(uid))
    with pytest.raises(InputError, match=f"user id {unnamed} has no entry in /etc/passwd"):
        launcher.refuse_where_it_cannot_run(uid=unnamed)
    launcher.refuse_where_it_cannot_run(uid=os.geteuid())


def test_nothing_to_stop_or_reset_in_a_home_that_never_was(tmp_path: Path) -> None:
    home = Home(tmp_path / "none")
    assert not launcher.stop(home)
    assert not launcher.reset(home)
    assert not home.path.exists()


@slow
def test_a_second_start_finds_the_first_and_stop_ends_it(own: Home) -> None:
    first = launcher.ensure_running(own)
    second = launcher.ensure_running(own)
    assert (first.started, second.started) == (True, False)
    assert (first.pid, first.endpoint) == (second.pid, second.endpoint)
    assert launcher.stop(own)
    assert not launcher.stop(own)
    assert launcher.running(own) is None


@slow
def test_two_starts_at_once_give_one_server(own: Home) -> None:
    with ThreadPoolExecutor(4) as pool:
        servers = list(pool.map(lambda _: launcher.ensure_running(own), range(4)))
    assert len({server.pid for server in servers}) == 1
    assert sum(server.started for server in servers) == 1


@slow
def test_a_server_that_sleeps_for_a_while_is_waited_for(own: Home) -> None:
    server = launcher.ensure_running(own)
    os.kill(server.pid, signal.SIGSTOP)
    try:
        waking = threading.Timer(3.0, os.kill, (server.pid, signal.SIGCONT))
        waking.start()
        assert launcher.ensure_running(own).pid == server.pid
    finally:
        os.kill(server.pid, signal.SIGCONT)


@slow
def test_a_record_of_a_process_that_is_gone_or_another_s_is_not_believed(own: Home) -> None:
    own.make()
    write_record(own.record, ServerRecord(os.getpid(), 1, "x"))
    server = launcher.ensure_running(own)
    assert server.started
    assert server.pid != os.getpid()


@slow
def test_a_taken_port_gives_a_free_one(own: Home) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = launcher.ensure_running(own, port=port)
    assert not server.endpoint.endswith(f":{port}")
    assert launcher.running(own)


@slow
def test_killed_and_started_again_it_still_knows_its_stacks(own: Home) -> None:
    server = launcher.ensure_running(own)
    Stacks(clients_of(server)).create("kept", PARAMETER)
    assert saved_stack(own, "kept", "CREATE_COMPLETE")
    os.kill(server.pid, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(server.pid)], timeout=5)
    again = launcher.ensure_running(own)
    assert again.started
    assert again.endpoint == server.endpoint
    stacks = clients_of(again)("cloudformation").describe_stacks()["Stacks"]
    assert [(stack["StackName"], stack["StackStatus"]) for stack in stacks] == [("kept", "CREATE_COMPLETE")]


@slow
def test_every_listener_is_on_loopback(server: LocalServer) -> None:
    assert listening(server)
    assert all(ip_address(each).is_loopback for each in listening(server))


@slow
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Host": "evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_a_web_page_is_refused(server: LocalServer, headers: dict[str, str], status: int) -> None:
    connection = http.client.HTTPConnection(server.endpoint.removeprefix("http://"))
    connection.request("GET", "/_ministack/health", headers=headers)
    assert connection.getresponse().status == status


PARAMETER = """
Resources:
  P:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Name: /kept, Value: "1"}
"""


COMMANDS = {"local start": 0, "local status": 0, "local pause none": 3, "status --env other": 0}


@slow
def test_commands_say_that_the_server_is_of_another_version(
    server: LocalServer, home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AURORA_CFN_HOME", str(home.path))
    monkeypatch.chdir(tmp_path)
    for folder in ("params", "templates"):
        (tmp_path / folder).mkdir()
    (tmp_path / "templates" / "p.yaml").write_text(PARAMETER)
    (tmp_path / "params" / "other.yaml").write_text("endpoint: local\nregion: eu-west-1\nstacks: {p: {template: p}}\n")
    said = f"the emulator that runs is aurora-cfn 0.0.1, this is {__version__}: `aurora-cfn local stop` ends it"
    record = read_record(home.record)
    assert record
    write_record(home.record, replace(record, version="0.0.1"))
    try:
        for words, code in COMMANDS.items():
            ran = CliRunner().invoke(root, words.split())
            assert (ran.exit_code, said in ran.output) == (code, True), f"{words}: {ran.output}"
    finally:
        write_record(home.record, record)
    assert "this is" not in CliRunner().invoke(root, ["local", "start"]).output
