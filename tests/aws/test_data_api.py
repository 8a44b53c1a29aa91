from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.stub import Stubber

from aurora_cfn.aws.data_api import AwsDataApi
from aurora_cfn.aws.secrets import AwsSecrets
from aurora_cfn.aws.session import NEAR_ATTEMPTS, Connection, Session
from aurora_cfn.errors import AwsError, SqlError
from aurora_cfn.model.rows import Column, SqlParameter
from tests.sql.fakes import DATABASE

ADDRESS = {"resourceArn": DATABASE.cluster_arn, "secretArn": DATABASE.secret_arn}
ASKED = {**ADDRESS, "database": "temporal", "sql": "select 1", "parameters": [], "includeResultMetadata": True,
         "continueAfterTimeout": False}  # fmt: skip


@pytest.fixture
def session() -> Session:
    return Session(Connection(region="eu-west-1", endpoint_url="http://127.0.0.1:1", keys=("test", "test")))


def stubbed(session: Session, service: str = "rds-data") -> Stubber:
    stubber = Stubber(session.client(service))
    stubber.activate()
    return stubber


def test_fields_become_values(session: Session) -> None:
    fields: list[tuple[str, dict[str, Any], object]] = [
        ("int8", {"longValue": 2**62}, 2**62),
        ("numeric", {"stringValue": "1.10"}, "1.10"),
        ("float8", {"doubleValue": 1.5}, 1.5),
        ("bool", {"booleanValue": False}, False),
        ("bytea", {"blobValue": b"\x00\xff"}, b"\x00\xff"),
        ("text", {"isNull": True}, None),
        ("text", {"stringValue": ""}, ""),
        ("_int4", {"arrayValue": {"longValues": [1, 2]}}, (1, 2)),
        ("_text", {"arrayValue": {"arrayValues": [{"stringValues": ["a"]}, {"stringValues": []}]}}, (("a",), ())),
        ("_text", {"arrayValue": {"stringValues": []}}, ()),
    ]  # fmt: skip
    answer = {
        "columnMetadata": [
            {"name": "n", "label": f"c{n}", "typeName": kind.upper()} for n, (kind, _, _) in enumerate(fields)
        ],
        "records": [[field for _, field, _ in fields]],
        "numberOfRecordsUpdated": 0,
    }
    with stubbed(session) as stubber:
        stubber.add_response("execute_statement", answer, ASKED)
        rows = AwsDataApi(session).execute(DATABASE, "select 1")
    assert rows.columns[0] == Column("c0", "int8")
    assert rows.rows == (tuple(value for _, _, value in fields),)


def test_parameters_are_sent_with_their_type_and_hint(session: Session) -> None:
    given = [SqlParameter("a", None), SqlParameter("b", True), SqlParameter("c", 1), SqlParameter("d", 1.5),
             SqlParameter("e", "x"), SqlParameter("f", b"y"), SqlParameter("g", "1.1", "DECIMAL")]  # fmt: skip
    sent = [
        {"name": "a", "value": {"isNull": True}}, {"name": "b", "value": {"booleanValue": True}},
        {"name": "c", "value": {"longValue": 1}}, {"name": "d", "value": {"doubleValue": 1.5}},
        {"name": "e", "value": {"stringValue": "x"}}, {"name": "f", "value": {"blobValue": b"y"}},
        {"name": "g", "value": {"stringValue": "1.1"}, "typeHint": "DECIMAL"},
    ]  # fmt: skip
    with stubbed(session) as stubber:
        stubber.add_response("execute_statement", {"numberOfRecordsUpdated": 3}, {**ASKED, "parameters": sent})
        rows = AwsDataApi(session).execute(DATABASE, "select 1", given)
    assert (rows.columns, rows.affected) == ((), 3)


def test_a_transaction_is_opened_used_and_ended(session: Session) -> None:
    api = AwsDataApi(session)
    with stubbed(session) as stubber:
        stubber.add_response("begin_transaction", {"transactionId": "t"}, {**ADDRESS, "database": "temporal"})
        stubber.add_response("execute_statement", {}, {**ASKED, "transactionId": "t"})
        stubber.add_response("commit_transaction", {}, {**ADDRESS, "transactionId": "t"})
        stubber.add_response("rollback_transaction", {}, {**ADDRESS, "transactionId": "t"})
        opened = api.begin(DATABASE)
        api.execute(DATABASE, "select 1", transaction=opened)
        api.commit(DATABASE, opened)
        api.rollback(DATABASE, opened)
        stubber.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "words", "message", "state", "position"),
    [
        ("DatabaseErrorException", 'ERROR: relation "x" does not exist; Position: 15; SQLState: 42P01',
         'ERROR: relation "x" does not exist (SQLState 42P01)', "42P01", 15),
        ("BadRequestException", "ERROR: division by zero; SQLState: 22012",
         "ERROR: division by zero (SQLState 22012)", "22012", None),
        ("BadRequestException", 'FATAL: password authentication failed for user "x"; SQLState: 28P01',
         'FATAL: password authentication failed for user "x" (SQLState 28P01)\n'
         "  the secret does not open this cluster; was the password changed past it?", "28P01", None),
    ],
)  # fmt: skip
def test_the_databases_own_words(
    session: Session, code: str, words: str, message: str, state: str, position: int | None
) -> None:
    stubbed(session).add_client_error("execute_statement", code, words)
    with pytest.raises(SqlError) as refused:
        AwsDataApi(session).execute(DATABASE, "select 1")
    error = refused.value
    assert (str(error), error.sqlstate, error.position, error.code) == (message, state, position, code)


@pytest.mark.parametrize(
    ("code", "words", "advice"),
    [
        ("HttpEndpointNotEnabledException", "HttpEndpoint is not enabled for resource c", "EnableDataApi: true"),
        ("BadRequestException", "Database returned more than the allowed response size limit", "at most 1 MiB"),
        ("UnsupportedResultException", "The result exceeds the size limit 1 MB.", "at most 1 MiB"),
        ("UnsupportedResultException", "Packet for query is too large", "a row holds at most 64 KB"),
        ("DatabaseNotFoundException", "no instances", "db.serverless"),
        ("AccessDeniedException", "not authorized", "rds-data:*"),
        ("StatementTimeoutException", "timed out", "--past-timeout"),
        ("UnsupportedResultException", "unsupported", "cast the column to text"),
    ],
)
def test_a_refusal_says_what_to_do(session: Session, code: str, words: str, advice: str) -> None:
    stubbed(session).add_client_error("execute_statement", code, words)
    with pytest.raises(AwsError) as refused:
        AwsDataApi(session).execute(DATABASE, "select 1")
    assert not isinstance(refused.value, SqlError)
    assert str(refused.value).startswith(f"ExecuteStatement: {words} ({code})\n  ")
    assert advice in str(refused.value)
    assert refused.value.code == code


def test_a_statement_is_never_sent_twice(session: Session) -> None:
    configs: list[Any] = [session.client(name).meta.config for name in ("rds-data", "ssm")]
    assert [config.retries["total_max_attempts"] for config in configs] == [1, NEAR_ATTEMPTS]


def test_an_unreachable_service_is_one_sentence(session: Session) -> None:
    with pytest.raises(AwsError, match=r"cannot reach http://127\.0\.0\.1:1"):
        AwsDataApi(session).execute(DATABASE, "select 1")


def test_credentials_come_out_of_the_secret(session: Session) -> None:
    text = json.dumps({"username": "me", "password": "hunter2", "engine": "postgres"})
    with stubbed(session, "secretsmanager") as stubber:
        stubber.add_response("get_secret_value", {"SecretString": text}, {"SecretId": "arn"})
        found = AwsSecrets(session).credentials("arn")
    assert (found.user, found.password) == ("me", "hunter2")
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize("text", ["hunter2", '{"username": "hunter2"}', '["hunter2"]', '"hunter2"', "{"])
def test_a_secret_of_another_shape_is_not_shown(session: Session, text: str) -> None:
    stubbed(session, "secretsmanager").add_response("get_secret_value", {"SecretString": text})
    with pytest.raises(AwsError) as refused:
        AwsSecrets(session).credentials("arn:s")
    assert "arn:s is not a JSON object with username and password" in str(refused.value)
    assert "hunter2" not in str(refused.value)
    assert refused.value.__cause__ is refused.value.__context__ is None
