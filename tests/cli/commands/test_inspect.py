"""`aurora-cfn inspect` as a whole command, against an AWS on loopback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.inspect import InspectRun
from tests.cli.commands.test_sql import PARAMS
from tests.fakes.clock import FakeClock
from tests.sql.fake_aws import OUTPUTS, FakeAws


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "params").mkdir()
    (tmp_path / "params/local.yaml").write_text(PARAMS)
    monkeypatch.chdir(tmp_path)


def answer(*rows: dict[str, Any], names: tuple[str, ...] = ()) -> dict[str, Any]:
    names = tuple(rows[0]) if rows else names
    columns = [{"name": name, "label": name, "typeName": "text"} for name in names]
    records = [[_cell(value) for value in row.values()] for row in rows]
    return {"columnMetadata": columns, "records": records}


def _cell(value: Any) -> dict[str, Any]:
    return {{bool: "booleanValue", int: "longValue", str: "stringValue"}[type(value)]: value}


SERVER = answer({"major": 17, "has_statements": False, "counted_since": ""})
SLOT = {"slot": "s", "type": "logical", "database": "d", "active": False, "kept_bytes": 1}
SESSION = {"pid": 7, "user": "app", "application": "", "client": "", "state": "idle", "query": "", "started": "then"}


def run(aws: FakeAws, *arguments: str, answers: list[dict[str, Any]] | None = None) -> Result:
    aws.answers += [{}, {}, *(answers or [])]
    return CliRunner().invoke(root, ["inspect", "--env", "local", "--endpoint-url", aws.url, *arguments])


@pytest.mark.parametrize(("arguments", "code"), [([], 0), (["--fail-on", "bad"], 1), (["--fail-on", "warn"], 1)])
def test_one_topic_with_its_rows(aws: FakeAws, arguments: list[str], code: int) -> None:
    result = run(aws, "slots", *arguments, answers=[SERVER, answer(SLOT)])
    assert result.exit_code == code, result.output
    ((found,)) = json.loads(result.stdout)
    assert (found["check"], found["grade"], found["rows"][0]["slot"]) == ("slots", "bad", "s")
    assert result.stderr == "a paused database is resumed for this (--no-wake refuses)\n"
    paths = [path for path, _ in aws.asked]
    assert (paths[0], paths[-1]) == ("/BeginTransaction", "/RollbackTransaction")
    assert [asked["sql"] for path, asked in aws.asked if path == "/Execute"][:2] == [
        "set transaction read only", "set local statement_timeout = '5s'",
    ]  # fmt: skip


def test_rows_as_a_table_and_their_meaning_on_stderr(aws: FakeAws) -> None:
    result = run(aws, "slots", "--format", "table", answers=[SERVER, answer(SLOT)])
    assert result.stdout.splitlines()[0] == "slot | type    | database | active | kept_bytes"
    assert "bad   slots  slot s has no reader" in result.stderr
    assert run(aws, "slots", "--format", "csv", answers=[SERVER, answer(SLOT)]).stdout.startswith("slot,type,")


def test_csv_of_everything_is_wrong_usage(aws: FakeAws) -> None:
    assert run(aws, "--format", "csv").exit_code == 2


def test_counters_are_reset_after_a_question(aws: FakeAws) -> None:
    server = answer({"major": 17, "has_statements": True, "counted_since": ""})
    refused = run(aws, "--reset", answers=[server])
    assert (refused.exit_code, "resumed" in refused.stderr, aws.asked) == (2, False, [])
    result = run(aws, "--reset", "--yes", answers=[server, {}, answer({"missing": False})])
    assert (result.exit_code, "counted anew" in result.stderr) == (0, True), result.output
    assert run(aws, "--reset", "--kill", "7").exit_code == 2


def test_a_session_is_shown_and_ended(aws: FakeAws) -> None:
    ended = answer({"pg_terminate_backend": True})
    result = run(aws, "--kill", "7", "--yes", "--format", "csv", answers=[answer(SESSION), ended])
    assert result.exit_code == 0, result.output
    assert "7,app," in result.stdout
    assert "session 7 was ended" in result.stderr
    last = [asked for path, asked in aws.asked if path == "/Execute"][-1]
    assert "pid = 7" in last["sql"]
    assert last["parameters"] == [{"name": "started", "value": {"stringValue": "then"}}]


def test_no_session_is_ended_that_is_not_there_or_without_consent(aws: FakeAws) -> None:
    result = run(aws, "--kill", "7", answers=[answer(names=tuple(SESSION))])
    assert (result.exit_code, "no session with the process id 7" in result.stderr) == (1, True)
    result = run(aws, "--kill", "7", answers=[answer(SESSION)])
    assert (result.exit_code, "--yes ends the session without a question" in result.stderr) == (2, True)
    assert not [asked for _, asked in aws.asked if "terminate" in str(asked)]


def test_mysql_is_not_inspected(aws: FakeAws) -> None:
    aws.stacks["aurora-serverless-local"] = {**OUTPUTS, "DBPort": "3306"}
    result = run(aws, "slots")
    assert (result.exit_code, "is MySQL" in result.stderr) == (3, True)


class TwoRounds(FakeClock):
    """Ctrl-C in the second wait."""

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        if len(self.sleeps) == 2:
            raise KeyboardInterrupt


def test_watching_repeats_each_five_seconds(aws: FakeAws, capsys: pytest.CaptureFixture[str]) -> None:
    aws.answers += [{}, {}, SERVER, answer(SLOT)] * 2
    clock = TwoRounds()
    access = DatabaseAccess.of("local", AwsOptions(endpoint_url=aws.url))
    with pytest.raises(KeyboardInterrupt):
        InspectRun(access, access.database(None), "json", clock).watch("slots")
    assert clock.sleeps == [5.0, 5.0]
    assert [json.loads(line)[0]["check"] for line in capsys.readouterr().out.splitlines()] == ["slots", "slots"]
