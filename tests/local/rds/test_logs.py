"""What a database server writes arrives in CloudWatch Logs."""

from __future__ import annotations

import time
from pathlib import Path

import psycopg2
import pytest

from aurora_cfn.local.rds.logs import new_lines
from tests.local.conftest import Stacks
from tests.local.rds.test_stacks_with_databases import cluster, connect, row


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


@pytest.mark.slow
def test_an_error_of_the_database_is_in_the_log_group_of_its_cluster(stacks: Stacks) -> None:
    outputs = stacks.create("logged", cluster(deletion="Delete", EnableCloudwatchLogsExports=["postgresql"]))
    with pytest.raises(psycopg2.Error):
        row(connect(outputs), "select * from nowhere_at_all")
    logs = stacks.client("logs")
    group = f"/aws/rds/cluster/{outputs['Id']}/postgresql"
    deadline = time.monotonic() + 20
    messages: list[str] = []
    while time.monotonic() < deadline and not any("nowhere_at_all" in each for each in messages):
        time.sleep(0.5)
        names = [each["logGroupName"] for each in logs.describe_log_groups()["logGroups"]]
        if group in names:
            messages = [each["message"] for each in logs.filter_log_events(logGroupName=group)["events"]]
    assert any(":boss@temporal:[" in each and "nowhere_at_all" in each for each in messages)
    stacks.delete("logged")
