"""The program of one execution environment: it imports the handler and answers one invocation after the other.

It imports the standard library alone, because everything else in the process is the user's. Messages are JSON lines on
the original stdin and stdout; what the handler prints goes to stderr, which is the log. Error types and messages are
those of AWS's runtime interface client for Python (awslambdaric 3).
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import queue
import sys
import threading
import time
import traceback
from contextlib import suppress
from types import ModuleType, SimpleNamespace
from typing import Any

END_OF_LOG = "\x00end\x00"
"""The line after what an invocation logged: both pipes are read by different threads."""

LISTEN_ATTEMPTS, LISTEN_SECONDS = 20, 0.25


class LoadError(Exception):
    """The handler cannot be imported; `shape` is what Lambda answers."""

    def __init__(self, shape: dict[str, Any], place: tuple[str, int] | None = None) -> None:
        super().__init__(shape["errorMessage"])
        self.shape, self.place = shape, place


def load(message: dict[str, Any]) -> Any:
    """The handler function. Raises LoadError. Modules of the folder that were imported before are imported again."""
    folder, package, handler = message["folder"], message["package"], message["handler"]
    forget(folder)
    # The source's bytecode would be compared by size and whole seconds: a second save in the same second is missed.
    sys.dont_write_bytecode = True
    module_name, _, name = handler.replace("/", ".").rpartition(".")
    try:
        if package:
            alias(package, folder)
        elif folder not in sys.path:
            sys.path.insert(0, folder)
        importlib.invalidate_caches()
        module = importlib.import_module(module_name)
    except SyntaxError as error:
        place = f'  File "{error.filename}" Line {error.lineno}\n    {(error.text or "").strip()}'
        shape = _shape("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}", [place])
        raise LoadError(shape, (str(error.filename), error.lineno or 0)) from None
    except ImportError as error:
        text = f"Unable to import module '{module_name}': {error}"
        raise LoadError(_shape("Runtime.ImportModuleError", text, _frames(error)), _place(error, folder)) from None
    except Exception as error:
        raise LoadError(_shape(type(error).__name__, str(error), _frames(error)), _place(error, folder)) from None
    try:
        return getattr(module, name)
    except AttributeError:
        text = f"Handler '{name}' missing on module '{module_name}'"
        raise LoadError(_shape("Runtime.HandlerNotFound", text, [])) from None


def alias(package: str, folder: str) -> None:
    """Import the folder as the package of that name; the folder itself may have another name."""
    init = os.path.join(folder, "__init__.py")
    if not os.path.exists(init):
        module = ModuleType(package)
        module.__path__ = [folder]
        sys.modules[package] = module
        return
    spec = importlib.util.spec_from_file_location(package, init, submodule_search_locations=[folder])
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[package] = module
    spec.loader.exec_module(module)


def forget(folder: str) -> None:
    """Drop the modules of the folder, so that the next import reads them again."""
    inside = folder + os.sep
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None) or "").startswith(inside):
            del sys.modules[name]


def libraries(folder: str) -> list[str]:
    """Names of the imported modules that are not of the folder: the next worker imports them in advance."""
    inside = folder + os.sep
    return [
        name
        for name, module in list(sys.modules.items())
        if name != "__main__"
        and getattr(module, "__spec__", None) is not None
        and not str(getattr(module, "__file__", None) or "").startswith(inside)
    ]


def invoke(handler: Any, message: dict[str, Any]) -> dict[str, Any]:
    """The message with the result, or with the error as Lambda shapes it; SystemExit ends the process, as in Lambda."""
    request_id = message["request_id"]
    if message.get("trace_id"):
        os.environ["_X_AMZN_TRACE_ID"] = message["trace_id"]
    try:
        result = handler(message["event"], context(message))
    except Exception as error:
        lines = "".join(_frames(error))
        sys.stderr.write(f"[ERROR] {type(error).__name__}: {error}\nTraceback (most recent call last):\n{lines}\n")
        return {"error": {**_shape(type(error).__name__, str(error), _frames(error)), "requestId": request_id}}
    try:
        return {"result": json.dumps(result)}
    except (TypeError, ValueError) as error:
        text = f"Unable to marshal response: {error}"
        return {"error": {**_shape("Runtime.MarshalError", text, []), "requestId": request_id}}


def context(message: dict[str, Any]) -> Any:
    """The context object of Lambda (developer guide, "Using the Lambda context object to retrieve ... information")."""
    deadline = time.time() + float(message["timeout"])
    given = os.environ.get
    return SimpleNamespace(
        aws_request_id=message["request_id"],
        client_context=None,
        function_name=given("AWS_LAMBDA_FUNCTION_NAME"),
        function_version=given("AWS_LAMBDA_FUNCTION_VERSION"),
        get_remaining_time_in_millis=lambda: max(0, int((deadline - time.time()) * 1000)),
        identity=SimpleNamespace(cognito_identity_id=None, cognito_identity_pool_id=None),
        invoked_function_arn=message["arn"],
        log_group_name=given("AWS_LAMBDA_LOG_GROUP_NAME"),
        log_stream_name=given("AWS_LAMBDA_LOG_STREAM_NAME"),
        memory_limit_in_mb=given("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),  # text, as in Lambda
    )


def _shape(kind: str, text: str, frames: list[str]) -> dict[str, Any]:
    return {"errorMessage": text, "errorType": kind, "stackTrace": frames}


def _frames(error: BaseException) -> list[str]:
    """The frames of the user's code and below, without this program's and the import system's."""
    rows = traceback.extract_tb(error.__traceback__)
    hidden = (__file__, "<frozen importlib")
    return traceback.format_list([row for row in rows if not row.filename.startswith(hidden) and _library(row)])


def _library(row: traceback.FrameSummary) -> bool:
    return not row.filename.endswith(os.path.join("importlib", "__init__.py"))


def _place(error: BaseException, folder: str) -> tuple[str, int] | None:
    """File and line of the innermost frame in the folder."""
    rows = [row for row in traceback.extract_tb(error.__traceback__) if row.filename.startswith(folder + os.sep)]
    return (rows[-1].filename, rows[-1].lineno or 0) if rows else None


def listen(port: int) -> None:
    """Wait for debuggers on 127.0.0.1, without waiting for one. Raises RuntimeError if the port stays taken."""
    import debugpy  # type: ignore[import-not-found,unused-ignore] # not a requirement: --debug asks for it

    for attempt in range(LISTEN_ATTEMPTS):
        try:
            debugpy.listen(("127.0.0.1", port))
            return
        except RuntimeError:
            # The process that listens for debugpy ends a moment after the worker before this one.
            if attempt == LISTEN_ATTEMPTS - 1:
                raise
            time.sleep(LISTEN_SECONDS)


def _loaded(message: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    try:
        return load(message), {"modules": libraries(message["folder"])}
    except LoadError as error:
        return None, {"error": error.shape, "place": error.place}


def main() -> None:
    """Answer until stdin ends: the process that started this one has ended or was killed."""
    commands = os.fdopen(os.dup(0), encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    waiting: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    def read() -> None:
        for line in commands:
            waiting.put(json.loads(line))
        os._exit(0)  # a handler that still runs has no caller any more

    threading.Thread(target=read, daemon=True).start()
    if len(sys.argv) > 1:
        listen(int(sys.argv[1]))
    handler: Any = None
    while True:
        message = waiting.get()
        answer: dict[str, Any] = {}
        if message["do"] == "warm":
            for name in message["modules"]:
                # Only to save time later: the handler imports it again, and raises what is wrong.
                with suppress(Exception):
                    importlib.import_module(name)
        elif message["do"] == "load":
            handler, answer = _loaded(message)
        else:
            count = len(sys.modules)
            answer = invoke(handler, message)
            if len(sys.modules) != count:  # imported inside of functions, such as an SDK
                answer["modules"] = libraries(message["folder"])
        sys.stdout.flush()
        os.write(2, f"{END_OF_LOG}\n".encode())
        answers.write(f"{json.dumps(answer)}\n")
        answers.flush()


if __name__ == "__main__":
    main()
