"""`aurora-cfn logs` as a whole command, against an AWS on loopback."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root
from tests.cli.commands.test_sql import PARAMS
from tests.fakes.event_stream import session
from tests.sql.fake_aws import FakeAws

GROUP = "/aws/rds/cluster/c/postgresql"
PREFIX = "2026-11-28 14:02:11 UTC:10.0.3.17(41234):app@temporal:[4711]:"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "params").mkdir()
    (tmp_path / "params/local.yaml").write_text(PARAMS)
    monkeypatch.chdir(tmp_path)


def event(number: int, text: str) -> dict[str, Any]:
    return {"eventId": str(number), "timestamp": 1, "ingestionTime": 1, "logStreamName": "w.0", "message": text}


def run(aws: FakeAws, *arguments: str) -> Result:
    return CliRunner().invoke(root, ["logs", "--env", "local", "--endpoint-url", aws.url, *arguments])


def test_the_log_group_is_read_and_the_database_is_not_asked(aws: FakeAws) -> None:
    refused = f"{PREFIX}ERROR:  deadlock detected"
    aws.json["FilterLogEvents"] = [
        {"events": [], "nextToken": "n"},
        {"events": [event(1, refused), event(2, refused), event(3, f"{PREFIX}LOG:  checkpoint")]},
    ]
    result = run(aws, "--level", "error", "--format", "table", "--since", "2h")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "2026-11-28 14:02:11  ERROR  app@temporal  10.0.3.17  deadlock detected  (2 times, last 14:02:11)"
    ]
    assert result.stderr == f"read from {GROUP}\n"
    assert [operation for operation, _ in aws.asked] == ["FilterLogEvents"] * 2
    asked = aws.asked[0][1]
    assert asked["logGroupName"] == GROUP
    assert asked["startTime"] == pytest.approx((time.time() - 7200) * 1000, abs=60_000)


def test_json_has_an_object_a_line(aws: FakeAws) -> None:
    aws.json["FilterLogEvents"] = [{"events": [event(1, f"{PREFIX}LOG:  a"), event(2, f"{PREFIX}LOG:  b")]}]
    rows = [json.loads(line) for line in run(aws, "--since", "2026-11-28 14:00").stdout.splitlines()]
    assert [row["text"] for row in rows] == ["a", "b"]
    assert aws.asked[0][1]["startTime"] == 1795874400000


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--grep", "("], 2, "no regular expression"),
        (["--since", "soon"], 2, "neither a length before now (1h) nor a time"),
        (["--slow", "1"], 2, "no length of time, such as 500ms"),
        (["slowquery"], 3, "has no log slowquery"),
        (["--slow", "500ms"], 0, "log_min_duration_statement"),
        ([], 0, "no such entries since"),
    ],
)
def test_what_is_wrong_and_what_is_not_there(aws: FakeAws, arguments: list[str], code: int, message: str) -> None:
    aws.json["FilterLogEvents"] = [{"events": []}]
    result = run(aws, *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr


def test_no_log_group_and_no_permission(aws: FakeAws) -> None:
    aws.json["FilterLogEvents"] = [("ResourceNotFoundException", "none"), ("AccessDeniedException", "not you")]
    result = run(aws)
    assert (result.exit_code, f"there is no log group {GROUP}" in result.stderr) == (3, True)
    result = run(aws)
    assert (result.exit_code, "not you" in result.stderr) == (4, True)


def test_a_value_that_only_deploy_refuses_does_not_stop_it(
    aws: FakeAws, tmp_path: Path, rendered: dict[str, str]
) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/aurora-serverless-postgres.yaml").write_text(rendered["aurora-serverless-postgres"])
    (tmp_path / "params/local.yaml").write_text(f"{PARAMS}    parameters: {{MaxCapacity: 8.3}}\n")
    aws.json["FilterLogEvents"] = [{"events": [event(1, f"{PREFIX}LOG:  a")]}]
    assert run(aws).exit_code == 0
    result = CliRunner().invoke(root, ["deploy", "--env", "local", "--endpoint-url", aws.url, "--yes"])
    assert (result.exit_code, "8.3 is not a multiple of 0.5" in result.stderr) == (3, True)


@pytest.mark.parametrize("other", ["--follow", "--from-instance", "--level=error"])
def test_a_query_is_the_filter_by_itself(aws: FakeAws, other: str) -> None:
    assert run(aws, "--query", "fields @message", other).exit_code == 2


def test_files_of_instances_and_csv_are_not_followed(aws: FakeAws) -> None:
    assert run(aws, "--from-instance", "--follow").exit_code == 2
    assert run(aws, "--format", "csv", "--follow").exit_code == 2


LIVE = [session([("w.0", f"{PREFIX}ERROR:  deadlock")], [("w.0", f"{PREFIX}LOG:  a")], "SessionTimeoutException")]


def test_live_entries_with_their_cost_before_and_after(
    aws: FakeAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.json["StartLiveTail"] = [*LIVE]
    (tmp_path / "params/local.yaml").write_text(PARAMS.replace("endpoint: local\n", ""))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    result = run(aws, "--live", "--level", "error", "--format", "json")
    assert result.exit_code == 0, result.output
    assert [json.loads(line)["text"] for line in result.stdout.splitlines()] == ["deadlock"]
    first, end, after = result.stderr.splitlines()
    assert first.startswith(f"Live Tail of {GROUP}, until Ctrl-C or for 3 h; CloudWatch charges 0.01 USD a minute")
    assert end.startswith("AWS ended the session after 3 h")
    assert after == "the session was open for 1 min, at most 0.01 USD"
    assert [operation for operation, _ in aws.asked] == ["StartLiveTail"]


def test_a_sample_is_said_once_and_the_emulator_charges_nothing(aws: FakeAws) -> None:
    sent = session(
        [("w.0", f"{PREFIX}LOG:  a")], [("w.0", f"{PREFIX}LOG:  b")], "SessionTimeoutException", sampled=True
    )
    aws.json["StartLiveTail"] = [sent]
    result = run(aws, "--live", "--follow", "--format", "table")
    assert [line.rpartition("  ")[2] for line in result.stdout.splitlines()] == ["a", "b"]
    assert result.stderr.count("CloudWatch Logs sends a sample") == 1
    assert ("the emulator charges nothing" in result.stderr, "USD" in result.stderr) == (True, False)


def test_a_live_session_that_is_refused_or_breaks(aws: FakeAws) -> None:
    aws.json["StartLiveTail"] = [("ResourceNotFoundException", "none"), session([("w.0", "x")])]
    result = run(aws, "--live")
    assert (result.exit_code, f"there is no log group {GROUP}" in result.stderr) == (3, True)
    result = run(aws, "--live")
    assert (result.exit_code, "the Live Tail session broke" in result.stderr) == (4, True)


@pytest.mark.parametrize("other", ["--from-instance", "--format=csv", "--since=1h", "--query=fields @message"])
def test_a_live_session_goes_without_what_it_cannot_have(aws: FakeAws, other: str) -> None:
    result = run(aws, "--live", other)
    assert (result.exit_code, "--live" in result.stderr) == (2, True)
