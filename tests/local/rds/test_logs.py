"""What a database server writes arrives in CloudWatch Logs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2
import pytest

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.cloudwatch import AwsLogEvents, AwsMetrics
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.local.launcher import LocalServer
from aurora_cfn.local.rds.log_files import MOST_BYTES, Portion, portion
from aurora_cfn.local.rds.logs import new_lines
from aurora_cfn.operate.log_entries import Wanted, log_entries
from aurora_cfn.operate.log_groups import LogReader
from tests.aws.observations_contract import keep_log_events, keep_metrics
from tests.local.conftest import Clients, Stacks
from tests.local.rds.test_stacks_with_databases import cluster, connect, row
from tests.waiting import until


def test_whole_lines_are_read_once(tmp_path: Path) -> None:
    path = tmp_path / "log"
    assert new_lines(path, 7) == ([], 7)
    path.write_text("one\n\ntwo\nhal")
    assert new_lines(path, 0) == (["one", "two"], 9)
    assert new_lines(path, 9) == ([], 9)
    path.write_text("one\n\ntwo\nhalf\n")
    assert new_lines(path, 9) == (["half"], 14)
    path.write_text("new\n")
    assert new_lines(path, 14) == (["new"], 4)


@pytest.mark.parametrize(
    ("content", "start", "lines", "expected"),
    [
        (b"one\ntwo\nhal", 0, 1, Portion("one\n", 4, pending=True)),
        (b"one\ntwo\nhal", 4, 9, Portion("two\nhal", 11, pending=False)),
        (b"one\ntwo\nhal", None, 2, Portion("two\nhal", 11, pending=False)),
        (b"one\n", 4, 9, Portion("", 4, pending=False)),
        (b"one\n", 99, 9, Portion("", 99, pending=False)),
        # 1 MiB at most, and whole lines where there are some.
        (b"a" * MOST_BYTES + b"b", 0, 9, Portion("a" * MOST_BYTES, MOST_BYTES, pending=True)),
        (b"a\n" + b"b" * MOST_BYTES, 0, 9, Portion("a\n", 2, pending=True)),
        (b"b" * MOST_BYTES + b"\nlast\n", None, 9, Portion("last\n", MOST_BYTES + 6, pending=False)),
    ],
)
def test_a_portion_of_a_log_file(
    tmp_path: Path, content: bytes, start: int | None, lines: int, expected: Portion
) -> None:
    path = tmp_path / "log"
    path.write_bytes(content)
    assert portion(path, start, lines) == expected


def session(server: LocalServer, account: str) -> Session:
    return Session(Connection("eu-west-1", None, server.endpoint, (account, server.keys.secret_access_key)))


def test_the_emulator_keeps_to_the_contract_of_log_events(client: Clients, server: LocalServer, account: str) -> None:
    logs, start = client("logs"), datetime.now(UTC).replace(microsecond=0)
    logs.create_log_group(logGroupName="/toy/log")
    logs.create_log_stream(logGroupName="/toy/log", logStreamName="w")
    at = int(start.timestamp() * 1000)
    events = [{"timestamp": at + 1000 * second, "message": text} for second, text in enumerate(("one", "two", "three"))]
    logs.put_log_events(logGroupName="/toy/log", logStreamName="w", logEvents=events)
    keep_log_events(AwsLogEvents(session(server, account)), start)


def test_the_emulator_keeps_to_the_contract_of_metrics(client: Clients, server: LocalServer, account: str) -> None:
    start = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=10)
    toy = [{"Name": "DBInstanceIdentifier", "Value": "toy"}]
    for minute, value in ((0, 2), (2, 4)):
        at = start + timedelta(minutes=minute, seconds=1)
        row = {"MetricName": "DatabaseConnections", "Dimensions": toy, "Timestamp": at, "Value": value}
        client("cloudwatch").put_metric_data(Namespace="AWS/RDS", MetricData=[row])
    keep_metrics(AwsMetrics(session(server, account)), start)


@pytest.mark.slow
def test_an_error_of_the_database_is_in_the_log_group_of_its_cluster(
    stacks: Stacks, server: LocalServer, account: str
) -> None:
    outputs = stacks.create("logged", cluster(deletion="Delete", EnableCloudwatchLogsExports=["postgresql"]))
    with pytest.raises(psycopg2.Error):
        row(connect(outputs), "select * from nowhere_at_all")
    logs = stacks.client("logs")
    group = f"/aws/rds/cluster/{outputs['Id']}/postgresql"

    def there() -> bool:
        names = [each["logGroupName"] for each in logs.describe_log_groups()["logGroups"]]
        events = logs.filter_log_events(logGroupName=group)["events"] if group in names else []
        messages = [each["message"] for each in events]
        return any(":boss@temporal:[" in each and "nowhere_at_all" in each for each in messages)

    assert until(there, pause=0.05)
    reader = LogReader(AwsLogEvents(session(server, account)), group, SystemClock())
    found = list(log_entries(reader.history(datetime.now(UTC) - timedelta(minutes=5))))
    (refused,) = [each for each in found if Wanted("error").has(each) and "nowhere_at_all" in each.text]
    assert (refused.level, refused.user, refused.database) == ("error", "boss", "temporal")
    assert refused.more[-1] == "STATEMENT: select * from nowhere_at_all"
    rds = stacks.client("rds")
    name = rds.describe_db_instances()["DBInstances"][0]["DBInstanceIdentifier"]
    (file,) = rds.describe_db_log_files(DBInstanceIdentifier=name, FilenameContains="postgresql")["DescribeDBLogFiles"]
    assert file["Size"] > 0
    assert rds.describe_db_log_files(DBInstanceIdentifier=name, FileSize=1 << 30)["DescribeDBLogFiles"] == []
    asked = {"DBInstanceIdentifier": name, "LogFileName": file["LogFileName"]}
    portions = rds.get_paginator("download_db_log_file_portion").paginate(**asked)
    assert "nowhere_at_all" in "".join(each["LogFileData"] for each in portions)
    first = rds.download_db_log_file_portion(**asked, Marker="0", NumberOfLines=1)
    assert (first["LogFileData"].count("\n"), first["AdditionalDataPending"]) == (1, True)
    for wrong, code in (
        ({"LogFileName": "x"}, "DBLogFileNotFoundFault"),
        ({"DBInstanceIdentifier": "x"}, "DBInstanceNotFound"),
    ):
        with pytest.raises(rds.exceptions.ClientError, match=code):
            rds.download_db_log_file_portion(**asked | wrong)
    stacks.delete("logged")
