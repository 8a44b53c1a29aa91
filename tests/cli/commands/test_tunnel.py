"""`aurora-cfn tunnel` in the background, as whole commands, against an AWS on loopback and a plugin that listens."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root
from aurora_cfn.cli.runs.background_tunnel import refuse_windows
from aurora_cfn.cli.runs.tunnel_records import TunnelRecords, records
from aurora_cfn.errors import InputError
from aurora_cfn.local.lock import held
from aurora_cfn.project.process import is_dead
from tests.cli.commands.test_run import plugin, words
from tests.cli.commands.test_run import project as project
from tests.sql.fake_aws import OUTPUTS, FakeAws
from tests.waiting import until

OPEN = ("--via", "i-0abc", "--background")


@pytest.fixture(autouse=True)
def left(project: Path) -> Iterator[TunnelRecords]:
    """The tunnels of the project; none of them outlives the test."""
    plugin(project)
    found = records()
    yield found
    if found.folder.exists():
        with found.changing():
            for row in found.running():
                found.stop(row)


def invoked(*arguments: str) -> Result:
    return CliRunner().invoke(root, ["tunnel", *arguments])


def run(aws: FakeAws, *arguments: str) -> Result:
    return invoked("--env", "local", "--endpoint-url", aws.url, *arguments)


def opened(aws: FakeAws, *arguments: str) -> dict[str, Any]:
    done = run(aws, *OPEN, *arguments)
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def status(*arguments: str) -> list[dict[str, str]]:
    done = invoked("--status", *arguments)
    assert done.exit_code == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def reachable(port: int) -> bool:
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0


def calls(aws: FakeAws) -> list[str]:
    return [name.partition(".")[2] for name, _ in aws.asked]


def test_it_stays_open_is_listed_and_is_stopped(aws: FakeAws, left: TunnelRecords) -> None:
    found = opened(aws)
    port, pid = found["port"], found["pid"]
    assert reachable(port)
    assert found["url"] == f"postgresql://127.0.0.1:{port}/temporal?sslmode=require"
    assert (found["address"], found["env"], found["stack"]) == ("127.0.0.1", "local", "aurora-serverless-local")
    (row,) = status("--env", "local")
    assert (row["port"], row["pid"], row["to"], row["via"]) == (str(port), str(pid), "127.0.0.1:1", "i-0abc")
    assert re.fullmatch(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\dZ", row["since"])
    assert (row["branch"], row["client"]) == ("", "")
    assert status("--env", "other") == status("--branch", "pr-1") == []

    stopped = invoked("--env", "local", "--stop")
    assert (stopped.exit_code, stopped.stdout) == (0, "")
    assert stopped.stderr == f"stopped: 127.0.0.1:{port} -> 127.0.0.1:1 of aurora-serverless-local\n"
    assert (reachable(port), status()) == (False, [])
    assert calls(aws) == ["StartSession", "TerminateSession"]
    assert invoked("--env", "local", "--stop").stderr == "no tunnel of local runs\n"

    (log,) = left.folder.glob("*.log")
    first, last = log.read_text().splitlines()
    assert first.endswith(f" {pid} open: 127.0.0.1:{port} -> i-0abc -> 127.0.0.1:1")
    assert last.endswith(f" {pid} ended by signal 15")
    assert "session-token" not in "".join(file.read_text() for file in left.folder.iterdir())
    assert {oct(path.stat().st_mode & 0o077) for path in (left.folder, *left.folder.glob("*.json"))} == {"0o0"}


def test_connect_and_run_go_through_it(aws: FakeAws) -> None:
    port = opened(aws)["port"]
    arguments = ["--env", "local", "--endpoint-url", aws.url]
    url = CliRunner().invoke(root, ["connect", *arguments, "--url"])
    assert url.stdout == f"postgresql://master@127.0.0.1:{port}/temporal?sslmode=require\n"
    assert f"through the open tunnel i-0abc, 127.0.0.1:{port}" in url.stderr
    names = CliRunner().invoke(root, ["run", *arguments, "--print-names"])
    assert "PGHOSTADDR" in names.stdout.splitlines()
    ran = subprocess.run(words(aws, "run", "--", "tool"), text=True, capture_output=True, check=False)
    given = json.loads(ran.stdout)["environment"]
    assert (given["PGHOST"], given["PGHOSTADDR"], given["PGPORT"]) == ("127.0.0.1", "127.0.0.1", str(port))
    for past in (["--via", "direct"], ["--host", "127.0.0.2"]):
        assert ":1/temporal" in CliRunner().invoke(root, ["connect", *arguments, "--url", *past]).stdout
    assert calls(aws) == ["StartSession"]


def test_a_second_one_to_the_same_endpoint_finds_the_first(aws: FakeAws) -> None:
    first = opened(aws)
    second = run(aws, "--via", "i-0def", "--background", "--format", "table")
    assert second.exit_code == 0, second.stderr
    assert second.stdout == f"PGHOST=127.0.0.1 PGHOSTADDR=127.0.0.1 PGPORT={first['port']} PGDATABASE=temporal\n"
    there = f"127.0.0.1:{first['port']}, through i-0abc, pid {first['pid']}"
    assert there in second.stderr
    other = run(aws, *OPEN, "--port", "15432")
    assert (other.exit_code, other.stdout) == (7, "")
    assert there in other.stderr
    assert "aurora-cfn tunnel --stop --env local" in other.stderr
    assert calls(aws) == ["StartSession"]


def test_two_at_once_make_one(aws: FakeAws) -> None:
    started = [
        subprocess.Popen(words(aws, "tunnel", *OPEN), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=60) for process in started]
    assert len({json.loads(out)["port"] for out, _ in said}) == 1, said
    assert sum("is open since" in error for _, error in said) == 1, said
    assert calls(aws) == ["StartSession"]


def test_of_a_killed_keeper_nothing_is_left(aws: FakeAws, left: TunnelRecords) -> None:
    found = opened(aws)
    (row,) = left.running()
    assert row.plugin
    os.kill(found["pid"], signal.SIGKILL)
    assert until(lambda: not left.running())
    assert len(list(left.folder.glob("*.json"))) == 1
    # Its plugin lives on, and holds the port.
    assert reachable(found["port"])
    # Its lock is free when the last of its threads has ended, a moment after it is dead.
    assert until(lambda: (status(), list(left.folder.glob("*.json"))) == ([], []))
    assert until(lambda: row.plugin and is_dead(row.plugin))
    again = opened(aws)
    assert again["pid"] != found["pid"]
    assert [one["pid"] for one in status()] == [str(again["pid"])]


def test_who_only_looks_at_a_dead_one_does_not_make_it_alive(aws: FakeAws, left: TunnelRecords) -> None:
    found = opened(aws)
    os.kill(found["pid"], signal.SIGKILL)
    assert until(lambda: not left.running())
    (path,) = left.folder.glob("*.json")
    with held(path.with_suffix(".lock"), 5):
        assert status() == []
    assert status() == []
    assert not path.exists()


def test_a_record_with_the_number_of_another_process_ends_nothing(aws: FakeAws, left: TunnelRecords) -> None:
    found = opened(aws)
    (path,) = left.folder.glob("*.json")
    text = path.read_text()
    run(aws, "--stop")
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        path.write_text(text.replace(f'"process": {found["pid"]}', f'"process": {other.pid}'))
        assert invoked("--env", "local", "--stop").exit_code == 0
        assert other.poll() is None
    finally:
        other.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_keeper_closes_the_session(aws: FakeAws, left: TunnelRecords, number: int) -> None:
    found = opened(aws)
    os.kill(found["pid"], number)
    assert until(lambda: not left.running() and not reachable(found["port"]))
    assert until(lambda: calls(aws) == ["StartSession", "TerminateSession"])
    assert list(left.folder.glob("*.json")) == []


def test_one_that_does_not_open_says_why_and_leaves_nothing(aws: FakeAws, project: Path, left: TunnelRecords) -> None:
    plugin(project, fails="TargetNotConnected")
    done = run(aws, *OPEN)
    assert (done.exit_code, done.stdout) == (4, "")
    assert "no tunnel through i-0abc to 127.0.0.1:1 (TargetNotConnected)" in done.stderr
    assert calls(aws)[:2] == ["StartSession", "TerminateSession"]
    assert (list(left.folder.glob("*.json")), status()) == ([], [])


def test_ctrl_c_before_it_is_open_ends_all_of_it(aws: FakeAws, project: Path, left: TunnelRecords) -> None:
    record = plugin(project)
    path = project / "bin/session-manager-plugin"
    path.write_text(path.read_text().replace("Waiting for connections", "Connecting"))
    started = subprocess.Popen(words(aws, "tunnel", *OPEN), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert until(record.exists)
    started.send_signal(signal.SIGINT)
    out, said = started.communicate(timeout=30)
    assert (started.returncode, out, said.splitlines()[-1]) == (130, "", "interrupted")
    port = json.loads(json.loads(record.read_text())[0][4])["Parameters"]["localPortNumber"][0]
    assert until(lambda: not reachable(int(port)))
    assert set(calls(aws)) == {"StartSession", "TerminateSession"}
    assert list(left.folder.glob("*.json")) == []


def test_the_stack_that_is_meant_is_stopped_alone(aws: FakeAws) -> None:
    aws.stacks["aurora-serverless-local"] = {**OUTPUTS, "ReaderDNSName": "127.0.0.3"}
    opened(aws)
    reader = opened(aws, "--reader")
    assert len(status()) == 2
    assert invoked("--env", "local", "--stop", "--client", "acme").stderr == "no tunnel of local runs\n"
    assert len(status("--stack", "aurora-serverless")) == 2
    assert invoked("--env", "local", "--stop", "--stack", "aurora-serverless").exit_code == 0
    assert (status(), reachable(reader["port"])) == ([], False)


def test_sigterm_ends_the_session_of_one_in_the_foreground(aws: FakeAws) -> None:
    started = subprocess.Popen(words(aws, "tunnel", "--via", "i-0abc"), stdout=subprocess.PIPE, text=True)
    assert started.stdout
    port = int(started.stdout.readline().partition("PGPORT=")[2].split()[0])
    started.send_signal(signal.SIGTERM)
    assert started.wait(20) == 128 + signal.SIGTERM
    started.stdout.close()
    assert not reachable(port)
    assert calls(aws) == ["StartSession", "TerminateSession"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "say which environment: --env ENV"),
        (["--env", "local"], 2, "--via through which host"),
        (["--env", "local", "--background"], 2, "--via through which host"),
        (["--stop"], 2, "say which environment"),
        (["--status", "--via", "i-0abc"], 2, "--status takes --env, --stack, --branch and --client"),
        (["--stop", "--env", "local", "--port", "1"], 2, "--stop takes --env, --stack"),
        (["--env", "local", *OPEN, "--format", "csv"], 2, "--format goes with --status"),
        (["--env", "local", "--via", "i-0abc", "--format", "json"], 2, "--format goes with --status"),
    ],
)
def test_what_does_not_go_together(arguments: list[str], code: int, said: str) -> None:
    result = invoked(*arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr


def test_windows_is_refused() -> None:
    with pytest.raises(InputError, match="needs Linux or macOS"):
        refuse_windows("win32")


def test_a_port_in_use_is_refused_before_a_session_is_started(aws: FakeAws) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for more in ((), ("--background",)):
            done = run(aws, "--via", "i-0abc", "--port", str(port), *more)
            assert (done.exit_code, done.stdout) == (3, "")
            assert f"port {port} of 127.0.0.1 cannot be used (address already in use)" in done.stderr
    assert calls(aws) == []
