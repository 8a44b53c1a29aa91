"""One execution environment: a real process that imports a source and answers, with errors in Lambda's shapes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from aurora_cfn.local.live.debugged import Debugged
from aurora_cfn.local.live.outcome import Outcome
from aurora_cfn.local.live.pool import Invocation, Pool
from aurora_cfn.local.live.source import Source
from aurora_cfn.local.live.worker_process import WorkerProcess
from tests.waiting import until

ARN = "arn:aws:lambda:eu-west-1:000000000000:function:orders"
ENVIRONMENT = {
    "PATH": os.environ.get("PATH", ""),
    "TABLE": "orders",
    "AWS_LAMBDA_FUNCTION_NAME": "orders",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/orders",
}


def asked(event: object = None, timeout: float = 20.0, **more: Any) -> Invocation:
    return Invocation(**{
        "arn": ARN, "handler": "app.handler", "event": event, "request_id": "id-1", "timeout": timeout,
        "environment": ENVIRONMENT, **more,
    })  # fmt: skip


class Code:
    """A source folder, and the pool of its function."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.logged: list[str] = []
        self.broken: list[tuple[dict[str, Any], Any]] = []
        self.pool = Pool(Source(folder), self.logged.append, lambda shape, place: self.broken.append((shape, place)))

    def write(self, text: str, name: str = "app.py") -> None:
        (self.folder / name).write_text(text)

    def answer(self, event: object = None, **more: Any) -> Outcome:
        return self.pool.answer(asked(event, **more))


@pytest.fixture
def code(tmp_path: Path) -> Iterator[Code]:
    made = Code(tmp_path.resolve())
    yield made
    made.pool.close()


BEGIN = "import json, os, sys, time\ndef handler(event, context):\n    "
ANSWERS: dict[str, tuple[str, object]] = {
    "the event": ("return event", {"a": [1, None]}),
    "a variable": ("return os.environ['TABLE']", "orders"),
    "nothing of this process": ("return 'PYTEST_CURRENT_TEST' in os.environ", False),
    "the context": (
        "return [context.function_name, context.memory_limit_in_mb, context.aws_request_id, context.log_group_name,"
        " context.invoked_function_arn, context.function_version]",
        ["orders", "256", "id-1", "/aws/lambda/orders", ARN, "$LATEST"],
    ),
    "the time that is left": ("return 15000 < context.get_remaining_time_in_millis() <= 20000", True),
    "no input": ("return sys.stdin.read()", ""),
    "its folder": ("return os.path.basename(os.getcwd()) == os.path.basename(os.environ['LAMBDA_TASK_ROOT'])", True),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_a_handler_gets_what_lambda_gives(code: Code, what: str) -> None:
    line, answer = ANSWERS[what]
    code.write(BEGIN + line)
    assert code.answer({"a": [1, None]}) == Outcome(answer)


ERRORS: dict[str, tuple[str, dict[str, Any], str]] = {
    "raises": (
        BEGIN + "raise KeyError('x')",
        {"errorType": "KeyError", "errorMessage": "'x'"},
        "[ERROR] KeyError: 'x'",
    ),
    "gives no JSON": (
        BEGIN + "return {1, 2}",
        {
            "errorType": "Runtime.MarshalError",
            "errorMessage": "Unable to marshal response: Object of type set is not JSON serializable",
        },
        "",
    ),
    "exits": (
        BEGIN + "sys.exit(3)",
        {
            "errorType": "Runtime.ExitError",
            "errorMessage": "RequestId: id-1 Error: Runtime exited with error: exit status 3",
        },
        "",
    ),
    "is not there": (
        "x = 1",
        {"errorType": "Runtime.HandlerNotFound", "errorMessage": "Handler 'handler' missing on module 'app'"},
        "[ERROR] Runtime.HandlerNotFound",
    ),
    "is not Python": (
        "def handler(:\n",
        {
            "errorType": "Runtime.UserCodeSyntaxError",
            "errorMessage": "Syntax error in module 'app': invalid syntax (app.py, line 1)",
        },
        "[ERROR] Runtime.UserCodeSyntaxError",
    ),
    "imports what is not there": (
        "import nowhere\n",
        {
            "errorType": "Runtime.ImportModuleError",
            "errorMessage": "Unable to import module 'app': No module named 'nowhere'",
        },
        "[ERROR] Runtime.ImportModuleError",
    ),
}


@pytest.mark.parametrize("what", ERRORS)
def test_errors_have_the_shape_of_lambda(code: Code, what: str) -> None:
    text, shape, log = ERRORS[what]
    code.write(text)
    found = code.answer()
    assert found.error
    assert {name: found.body[name] for name in shape} == shape
    assert log in found.log
    if what in {"raises", "is not Python"}:
        assert str(code.folder / "app.py") in found.body["stackTrace"][0]
        assert "worker.py" not in "".join(found.body["stackTrace"])


def test_the_place_of_what_cannot_be_imported_is_known_and_the_next_save_mends_it(code: Code) -> None:
    code.write(BEGIN + "return 1")
    code.write("\n\nimport nowhere", "used.py")
    assert code.answer().body == 1
    code.write("import used\n" + BEGIN + "return 2")
    code.pool.reload()
    assert code.answer().error
    assert code.broken[0][1] == [str(code.folder / "used.py"), 3]
    code.write("", "used.py")
    code.pool.reload()
    assert code.answer().body == 2


def test_a_save_in_the_same_second_and_of_the_same_size_is_seen(code: Code) -> None:
    found = []
    for number in range(4):
        code.write(BEGIN + f"return {number}")
        code.pool.reload()
        found.append(code.answer().body)
    assert found == [0, 1, 2, 3]


def test_a_timeout_ends_the_worker_and_the_next_call_has_another_one(code: Code) -> None:
    code.write(BEGIN + "time.sleep(event)\n    return os.getpid()")
    first = code.answer(0).body
    found = code.answer(60, timeout=0.3)
    assert (found.error, found.body["errorType"]) == (True, "Sandbox.Timedout")
    assert found.body["errorMessage"] == "RequestId: id-1 Error: Task timed out after 0.30 seconds"
    assert code.answer(0).body != first


def test_a_warm_worker_is_used_again_and_not_with_another_environment(code: Code) -> None:
    code.write(BEGIN + "return [os.getpid(), os.environ['TABLE']]")
    first = code.answer().body
    assert code.answer().body == first
    other = code.answer(environment={**ENVIRONMENT, "TABLE": "carts"}).body
    assert (other[0] != first[0], other[1]) == (True, "carts")


def test_what_is_printed_is_shown_at_once_and_is_the_log_of_its_invocation(code: Code) -> None:
    code.write(BEGIN + "print('asked', event); sys.stderr.write('no end'); os.system('echo; echo child')")
    assert code.answer(1).log.splitlines()[0] == "asked 1"
    assert "no end" in code.answer(2).log
    assert "asked 1" in code.logged
    assert "child" in code.logged


def test_a_package_is_imported_from_a_folder_of_another_name(tmp_path: Path) -> None:
    folder = (tmp_path / "anything").resolve()
    folder.mkdir()
    (folder / "used.py").write_text("value = 7")
    (folder / "app.py").write_text("from .used import value\ndef handler(event, context): return value")
    pool = Pool(Source(folder, "handlers"), print, print)
    try:
        assert pool.answer(asked(handler="handlers.app.handler")) == Outcome(7)
    finally:
        pool.close()


def test_a_worker_ends_when_its_starter_is_gone_even_while_it_works(code: Code) -> None:
    code.write(BEGIN + "time.sleep(60)")
    worker = WorkerProcess(ENVIRONMENT, Source(code.folder), code.logged.append)
    process = psutil.Process(worker._process.pid)
    worker.load("app.handler", 20)
    worker._send({"do": "invoke", **asked().wire(), **Source(code.folder).wire()})
    assert worker._process.stdin is not None
    worker._process.stdin.close()  # as the end of the starter does, by kill -9 too
    assert until(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE)
    worker.close()


def test_a_debugged_function_keeps_its_process_over_a_save(tmp_path: Path) -> None:
    # A module of the tests in place of debugpy, which is not a requirement.
    (tmp_path / "debugpy.py").write_text("def listen(place): print('listens', place)")
    code = Code((tmp_path / "src").resolve())
    code.folder.mkdir()
    workers = Debugged(Source(code.folder), code.logged.append, lambda *_: None, 5999)
    environment = {**ENVIRONMENT, "PYTHONPATH": str(tmp_path)}
    try:
        workers.start(environment)
        found = []
        for text in ("return [1, os.getpid()]", "return [2, os.getpid()]", "return (", "return [3, os.getpid()]"):
            code.write(BEGIN + text)
            workers.reload()
            found.append(workers.answer(asked(environment=environment, timeout=0.0001)))
        assert [row.error for row in found] == [False, False, True, False]
        assert [row.body[0] for row in found if not row.error] == [1, 2, 3]
        assert len({row.body[1] for row in found if not row.error}) == 1
        assert "listens ('127.0.0.1', 5999)" in code.logged
    finally:
        workers.close()
