"""The custom resource that calls the migration, with a Lambda endpoint on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from aurora_cfn.handlers import migration_runner


class Lambda:
    """Answers Invoke as the test wants."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.payload: dict[str, Any] = {"applied": ["0001-planets"]}
        self.error = ""


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lambda]:
    state = Lambda()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            state.calls.append(self.path)
            body = json.dumps(state.payload).encode()
            self.send_response(200)
            if state.error:
                self.send_header("X-Amz-Function-Error", state.error)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    settings = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        "AWS_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret-key-of-the-test",
        "MIGRATION_FUNCTION": "migration",
        "MIGRATION_LOG": "/aurora-cfn/api/migration",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    yield state
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_the_migration_is_called_once_and_its_outcome_shown(function: Lambda, kind: str) -> None:
    answer = migration_runner.handler({"RequestType": kind}, None)
    assert (answer["Status"], answer["Data"]) == ("SUCCESS", {"Applied": "0001-planets"})
    assert function.calls == ["/2015-03-31/functions/migration/invocations"]


def test_deleting_the_stack_calls_nothing(function: Lambda) -> None:
    assert migration_runner.handler({"RequestType": "Delete"}, None)["Status"] == "SUCCESS"
    assert function.calls == []


def test_a_failed_migration_fails_the_stack_in_the_databases_words(function: Lambda) -> None:
    function.payload = {"failed": "DatabaseError 42501: permission denied"}
    answer = migration_runner.handler({"RequestType": "Create"}, None)
    assert answer["Status"] == "FAILED"
    assert answer["Reason"] == "the migration failed: DatabaseError 42501: permission denied"


def test_a_migration_that_died_names_its_log(function: Lambda) -> None:
    function.payload, function.error = {"errorMessage": "Task timed out after 300.00 seconds"}, "Unhandled"
    answer = migration_runner.handler({"RequestType": "Create"}, None)
    assert (answer["Status"], "/aurora-cfn/api/migration" in answer["Reason"]) == ("FAILED", True)
