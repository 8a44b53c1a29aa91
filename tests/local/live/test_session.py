"""What is saved, what is shown, and what Lambda refuses: the parts of a live session without a process."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aurora_cfn.local.live.invocation_server import Changes, Live, Server
from aurora_cfn.local.live.lines import broken_line, request_line, saved_line
from aurora_cfn.local.live.outcome import LARGEST_ANSWER, Outcome, answered
from aurora_cfn.local.live.pool import Invocation
from aurora_cfn.local.server.live_functions import LiveFunctions, RunnerGoneError, forwarded
from aurora_cfn.model.live_session import unqualified

ARN = "arn:aws:lambda:eu-west-1:000000000000:function:orders"


def renamed(root: Path) -> None:
    """Write another file, with the time of the first, and rename it over that, as editors do."""
    (root / "other").write_text("x")
    os.utime(root / "other", ns=((root / "app.py").stat().st_mtime_ns,) * 2)
    (root / "other").replace(root / "app.py")


SAVES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "nothing": (lambda _: None, []),
    "a file": (lambda root: (root / "app.py").write_text("x = 22"), ["app.py"]),
    "a file of the same size": (lambda root: (root / "app.py").write_text("y"), ["app.py"]),
    "a new file": (lambda root: (root / "sub" / "new.py").write_text(""), [os.path.join("sub", "new.py")]),
    "a deletion": (lambda root: (root / "sub" / "data.json").unlink(), [os.path.join("sub", "data.json")]),
    "a renaming over it, with the time of before": (
        lambda root: renamed(root),
        ["app.py"],
    ),
    "a log": (lambda root: (root / "app.log").write_text("x"), []),
    "bytecode": (lambda root: (root / "__pycache__").mkdir(), []),
    "a swap file": (lambda root: (root / ".app.py.swp").write_text("x"), []),
}


@pytest.mark.parametrize("what", SAVES)
def test_what_counts_as_a_save(tmp_path: Path, what: str) -> None:
    save, expected = SAVES[what]
    (tmp_path / "sub").mkdir()
    (tmp_path / "app.py").write_text("x")
    (tmp_path / "sub" / "data.json").write_text("{}")
    os.utime(tmp_path / "app.py", ns=(1, 1))
    changes = Changes(tmp_path)
    save(tmp_path)
    assert changes.look() == expected
    assert changes.look() == []


def test_a_folder_that_is_gone_is_no_error(tmp_path: Path) -> None:
    folder = tmp_path / "src"
    folder.mkdir()
    (folder / "app.py").touch()
    changes = Changes(folder)
    (folder / "app.py").unlink()
    folder.rmdir()
    assert changes.look() == ["app.py"]


HTTP = {"requestContext": {"http": {"method": "GET"}}, "rawPath": "/planets/Mars"}
LINES: dict[str, tuple[object, Outcome, str]] = {
    "an HTTP API": (HTTP, Outcome({"statusCode": 200}), "GET /planets/Mars 200 52 ms"),
    "a REST API": ({"httpMethod": "POST", "path": "/g"}, Outcome({"statusCode": 201}), "POST /g 201 52 ms"),
    "another event": ({"Records": []}, Outcome(None), "orders ok 52 ms"),
    "no object": (["x"], Outcome("y"), "orders ok 52 ms"),
    "another context": ({"requestContext": "x"}, Outcome({}), "orders ok 52 ms"),
    "an error": (HTTP, Outcome({"errorType": "KeyError"}, error=True), "GET /planets/Mars KeyError 52 ms"),
}


@pytest.mark.parametrize("what", LINES)
def test_the_line_of_a_request(what: str) -> None:
    event, outcome, line = LINES[what]
    assert request_line(event, outcome, 0.0521, "orders") == line


def test_lines_of_saves_and_of_what_cannot_be_imported() -> None:
    assert saved_line(["a.py"]) == "saved a.py"
    assert saved_line(["a", "b", "c", "d", "e"]) == "saved a, b, c and 2 more"
    shape = {"errorMessage": "invalid syntax"}
    ending = "invalid syntax; requests get this error until it is fixed"
    assert broken_line(shape, [os.path.abspath("src/app.py"), 64]) == f"src/app.py line 64: {ending}"
    assert broken_line(shape, ["/elsewhere/app.py", 1]) == f"/elsewhere/app.py line 1: {ending}"
    assert broken_line(shape, None) == ending


@pytest.mark.parametrize(("size", "error"), [(LARGEST_ANSWER, False), (LARGEST_ANSWER + 1, True)])
def test_an_answer_is_as_large_as_lambda_allows(size: int, error: bool) -> None:
    found = answered(f'"{"x" * (size - 2)}"', "log")
    assert (found.error, found.log) == (error, "log")
    if error:
        assert found.body["errorType"] == "Function.ResponseSizeTooLarge"


class Echo:
    """Workers that answer with the event."""

    def __init__(self) -> None:
        self.reloads = 0

    def answer(self, asked: Invocation) -> Outcome:
        return Outcome(asked.event)

    def reload(self) -> bool:
        self.reloads += 1
        return True

    def close(self) -> None:
        pass


def message(event: object) -> dict[str, Any]:
    more = {"request_id": "id", "timeout": 3.0, "environment": {}, "trace_id": None}
    return {"arn": ARN, "handler": "app.handler", "event": event, **more}


def test_an_invocation_goes_to_the_runner_with_what_was_saved_before(tmp_path: Path) -> None:
    said: list[tuple[str, str]] = []
    echo = Echo()
    live = Live({ARN: echo}, {ARN: "orders"}, [tmp_path, tmp_path], lambda *line: said.append(line))
    server = Server(live)
    try:
        assert forwarded(server.url, message("hello"), 5) == {"body": "hello", "error": False, "log": ""}
        (tmp_path / "app.py").touch()
        assert forwarded(server.url, message("again"), 5)["body"] == "again"
        assert echo.reloads == 1
        assert [kind for kind, _ in said] == ["request", "note", "request"]
        assert said[1][1].startswith("saved app.py, reloaded in ")
        with pytest.raises(RunnerGoneError) as refused:
            forwarded(server.url + "x", message("hello"), 5)
        assert not refused.value.taken
    finally:
        server.close()
    with pytest.raises(RunnerGoneError) as gone:
        forwarded(server.url, message("hello"), 5)
    assert not gone.value.taken


@pytest.mark.parametrize(("sent", "taken"), [(b"", False), (b"HTTP/1.0 200 OK\r\n\r\n", True)])
def test_a_runner_that_ends_has_taken_the_event_when_it_has_sent_the_receipt(sent: bytes, taken: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def end() -> None:
            connection, _ = listening.accept()
            connection.recv(65536)
            connection.sendall(sent)
            connection.close()

        thread = threading.Thread(target=end)
        thread.start()
        with pytest.raises(RunnerGoneError) as ended:
            forwarded(f"http://127.0.0.1:{listening.getsockname()[1]}/x", message("hello"), 5)
        thread.join()
    assert ended.value.taken is taken


def wanted(server: Server, identifier: str, *functions: str) -> dict[str, Any]:
    return {"id": identifier, "url": server.url, "who": f"dev {identifier}", "functions": functions}


def test_a_function_has_one_session_until_that_ends_or_is_gone(tmp_path: Path) -> None:
    servers = [Server(Live({}, {}, [tmp_path], lambda *_: None)) for _ in range(2)]
    sessions = LiveFunctions()
    assert sessions.register(wanted(servers[0], "a", ARN)) == {"held": {}}
    assert sessions.register(wanted(servers[0], "a", ARN)) == {"held": {}}
    assert sessions.register(wanted(servers[1], "b", ARN, "other")) == {"held": {ARN: "dev a"}}
    assert sessions.register(wanted(servers[1], "b", "other")) == {"held": {}}
    assert {(row["name"], row["state"]) for row in sessions.shown()} == {
        ("orders", "runs from a folder: dev a"), ("other", "runs from a folder: dev b"),
    }  # fmt: skip
    assert sessions.end({"id": "b"}) == {"ended": True}
    assert sessions.end({"id": "b"}) == {"ended": False}
    servers[0].close()  # killed: it said nothing
    assert sessions.register(wanted(servers[1], "b", ARN)) == {"held": {}}
    servers[1].close()


def test_versions_and_aliases_are_the_functions_too() -> None:
    assert unqualified(f"{ARN}:live") == unqualified(ARN) == ARN
