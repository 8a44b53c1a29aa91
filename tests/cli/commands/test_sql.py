"""`aurora-cfn sql` as a whole command, against an AWS on loopback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root
from tests.sql.fake_aws import FakeAws

PARAMS = """\
endpoint: local
region: eu-west-1
stacks:
  aurora-serverless:
    template: aurora-serverless-postgres
"""
RESUMING = ("DatabaseResumingException", "The Aurora DB instance is resuming after being auto-paused.")
WRITTEN: dict[str, Any] = {"numberOfRecordsUpdated": 3}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "params").mkdir()
    (tmp_path / "params/local.yaml").write_text(PARAMS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(aws: FakeAws, *arguments: str, text: str | bytes | None = None) -> Result:
    options = ["sql", "--env", "local", "--endpoint-url", aws.url]
    return CliRunner().invoke(root, [*options, *arguments], input=text)


@pytest.mark.parametrize(
    ("form", "stdout", "stderr"),
    [
        ("csv", b"n\r\n1\r\n", ""),
        ("json", b'[{"n": 1}]\n', ""),
        ("table", b"n\n-\n1\n", "(1 row)\n"),
    ],
)
def test_rows_are_the_only_thing_on_stdout(aws: FakeAws, form: str, stdout: bytes, stderr: str) -> None:
    result = run(aws, "--format", form, "select 1 as n")
    assert (result.exit_code, result.stdout_bytes, result.stderr) == (0, stdout, stderr)
    ((_, asked),) = aws.asked
    assert (asked["sql"], asked["database"]) == ("select 1 as n", "temporal")


def test_away_from_a_terminal_it_is_csv(aws: FakeAws) -> None:
    assert run(aws, "select 1").stdout_bytes == b"n\r\n1\r\n"


def test_a_file_standard_input_and_an_argument_are_alike(aws: FakeAws, project: Path) -> None:
    (project / "a.sql").write_text("select 1;\nselect 2;\n")
    for arguments in (["-f", "a.sql"], ["select 1; select 2"], ["-"], ["-f", "-"]):
        result = run(aws, *arguments, text="select 1; select 2\n")
        assert (result.exit_code, result.stdout_bytes) == (0, b"n\r\n1\r\n" * 2)
    assert [asked["sql"] for _, asked in aws.asked] == ["select 1", "select 2"] * 4


def test_writing_is_shown_on_stderr(aws: FakeAws) -> None:
    aws.answers += [{}, WRITTEN]
    result = run(aws, "create table t (a int); insert into t values (1), (2), (3)")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.splitlines() == ["create table", "insert into: 3 rows"]


def test_a_transaction_wraps_all_statements(aws: FakeAws) -> None:
    assert run(aws, "--transaction", "select 1; select 2").exit_code == 0
    assert [path for path, _ in aws.asked] == ["/BeginTransaction", "/Execute", "/Execute", "/CommitTransaction"]
    assert aws.asked[1][1]["transactionId"] == "t1"


def test_parameters_are_typed(aws: FakeAws) -> None:
    assert run(aws, "-p", "a=NULL", "-p", "b:text=1", "select :a, :b").exit_code == 0
    assert aws.asked[0][1]["parameters"] == [
        {"name": "a", "value": {"isNull": True}},
        {"name": "b", "value": {"stringValue": "1"}},
    ]


@pytest.mark.slow
def test_a_pause_is_shown_and_waited_out(aws: FakeAws) -> None:
    aws.answers += [RESUMING]
    result = run(aws, "select 1")
    assert (result.exit_code, result.stdout_bytes, result.stderr) == (0, b"n\r\n1\r\n", "waking up (0 s)\n")


def test_no_wish_to_wait(aws: FakeAws) -> None:
    aws.answers += [RESUMING]
    result = run(aws, "--wait", "0", "select 1")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "still resuming after 0 s" in result.stderr


@pytest.mark.parametrize(
    ("answer", "stderr"),
    [
        (("DatabaseErrorException", 'ERROR: relation "x" does not exist; Position: 15; SQLState: 42P01'),
         'error: ERROR: relation "x" does not exist (SQLState 42P01)\n'),
        (("HttpEndpointNotEnabledException", "HttpEndpoint is not enabled for resource c"),
         "error: ExecuteStatement: HttpEndpoint is not enabled for resource c (HttpEndpointNotEnabledException)\n"
         "  deploy the stack with EnableDataApi: true, or use: aurora-cfn connect\n"),
        (("BadRequestException", "Database returned more than the allowed response size limit"),
         "error: ExecuteStatement: Database returned more than the allowed response size limit (BadRequestException)\n"
         "  an answer holds at most 1 MiB: select fewer columns, or page with limit and offset\n"),
    ],
)  # fmt: skip
def test_a_refusal_is_one_message_and_exit_code_4(aws: FakeAws, answer: tuple[str, str], stderr: str) -> None:
    aws.answers += [answer]
    result = run(aws, "select * from x")
    assert (result.exit_code, result.stdout, result.stderr) == (4, "", stderr)


def test_what_a_database_says_cannot_steer_the_terminal(aws: FakeAws) -> None:
    aws.answers += [("DatabaseErrorException", 'ERROR: invalid input: "\x1b[31m\x9b2J"; SQLState: 22P02')]
    stderr = run(aws, "select :x::int", "-p", "x=\x1b[31m\x9b2J").stderr
    assert stderr == 'error: ERROR: invalid input: "\\x1b[31m\\x9b2J" (SQLState 22P02)\n'


def test_the_second_statement_fails(aws: FakeAws, project: Path) -> None:
    (project / "a.sql").write_text("select 1;\n\nselect *\nfrom x;\n")
    aws.answers += [
        WRITTEN,
        ("BadRequestException", 'ERROR: relation "x" does not exist; Position: 15; SQLState: 42P01'),
    ]
    result = run(aws, "-f", "a.sql")
    assert result.exit_code == 4
    assert result.stderr.splitlines()[-2:] == [
        "  at a.sql:4, statement 2 of 2",
        "  the statements before it were executed and stay so: 1 of 2",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "give one of: QUERY, -f FILE, or - for standard input"),
        (["select 1", "-f", "a.sql"], 2, "give one of"),
        (["-f", "missing.sql"], 3, "missing.sql: cannot be read: No such file or directory"),
        (["--format", "xml", "select 1"], 2, "'xml' is not one of"),
        (["--stack", "other", "select 1"], 3, "no stack is called other; there are: aurora-serverless"),
        (["-p", "x", "select 1"], 3, "-p x: is not name=value"),
        (["-p", "x=1", "select 1"], 3, "-p x: no statement names :x"),
        (["select :x"], 3, "names :x, which was not given (-p x=VALUE)"),
        (["select 'a"], 3, "line 1: the string that begins here has no end"),
        (["-"], 3, "stdin: there is no SQL statement in it"),
        (["begin; select 1"], 3, "BEGIN has no effect over the Data API (use --transaction"),
    ],
)  # fmt: skip
def test_bad_input_reaches_no_database(aws: FakeAws, arguments: list[str], code: int, message: str) -> None:
    result = run(aws, *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr
    assert aws.asked == []


def test_standard_input_that_is_not_utf_8(aws: FakeAws) -> None:
    result = run(aws, "-", text=b"select '\xff'")
    assert result.exit_code == 3
    assert "stdin:1: not UTF-8: byte 0xff" in result.stderr


def test_a_stack_that_is_not_deployed(aws: FakeAws) -> None:
    aws.stacks.clear()
    result = run(aws, "select 1")
    assert result.exit_code == 3
    assert "not deployed: aurora-serverless-local; deploy first: aurora-cfn deploy --env local" in result.stderr
