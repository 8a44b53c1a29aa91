"""`aurora-cfn run`, `connect --via` and `tunnel` as whole commands, against an AWS on loopback."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root
from tests.cli.commands.test_sql import PARAMS
from tests.sql.fake_aws import OUTPUTS, SECRET, FakeAws

PASSWORD = SECRET["password"]
CHILD = """\
#!{python}
import json, os, sys
path = os.environ.get("PGPASSFILE", "")
file = (oct(os.stat(path).st_mode & 0o777), open(path).read()) if path else None
print(json.dumps({{"arguments": sys.argv[1:], "environment": dict(os.environ), "file": file}}))
sys.exit(7)
"""
PLUGIN = """\
#!{python}
import json, os, signal, socket, sys
if sys.argv[1:] == ["--version"]:
    print("{version}")
    sys.exit()
open({record!r}, "w").write(json.dumps([sys.argv[1:], os.environ.get(sys.argv[1], "")]))
if "{fails}":
    print("{fails}")
    sys.exit(1)
listening = socket.create_server(("127.0.0.1", int(json.loads(sys.argv[5])["Parameters"]["localPortNumber"][0])))
print("Waiting for connections...", flush=True)
while True:
    listening.accept()
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "params").mkdir()
    (tmp_path / "bin").mkdir()
    (tmp_path / "params/local.yaml").write_text(PARAMS)
    for name in [name for name in os.environ if name.startswith(("PG", "AWS_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AURORA_CFN_HOME", str(tmp_path / "emulator"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    monkeypatch.chdir(tmp_path)
    program(tmp_path, "tool", CHILD.format(python=sys.executable))
    program(tmp_path, "psql", CHILD.format(python=sys.executable))
    return tmp_path


@pytest.fixture
def listening(aws: FakeAws) -> Iterator[int]:
    """The port of a server at the database's address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = int(server.getsockname()[1])
        aws.stacks["aurora-serverless-local"] = {**OUTPUTS, "DBPort": str(port), "ReaderDNSName": "127.0.0.3"}
        yield port


def program(project: Path, name: str, text: str) -> None:
    path = project / "bin" / name
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def plugin(project: Path, version: str = "1.2.707.0", fails: str = "") -> Path:
    record = project / "plugin.json"
    text = PLUGIN.format(python=sys.executable, version=version, fails=fails, record=str(record))
    program(project, "session-manager-plugin", text)
    return record


def words(aws: FakeAws, command: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "aurora_cfn", command, "--env", "local", "--endpoint-url", aws.url, *arguments]


def run(aws: FakeAws, *arguments: str, command: str = "run") -> subprocess.CompletedProcess[str]:
    """A process of its own: what the started program prints goes past click."""
    return subprocess.run(words(aws, command, *arguments), text=True, capture_output=True, check=False)


def invoked(aws: FakeAws, *arguments: str, command: str = "run") -> Result:
    return CliRunner().invoke(root, [command, "--env", "local", "--endpoint-url", aws.url, *arguments])


def test_the_program_gets_the_login_in_its_environment_alone_and_its_exit_code_is_ours(
    aws: FakeAws, listening: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGHOSTADDR", "192.0.2.1")
    monkeypatch.setenv("PGOPTIONS", "-c work_mem=1MB")
    done = run(aws, "--read-only", "--", "tool", "--wait", "up")
    document = json.loads(done.stdout)
    assert (done.returncode, document["arguments"], document["file"]) == (7, ["--wait", "up"], None)
    given = document["environment"]
    assert (given["PGUSER"], given["PGPASSWORD"], given["PGPORT"]) == ("master", PASSWORD, str(listening))
    assert given["DATABASE_URL"].startswith("postgresql://master:hunter2%20%27%22%5C%24x@127.0.0.1:")
    assert given["PGOPTIONS"] == "-c work_mem=1MB -c default_transaction_read_only=on"
    assert "PGHOSTADDR" not in given
    assert PASSWORD not in done.stderr
    assert f"master at 127.0.0.1:{listening} with the password of its secret, sslmode=require\n" in done.stderr


def test_a_role_logs_in_with_a_token(aws: FakeAws, listening: int) -> None:
    done = run(aws, "--role", "reporter", "--", "tool")
    assert re.search(r"reporter at 127.0.0.1:\d+ with an IAM token until \d\d:\d\d UTC \(its sessions", done.stderr)
    given = json.loads(done.stdout)["environment"]
    assert given["PGUSER"] == "reporter"
    assert given["PGPASSWORD"].startswith(f"127.0.0.1:{listening}/?Action=connect&DBUser=reporter&")


def test_a_password_file_is_private_and_gone_afterwards(aws: FakeAws, listening: int) -> None:
    done = run(aws, "--file", "--", "tool")
    document = json.loads(done.stdout)
    mode, text = document["file"]
    assert mode == "0o600"
    assert text == f"127.0.0.1:{listening}:temporal:master:hunter2 '\"\\\\$x\n"
    assert "PGPASSWORD" not in document["environment"]
    assert "hunter2" not in document["environment"]["DATABASE_URL"]
    assert not Path(document["environment"]["PGPASSFILE"]).exists()


def test_a_script_without_its_first_line_is_one_sentence(aws: FakeAws, listening: int, project: Path) -> None:
    program(project, "script", "echo up\n")
    done = run(aws, "--", "script")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.endswith("/bin/script: cannot be started: Exec format error\n")


def test_the_data_api_needs_neither_secret_nor_network(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "real")
    done = run(aws, "--as", "dataapi", "--", "tool")
    given = json.loads(done.stdout)["environment"]
    assert (given["RESOURCE_ARN"], given["DATABASE"]) == (OUTPUTS["ClusterArn"], "temporal")
    assert (given["AWS_ENDPOINT_URL"], given["AWS_REGION"]) == (aws.url, "eu-west-1")
    assert not {"AWS_PROFILE", "PGPASSWORD", "DATABASE_URL"} & given.keys()
    assert "hunter2" not in done.stdout


def test_the_reader_endpoint(aws: FakeAws, listening: int) -> None:
    names = invoked(aws, "--reader", "--as", "url", "--print-names")
    assert names.exit_code == 0, names.stderr
    url = invoked(aws, "--reader", "--url", command="connect")
    assert url.stdout == f"postgresql://master@127.0.0.3:{listening}/temporal?sslmode=require\n"
    aws.stacks["aurora-serverless-local"] = dict(OUTPUTS)
    refused = invoked(aws, "--reader", "--print-names")
    assert (refused.exit_code, refused.stderr) == (3, "error: the database of aurora-serverless-local has no reader "
                                                      "endpoint\n")  # fmt: skip


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ([], ["DATABASE_URL", "DBMATE_WAIT_TIMEOUT", "PGCONNECT_TIMEOUT", "PGDATABASE", "PGHOST", "PGPASSWORD",
              "PGPORT", "PGSSLMODE", "PGUSER"]),
        (["--as", "libpq", "--file"], ["PGCONNECT_TIMEOUT", "PGDATABASE", "PGHOST", "PGPASSFILE", "PGPORT",
                                       "PGSSLMODE", "PGUSER"]),
        (["--as", "url"], ["DATABASE_URL", "DBMATE_WAIT_TIMEOUT"]),
    ],
)  # fmt: skip
def test_names_are_printed_without_values(aws: FakeAws, options: list[str], names: list[str]) -> None:
    result = invoked(aws, *options, "--print-names")
    assert (result.exit_code, result.stdout.splitlines(), result.stderr) == (0, names, "")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "say which command to run"),
        (["--as", "odbc", "tool"], 2, "'odbc' is none of libpq, url, go, jdbc, dataapi"),
        (["--as", "jdbc", "--file", "tool"], 2, "--file does not go with --as jdbc"),
        (["--iam", "tool"], 2, "--iam logs in as a database role"),
        (["--via", "ssh:host", "tool"], 2, "'ssh:host' is none of auto, direct, vpn, ssm:TARGET"),
        (["missing-tool"], 3, "missing-tool is not on PATH"),
        (["tool"], 4, "cannot reach 127.0.0.1:1 from here"),
        (["--via", "ssm:i-0abc", "tool"], 3, "session-manager-plugin is not on PATH; install the Session Manager"),
    ],
)
def test_what_is_wrong_is_said_before_anything_starts(
    aws: FakeAws, arguments: list[str], code: int, words: str
) -> None:
    result = invoked(aws, *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert words in result.stderr


def test_signals_are_passed_on_and_end_in_the_code_of_a_shell(aws: FakeAws, listening: int) -> None:
    waiting = ("-c", "import sys, time; print('up', flush=True); time.sleep(60)")
    started = subprocess.Popen(words(aws, "run", "--", sys.executable, *waiting), stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)  # fmt: skip
    assert started.stdout
    assert started.stdout.readline() == b"up\n"
    started.send_signal(signal.SIGTERM)
    assert started.wait(20) == 128 + signal.SIGTERM
    started.stdout.close()


def test_a_tunnel_leads_to_the_real_host_and_ends_with_the_program(aws: FakeAws, project: Path) -> None:
    record = plugin(project)
    done = run(aws, "--via", "ssm:i-0abc", "--", "tool")
    assert done.returncode == 7, done.stderr
    given = json.loads(done.stdout)["environment"]
    (variable, region, operation, profile, asked, endpoint), answer = json.loads(record.read_text())
    local = json.loads(asked)["Parameters"]["localPortNumber"][0]
    assert (region, operation, profile, endpoint) == ("eu-west-1", "StartSession", "", aws.url)
    assert json.loads(answer)["TokenValue"] == "session-token"
    assert "session-token" not in "".join([variable, asked, done.stderr, *given.values()])
    assert (given["PGHOST"], given["PGHOSTADDR"], given["PGPORT"]) == ("127.0.0.1", "127.0.0.1", local)
    assert [name for name, _ in aws.asked] == ["AmazonSSM.StartSession", "AmazonSSM.TerminateSession"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(local)), 1)


def test_psql_goes_through_a_tunnel(aws: FakeAws, project: Path) -> None:
    plugin(project)
    done = run(aws, "--via", "ssm:i-0abc", "--", "-c", "select 1", command="connect")
    assert done.returncode == 7, done.stderr
    document = json.loads(done.stdout)
    assert (document["arguments"], document["environment"]["PGHOSTADDR"]) == (["-c", "select 1"], "127.0.0.1")
    near = f"127.0.0.1:{document['environment']['PGPORT']}"
    assert f"temporal as master at 127.0.0.1 through {near} with the password of its secret" in done.stderr
    refused = invoked(aws, "--via", "ssm:i-0abc", "--url", command="connect")
    assert (refused.exit_code, refused.stdout) == (2, "")


def test_an_endpoint_without_session_manager_says_how_to_connect(aws: FakeAws, project: Path) -> None:
    plugin(project)
    aws.json["StartSession"] = [("InvalidAction", "Unknown action: StartSession")]
    result = invoked(aws, "--via", "ssm:i-0abc", "tool")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "there is no Session Manager at this endpoint" in result.stderr
    assert "connect without --via" in result.stderr


@pytest.mark.parametrize(
    ("version", "fails", "code", "words"),
    [
        ("1.2.311.0", "", 3, "session-manager-plugin 1.2.311.0 is too old"),
        ("1.2.707.0", "TargetNotConnected", 4, "no tunnel through i-0abc to 127.0.0.1:1 (TargetNotConnected)"),
    ],
)
def test_a_tunnel_that_does_not_open_says_why(
    aws: FakeAws, project: Path, version: str, fails: str, code: int, words: str
) -> None:
    plugin(project, version, fails)
    result = invoked(aws, "--via", "ssm:i-0abc", "tool")
    assert (result.exit_code, result.stdout) == (code, "")
    assert words in result.stderr


def test_tunnel_stays_open_until_ctrl_c(aws: FakeAws, project: Path) -> None:
    plugin(project)
    started = subprocess.Popen(words(aws, "tunnel", "--via", "i-0abc"), stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)  # fmt: skip
    assert started.stdout
    line = started.stdout.readline()
    port = line.partition("PGPORT=")[2].split()[0]
    assert line == f"PGHOST=127.0.0.1 PGHOSTADDR=127.0.0.1 PGPORT={port} PGDATABASE=temporal\n"
    socket.create_connection(("127.0.0.1", int(port)), 5).close()
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=20)
    assert started.returncode == 130
    assert said.splitlines() == [f"tunnel i-0abc is open: 127.0.0.1:{port} -> 127.0.0.1:1", "interrupted"]
    assert [name for name, _ in aws.asked] == ["AmazonSSM.StartSession", "AmazonSSM.TerminateSession"]
