"""`why-awake` and `metrics` on a stack in the emulator: whole commands, with a real PostgreSQL behind them."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2
import pytest
from click.testing import CliRunner, Result

from aurora_cfn.aws.attachments import AwsAttachments
from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.cli import root
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.metrics import MetricsRun
from aurora_cfn.local.home import Home
from aurora_cfn.local.launcher import LocalServer
from tests.aws.observations_contract import keep_attachments
from tests.local.conftest import Clients, Stacks, clients_of
from tests.local.rds.test_stacks_with_databases import cluster, connect, row
from tests.waiting import until

pytestmark = pytest.mark.slow
RunCommand = Callable[..., Result]
PARAMS = "endpoint: local\nregion: eu-west-1\nstacks:\n  usage:\n    template: usage\n"


@pytest.fixture(scope="module")
def place(
    server: LocalServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, dict[str, str], Clients]]:
    """A project with one deployed cluster, its outputs, and clients of its account."""
    folder = tmp_path_factory.mktemp("usage")
    clients = clients_of(server)
    clients("rds").create_db_cluster_parameter_group(
        DBClusterParameterGroupName="own", DBParameterGroupFamily="aurora-postgresql17", Description="x"
    )
    scaling = {"MinCapacity": 0, "MaxCapacity": 2}
    body = cluster(
        deletion="Delete", EngineVersion="17.4", ServerlessV2ScalingConfiguration=scaling,
        DBClusterParameterGroupName="own", ManageMasterUserPassword=True, MasterUserPassword=None,
        EnableCloudwatchLogsExports=["postgresql"],
    )  # fmt: skip
    body["Outputs"]["Secret"] = {"Value": {"Fn::GetAtt": "C.MasterUserSecret.SecretArn"}}
    (folder / "params").mkdir()
    (folder / "params/local.yaml").write_text(PARAMS)
    (folder / "templates").mkdir()
    (folder / "templates/usage.yaml").write_text(json.dumps(body))
    stacks = Stacks(clients)
    yield folder, stacks.create("usage-local", body), clients
    stacks.delete("usage-local")


@pytest.fixture
def run(place: tuple[Path, dict[str, str], Clients], home: Home, monkeypatch: pytest.MonkeyPatch) -> RunCommand:
    monkeypatch.chdir(place[0])
    monkeypatch.setenv("AURORA_CFN_HOME", str(home.path))
    return lambda *arguments: CliRunner().invoke(root, [*arguments, "--env", "local"])


def test_why_awake_names_what_blocks_and_who_is_connected(
    run: RunCommand, place: tuple[Path, dict[str, str], Clients], server: LocalServer
) -> None:
    _, outputs, clients = place
    rds, secrets = clients("rds"), clients("secretsmanager")
    assert run("why-awake", "--exit-code", "--no-wake").exit_code == 0
    rds.modify_db_cluster_parameter_group(
        DBClusterParameterGroupName="own",
        Parameters=[{"ParameterName": "rds.logical_replication", "ParameterValue": "1",
                     "ApplyMethod": "pending-reboot"}],
    )  # fmt: skip
    vpc = clients("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        clients("ec2").create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24")["Subnet"]["SubnetId"]
        for number in (1, 2)
    ]
    rds.create_db_proxy(
        DBProxyName="door", EngineFamily="POSTGRESQL", RoleArn="arn:aws:iam::000000000000:role/x", VpcSubnetIds=subnets,
        Auth=[{"AuthScheme": "SECRETS", "SecretArn": outputs["Secret"]}],
    )  # fmt: skip
    rds.register_db_proxy_targets(DBProxyName="door", DBClusterIdentifiers=[outputs["Id"]])
    password = json.loads(secrets.get_secret_value(SecretId=outputs["Secret"])["SecretString"])["password"]
    opened = connect(outputs, password, application_name="metabase")
    row(opened, "select 1")

    result = run("why-awake", "--exit-code", "--sessions", "--format", "table", "--instance-log")
    assert result.exit_code == 8, result.output
    for text in (
        "BLOCKS    RDS Proxy door keeps a connection to every instance",
        "BLOCKS    rds.logical_replication = 1 keeps the writer",
        "delays    1 session of boss (metabase), idle for",
        "note      capacity: only a pause is known",
        "not read  instance log: there is no log group",
    ):
        assert text in " ".join(line.strip() for line in result.stdout.splitlines()).replace("  BLOCKS", "BLOCKS")
    opened.close()
    session = Session(
        Connection("eu-west-1", None, server.endpoint, (server.keys.access_key_id, server.keys.secret_access_key))
    )
    arn = rds.describe_db_clusters(DBClusterIdentifier=outputs["Id"])["DBClusters"][0]["DBClusterArn"]
    keep_attachments(AwsAttachments(session), outputs["Id"], arn, datetime.now(UTC) - timedelta(days=1))
    rds.delete_db_proxy(DBProxyName="door")
    (found,) = json.loads(run("why-awake").stdout)
    assert (found["state"], found["blocked"]) == ("awake", True)
    assert any("--sessions asks the database" in reason["text"] for reason in found["reasons"])


def test_metrics_are_those_of_the_real_server_and_capacity_is_not_invented(
    run: RunCommand, place: tuple[Path, dict[str, str], Clients]
) -> None:
    _, outputs, clients = place
    secret = clients("secretsmanager").get_secret_value(SecretId=outputs["Secret"])["SecretString"]
    opened = [connect(outputs, json.loads(secret)["password"]) for _ in range(3)]
    row(opened[0], "create table filled as select generate_series(1, 20000) as n")
    (found,) = json.loads(run("metrics", "--since", "1h", "--period", "1m", "--cost").stdout)
    assert found["notes"][0].startswith("capacity: not emulated")
    assert (found["cost"], found["advice"], found["max_capacity"]) == (None, [], 2)
    latest = {row["metric"]: row["points"][-1][1] for row in found["series"] if row["points"]}
    assert latest.keys() == {"connections", "cache", "storage"}
    assert latest["connections"] >= 3
    assert 50 < latest["cache"] <= 100
    assert 0.005 < latest["storage"] < 1
    for each in opened:
        each.close()
    rare = run("metrics", "transactions", "read-latency", "attempts", "--format", "json")
    (named,) = json.loads(rare.stdout)
    assert [row["metric"] for row in named["series"]] == ["transactions"]
    assert 0 < named["series"][0]["points"][-1][1] < 1e6
    assert [note.partition(":")[0] for note in named["notes"]] == ["attempts", "read-latency"]
    assert run("metrics", "backups").stderr == ""
    table = run("metrics", "connections", "--format", "table").stdout
    assert "connections: " in table
    assert "┼" in table
    assert run("metrics", "storage", "--format", "csv").stdout.startswith("stack,database,source,metric,unit,at,value")
    page = run("metrics", "--format", "html").stdout
    assert page.startswith("<!doctype html>")
    assert "not emulated" in page
    (load,) = json.loads(run("metrics", "--load", "--period", "1s", "--since", "10m").stdout)
    assert load["series"] == []
    assert load["notes"][0].startswith("load: not emulated")
    assert "load: not emulated" in run("metrics", "--load", "--follow", "--format", "table").stdout
    assert "load: not emulated" in run("metrics", "--load", "--format", "csv").stderr
    for wrong in (["--load", "cpu"], ["--load", "--cost"], ["--load", "--period", "2m"], ["--load", "--period", "1s"]):
        assert run("metrics", *wrong).exit_code == 2
    assert "does not run `stats" in run("logs", "--query", "fields @message | stats count()").stderr
    from_files = run("logs", "--from-instance", "--format", "json")
    assert (from_files.exit_code, "reading log files of" in from_files.stderr) == (0, True)
    assert run("metrics", "--period", "90s").exit_code == 2
    assert run("metrics", "--follow", "--format", "html").exit_code == 2


def test_a_pause_is_seen_and_not_ended_by_a_look(run: RunCommand, place: tuple[Path, dict[str, str], Clients]) -> None:
    identifier, rds = place[1]["Id"], place[2]("rds")

    def events(*categories: str) -> list[str]:
        found = rds.describe_events(SourceType="db-instance", EventCategories=categories)["Events"]
        (member,) = rds.describe_db_clusters(DBClusterIdentifier=identifier)["DBClusters"][0]["DBClusterMembers"]
        return [row["Message"] for row in found if row["SourceIdentifier"] == member["DBInstanceIdentifier"]]

    assert events() == []
    assert run("inspect", "slots", "--no-wake").exit_code == 0
    paused = CliRunner().invoke(root, ["local", "pause", identifier, "--resume-after", "0"])
    assert paused.exit_code == 0, paused.output
    refused = run("inspect", "slots", "--no-wake")
    assert (refused.exit_code, f"{identifier} is paused" in refused.stderr) == (1, True), refused.output
    refused = run("sql", "--no-wake", "select 1")
    assert (refused.exit_code, f"{identifier} is paused" in refused.stderr) == (1, True), refused.output
    (awake,) = json.loads(run("why-awake", "--no-wake").stdout)
    assert awake["state"] == "paused"
    (found,) = json.loads(run("metrics", "--since", "1h", "--period", "1m").stdout)
    assert (found["pauses"], found["advice"]) == (1, [])
    pausing = [f"{step} the DB instance." for step in ("Initiated pause for", "Successfully paused")]
    assert events("serverless") == pausing
    assert run("inspect", "slots").exit_code == 0
    assert run("inspect", "slots", "--no-wake").exit_code == 0
    resumed = [f"{step} the DB instance." for step in ("Initiated resume for", "Successfully resumed")]
    assert (events("serverless")[2:], events("notification")[2:], events("failover")) == (resumed, resumed, [])
    quiet = run("logs", "--grep", "no such line")
    assert re.search(r"the writer was paused \d{4}.* to \d\d:\d\d UTC, and wrote none", quiet.stderr), quiet.stderr
    listed = run("events", "--rds", "--log-format", "json").stdout
    assert [json.loads(line)["message"] for line in listed.splitlines()] == [*pausing, *resumed]
    assert all("  usage  " in line for line in run("events", "--rds", "--all").stdout.splitlines())
    assert run("events", "--rds", "--follow").exit_code == 2
    (report,) = json.loads(run("why-awake", "--no-wake").stdout)
    assert [row["effect"] for row in report["reasons"]].count("resumed") == 1


class ThreeRounds(SystemClock):
    """Ctrl-C in the third wait, which therefore does not end."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        if len(self.waits) == 3:
            raise KeyboardInterrupt


def test_following_makes_few_calls_and_prints_each_point_once(
    run: RunCommand, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = ThreeRounds()
    access = DatabaseAccess.of("local", AwsOptions())
    metrics, databases = MetricsRun(access, ["connections"], 60, "json", clock), access.in_rds(None)
    with pytest.raises(KeyboardInterrupt):
        metrics.follow(databases, timedelta(hours=1))
    assert min(clock.waits) >= 5
    keys = [(point["source"], point["at"]) for point in map(json.loads, capsys.readouterr().out.splitlines())]
    assert len(keys) == len(set(keys))


def test_live_entries_arrive_until_ctrl_c(
    run: RunCommand, place: tuple[Path, dict[str, str], Clients], home: Home
) -> None:
    folder, outputs, clients = place
    secret = clients("secretsmanager").get_secret_value(SecretId=outputs["Secret"])["SecretString"]
    opened = connect(outputs, json.loads(secret)["password"])

    def refused() -> bool:
        with pytest.raises(psycopg2.errors.UndefinedColumn):
            row(opened, "select nothing")
        return True

    assert refused()
    query = "fields @message | filter @message like /nothing|never/ | limit 1"
    # The group is made with the first line of the log.
    assert until(lambda: "nothing" in run("logs", "--query", query, "--format", "json").stdout, pause=0.5)
    command = [sys.executable, "-m", "aurora_cfn", "logs", "--env", "local", "--live", "--level", "error"]
    with subprocess.Popen(
        command, cwd=folder, env={**os.environ, "AURORA_CFN_HOME": str(home.path)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        # A suite in the background ignores SIGINT, and so would what it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as live:  # fmt: skip
        assert live.stdout
        stdout = live.stdout
        assert until(lambda: refused() and select.select([stdout], [], [], 0)[0], pause=0.5)
        assert json.loads(stdout.readline())["text"] == 'column "nothing" does not exist at character 8'
        live.send_signal(signal.SIGINT)
        _, said = live.communicate(timeout=20)
    opened.close()
    assert live.returncode == 130, said
    assert b"for 3 h; the emulator charges nothing" in said
