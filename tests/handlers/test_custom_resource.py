"""What CloudFormation hears: success, failure without its cause, and never nothing."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from pg8000.native import DatabaseError, InterfaceError

from aurora_cfn.handlers.connection import UnavailableError
from aurora_cfn.handlers.custom_resource import ReportedError, respond

EVENT = {
    "RequestType": "Create",
    "ResponseURL": "https://example.com/signed",
    "StackId": "stack",
    "RequestId": "request",
    "LogicalResourceId": "Migrated",
}
CONTEXT = SimpleNamespace(log_group_name="/aurora-cfn/api-dev/migration")


class Mailbox:
    def __init__(self) -> None:
        self.letters: list[tuple[str, Any]] = []

    def __call__(self, url: str, body: bytes) -> None:
        self.letters.append((url, json.loads(body)))


def test_the_outcome_goes_where_cloudformation_waits() -> None:
    mailbox = Mailbox()
    respond(EVENT, CONTEXT, lambda event: {"Applied": event["RequestType"]}, mailbox)
    ((url, letter),) = mailbox.letters
    assert url == EVENT["ResponseURL"]
    assert letter == {
        "Status": "SUCCESS",
        "Data": {"Applied": "Create"},
        "PhysicalResourceId": "Migrated",
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "Migrated",
    }


def test_a_failure_is_shown_with_its_log_and_without_its_cause() -> None:
    mailbox = Mailbox()

    def fails(_event: Any) -> Any:
        raise ValueError("password=hunter2")

    respond(EVENT, CONTEXT, fails, mailbox)
    ((_, letter),) = mailbox.letters
    assert (letter["Status"], letter["Reason"]) == ("FAILED", "ValueError: see /aurora-cfn/api-dev/migration")
    assert "hunter2" not in json.dumps(letter)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (DatabaseError({"C": "3D000", "M": 'database "x" does not exist', "D": "detail"}),
         'DatabaseError 3D000: database "x" does not exist'),
        (ReportedError("the migration failed: because"), "the migration failed: because"),
        (UnavailableError("no answer"), "UnavailableError: no answer"),
    ],
)  # fmt: skip
def test_a_failure_of_the_database_is_shown_because_the_log_goes_with_the_rollback(
    error: Exception, reason: str
) -> None:
    mailbox = Mailbox()

    def fails(_event: Any) -> Any:
        raise error

    respond(EVENT, CONTEXT, fails, mailbox)
    assert mailbox.letters[0][1]["Reason"] == reason


def test_a_wrapped_failure_is_shown_by_its_cause() -> None:
    mailbox = Mailbox()

    def fails(_event: Any) -> Any:
        raise UnavailableError from InterfaceError("Can't create a connection to host x")

    respond(EVENT, CONTEXT, fails, mailbox)
    assert mailbox.letters[0][1]["Reason"] == "InterfaceError: Can't create a connection to host x"


def test_the_physical_id_stays_so_that_an_update_replaces_nothing() -> None:
    mailbox = Mailbox()
    event = EVENT | {"RequestType": "Update", "PhysicalResourceId": "as-it-was"}
    respond(event, CONTEXT, lambda _event: {}, mailbox)
    assert mailbox.letters[0][1]["PhysicalResourceId"] == "as-it-was"


def test_called_by_hand_it_answers_only_the_caller() -> None:
    mailbox = Mailbox()
    assert respond({}, CONTEXT, lambda _event: {"x": "y"}, mailbox)["Data"] == {"x": "y"}
    assert mailbox.letters == []


def test_the_put_carries_no_content_type_because_the_address_is_signed_without_one() -> None:
    seen: list[tuple[str, str | None, bytes]] = []

    class Bucket(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((self.path, self.headers["Content-Type"], body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Bucket)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    respond(EVENT | {"ResponseURL": f"http://127.0.0.1:{server.server_port}/a?b=c"}, CONTEXT, lambda _event: {})
    thread.join(5)
    server.server_close()
    ((path, content_type, body),) = seen
    assert (path, content_type) == ("/a?b=c", "")
    assert json.loads(body)["Status"] == "SUCCESS"
