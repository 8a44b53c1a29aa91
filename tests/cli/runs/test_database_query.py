from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.cli.runs.database import WakingLine, prove_databases
from aurora_cfn.errors import AwsError
from aurora_cfn.model.rows import Database
from aurora_cfn.model.stack import Output, Stack
from aurora_cfn.sql.find_database import data_api_database
from tests.sql.fake_aws import OUTPUTS, FakeAws, fake_aws


@pytest.fixture
def aws() -> Iterator[FakeAws]:
    with fake_aws() as found:
        yield found


def named(name: str) -> list[Database]:
    """The database that the outputs of the stack name."""
    rows = tuple(Output(key, value) for key, value in OUTPUTS.items())
    arn = f"arn:aws:cloudformation:eu-west-1:1:stack/{name}/1"
    found = data_api_database(Stack(arn, name, "CREATE_COMPLETE", outputs=rows))
    assert found is not None
    return [found]


def session(aws: FakeAws) -> Session:
    return Session(Connection("eu-west-1", endpoint_url=aws.url, keys=("test", "test")))


def test_each_database_answers(aws: FakeAws, capsys: pytest.CaptureFixture[str]) -> None:
    prove_databases(session(aws), {"n": (), "a": named("a"), "b": named("b")})
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.partition(" answered")[0] for line in err.splitlines()] == [
        "a: select 1 through the Data API", "b: select 1 through the Data API",
    ]  # fmt: skip
    assert [asked["sql"] for _, asked in aws.asked] == ["select 1", "select 1"]


def test_a_program_gets_a_line_of_json(aws: FakeAws, capsys: pytest.CaptureFixture[str]) -> None:
    prove_databases(session(aws), {"db": named("db-dev")}, as_json=True)
    (line,) = capsys.readouterr().err.splitlines()
    document = json.loads(line)
    assert (document["kind"], document["stack"]) == ("proof", "db")
    assert document["seconds"] >= 0


def test_where_the_data_api_is_off_there_is_nothing_to_prove(aws: FakeAws, capsys: pytest.CaptureFixture[str]) -> None:
    aws.answers += [("HttpEndpointNotEnabledException", "HttpEndpoint is not enabled for resource c")]
    prove_databases(session(aws), {"a": named("a")})
    assert capsys.readouterr() == ("", "")


def test_a_database_that_refuses_is_shown_with_the_remedy(aws: FakeAws) -> None:
    aws.answers += [("AccessDeniedException", "not authorized to perform rds-data:ExecuteStatement")]
    with pytest.raises(AwsError) as refused:
        prove_databases(session(aws), {"a": named("a")})
    message = str(refused.value)
    assert message.startswith("a is deployed, but `select 1` on its database failed: ExecuteStatement: not authorized")
    assert message.endswith("--no-proof leaves this out")
    assert refused.value.exit_code == 4


def test_databases_that_no_output_names_are_found_by_the_resources(
    aws: FakeAws, capsys: pytest.CaptureFixture[str]
) -> None:
    first = Database("a", "app", "arn:of:secret-1", "arn:of:cluster-1", resource="Orders")
    second = replace(first, secret_arn="arn:of:secret-2", cluster_arn="arn:of:cluster-2", resource="Data.Cluster")
    plain = replace(first, cluster_arn="", resource="NoDataApi")
    prove_databases(session(aws), {"a": [first, plain, second]})
    assert [asked["resourceArn"] for _, asked in aws.asked] == ["arn:of:cluster-1", "arn:of:cluster-2"]
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_the_database_that_refuses_is_named_by_its_logical_id(aws: FakeAws) -> None:
    aws.answers += [("AccessDeniedException", "no")]
    database = Database("a", "app", "arn:of:secret", "arn:of:cluster", resource="Orders")
    with pytest.raises(AwsError, match="but `select 1` on its database Orders failed"):
        prove_databases(session(aws), {"a": [database]})


def test_each_wait_has_lines_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    line = WakingLine()
    for wait in (range(7), range(2)):
        for seconds in wait:
            line(seconds)
        line.close()
    assert capsys.readouterr().err.splitlines() == ["waking up (0 s)", "waking up (5 s)", "waking up (0 s)"]
