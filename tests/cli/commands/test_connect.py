"""`aurora-cfn connect` as a whole command, against an AWS on loopback and a psql that prints what it was given."""

from __future__ import annotations

import os
import shlex
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root
from tests.cli.commands.test_sql import PARAMS
from tests.sql.fake_aws import OUTPUTS, SECRET, FakeAws

CLIENT = """\
#!{python}
import os, sys
for name in sorted(os.environ):
    if name.startswith("PG"):
        print(name, os.environ[name])
for argument in sys.argv[1:]:
    print(argument)
    if argument.startswith("--defaults-extra-file="):
        path = argument.partition("=")[2]
        print(oct(os.stat(path).st_mode & 0o777), open(path).read())
sys.exit(3)
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "params").mkdir()
    (tmp_path / "bin").mkdir()
    for environment, endpoint in (("local", "local"), ("dev", "aws")):
        (tmp_path / f"params/{environment}.yaml").write_text(PARAMS.replace("endpoint: local", f"endpoint: {endpoint}"))
    for name in [name for name in os.environ if name.startswith(("PG", "AWS_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AURORA_CFN_HOME", str(tmp_path / "emulator"))  # without an authority to verify with
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def installed(project: Path, name: str) -> None:
    program = project / "bin" / name
    program.write_text(CLIENT.format(python=sys.executable))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def run(aws: FakeAws, *arguments: str, env: str = "local") -> Result:
    return CliRunner().invoke(root, ["connect", "--env", env, "--endpoint-url", aws.url, *arguments])


def test_print_shows_command_and_url_without_the_password(aws: FakeAws) -> None:
    result = run(aws, "--print")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "PGHOST=127.0.0.1 PGPORT=1 PGDATABASE=temporal PGUSER=master PGSSLMODE=require PGCONNECT_TIMEOUT=60 psql",
        "postgresql://master@127.0.0.1:1/temporal?sslmode=require",
    ]
    assert result.stderr == ""


def test_print_shows_the_password_when_asked_and_a_shell_reads_it_back(aws: FakeAws) -> None:
    command, url = run(aws, "--print", "--show-password").stdout.splitlines()
    assert f"PGPASSWORD={SECRET['password']}" in shlex.split(command)
    assert url == "postgresql://master:hunter2%20%27%22%5C%24x@127.0.0.1:1/temporal?sslmode=require"


def test_show_password_alone_is_wrong_usage(aws: FakeAws) -> None:
    result = run(aws, "--show-password")
    assert result.exit_code == 2
    assert "--show-password goes with --print" in result.stderr


def test_without_psql_it_says_how_to_get_it(aws: FakeAws) -> None:
    result = run(aws)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("error: psql is not on PATH; install it (apt install postgresql-client")
    assert "aurora-cfn sql --env local" in result.stderr


def test_an_address_that_no_one_answers(aws: FakeAws, project: Path) -> None:
    installed(project, "psql")
    aws.stacks["aurora-serverless-dev"] = {**OUTPUTS, "DNSName": "c.cluster-x.invalid"}
    result = run(aws, env="dev")
    assert result.exit_code == 4
    assert "cannot reach c.cluster-x.invalid:1 from here (the name is not known here)" in result.stderr
    assert "connect through the VPN or a tunnel" in result.stderr
    result = run(aws)
    assert result.exit_code == 4
    assert "cannot reach 127.0.0.1:1 from here (connection refused)" in result.stderr


def connected(project: Path, aws: FakeAws, *arguments: str, env: str = "local") -> subprocess.CompletedProcess[str]:
    """A process of its own: what the started program prints goes past click."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = str(listening.getsockname()[1])
        words = [sys.executable, "-m", "aurora_cfn", "connect", "--env", env, "--endpoint-url", aws.url, "--port", port]
        source = Path(__file__).parents[3]
        return subprocess.run(
            [*words, *arguments], cwd=project, env={**os.environ, "PYTHONPATH": str(source)}, text=True,
            capture_output=True, check=False,
        )  # fmt: skip


def test_psql_gets_the_password_in_its_environment_only(
    aws: FakeAws, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(project, "psql")
    monkeypatch.setenv("PGHOSTADDR", "192.0.2.1")
    monkeypatch.setenv("PGSERVICE", "other")
    done = connected(project, aws, "--", "--csv", "-c", "select 1")
    assert done.returncode == 3
    *settings, first, second, third = done.stdout.splitlines()
    assert [first, second, third] == ["--csv", "-c", "select 1"]
    assert f"PGPASSWORD {SECRET['password']}" in settings
    assert "PGSSLMODE require" in settings
    assert not [line for line in settings if line.startswith(("PGHOSTADDR", "PGSERVICE"))]
    assert SECRET["password"] not in done.stderr


def test_pgcli_gets_the_same_settings_and_is_none_of_mysql(aws: FakeAws, project: Path) -> None:
    missing = run(aws, "--program", "pgcli")
    assert (missing.exit_code, "pgcli is not on PATH; install it (pipx install pgcli" in missing.stderr) == (3, True)
    assert run(aws, "--program", "pgcli", "--print").stdout.splitlines()[0].endswith(" PGCONNECT_TIMEOUT=60 pgcli")
    installed(project, "pgcli")
    done = connected(project, aws, "--program", "pgcli", "--", "--less-chatty")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (3, "--less-chatty")
    assert f"PGPASSWORD {SECRET['password']}" in done.stdout
    aws.stacks["aurora-serverless-local"] = {**OUTPUTS, "DBPort": "3306"}
    refused = run(aws, "--program", "pgcli")
    assert (refused.exit_code, "has MySQL: leave --program out" in refused.stderr) == (3, True)


def test_a_bundle_of_certificates_verifies_the_server(aws: FakeAws, project: Path) -> None:
    installed(project, "psql")
    aws.stacks["aurora-serverless-dev"] = dict(OUTPUTS)
    plain = connected(project, aws, env="dev")
    assert "PGSSLMODE require" in plain.stdout
    assert "the server is not verified" in plain.stderr
    bundle = project / ".aws/rds-global-bundle.pem"
    bundle.parent.mkdir()
    bundle.write_text("x")
    verified = connected(project, aws, env="dev").stdout.splitlines()
    assert "PGSSLMODE verify-full" in verified
    assert f"PGSSLROOTCERT {bundle}" in verified
    tunnel = connected(project, aws, "--host", "localhost", env="dev").stdout.splitlines()
    assert "PGSSLMODE verify-ca" in tunnel


def test_each_partition_has_a_bundle_of_its_own(aws: FakeAws, project: Path) -> None:
    installed(project, "psql")
    aws.stacks["aurora-serverless-dev"] = dict(OUTPUTS)
    (project / ".aws").mkdir()
    (project / ".aws/rds-global-bundle.pem").write_text("x")
    stderr = connected(project, aws, "--region", "cn-north-1", env="dev").stderr
    where = "https://rds-truststore.s3.cn-north-1.amazonaws.com.cn/global/global-bundle.pem"
    assert f"to verify it: curl -o ~/.aws/rds-aws-cn-bundle.pem {where}\n" in stderr
    assert "to verify it: --ca-bundle\n" in connected(project, aws, "--region", "us-iso-east-1", env="dev").stderr
    bundle = project / ".aws/rds-aws-cn-bundle.pem"
    bundle.write_text("x")
    found = connected(project, aws, "--region", "cn-north-1", env="dev")
    assert f"PGSSLROOTCERT {bundle}" in found.stdout


def test_mysql_gets_the_password_in_a_private_file(aws: FakeAws, project: Path) -> None:
    installed(project, "mysql")
    aws.stacks["aurora-serverless-local"] = {**OUTPUTS, "DBPort": "3306"}
    done = connected(project, aws)
    lines = done.stdout.splitlines()
    assert done.returncode == 3
    assert lines[0].startswith("--defaults-extra-file=")
    assert lines[1:3] == ["0o600 [client]", 'password="hunter2 \'"\\\\$x"']
    assert not Path(lines[0].partition("=")[2]).exists()
    assert "--ssl-mode=REQUIRED" in lines
    assert lines[-1] == "temporal"
