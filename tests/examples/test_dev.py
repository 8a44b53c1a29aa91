"""`aurora-cfn dev` as a whole: the API of an example answers from a folder, and from its zip when the command ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.examples.test_deploy import answered, deployed
from tests.examples.workplace import ROOT, Workplace
from tests.waiting import until

pytestmark = pytest.mark.slow
ENV = ("--env", "planets-api")
PACKAGED = (404, {"error": "there is no such planet"})


class Session:
    """A running command, with what it has written."""

    def __init__(self, process: subprocess.Popen[bytes], path: Path) -> None:
        self.process, self._path = process, path

    def said(self) -> str:
        return self._path.read_text()

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


@pytest.fixture(scope="module")
def url(workplace: Workplace) -> str:
    return deployed(workplace, "planets-api")["api"]["ApiUrl"]


@contextmanager
def dev(place: Workplace, *options: str) -> Iterator[Session]:
    path = place.folder / "session.txt"
    environ = {**os.environ, "AURORA_CFN_HOME": str(place.home), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with path.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "aurora_cfn", "dev", *ENV, *options],
            cwd=place.folder, env=environ, stdout=file, stderr=subprocess.STDOUT,
            # A run of the tests in the background has SIGINT ignored, and so would its children.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,
        )  # fmt: skip
        session = Session(process, path)
        try:
            assert until(lambda: "save a file" in session.said() or process.poll() is not None), session.said()
            yield session
        finally:
            process.kill()
            process.wait()


def test_a_save_answers_an_error_is_named_and_the_packaged_code_comes_back(workplace: Workplace, url: str) -> None:
    folder = workplace.folder / "handlers"
    with dev(workplace, "--copy-handlers", "handlers") as session:
        planets = folder / "planets.py"
        text = planets.read_text()
        assert answered(url, "/planets/Mars")[0] == 200
        for number in range(2):
            planets.write_text(text.replace("there is no such planet", f"no planet {number}"))
            assert answered(url, "/planets/Vulcan") == (404, {"error": f"no planet {number}"})
        planets.write_text(f"{text}\ndef broken(:\n")
        line = len(text.splitlines()) + 2
        status, body = answered(url, "/planets/Vulcan")
        what = f"Syntax error in module 'handlers.planets': invalid syntax (planets.py, line {line})"
        assert (status, body["errorType"], body["errorMessage"]) == (502, "Runtime.UserCodeSyntaxError", what)
        planets.write_text(text.replace("there is no such planet", "mended"))
        with ThreadPoolExecutor(6) as pool:
            found = list(pool.map(lambda _: answered(url, "/planets/Vulcan"), range(6)))
        assert found == [(404, {"error": "mended"})] * 6
        held = workplace.run("dev", *ENV, "--function", "ApiFunction")
        assert held.returncode == 7
        assert "ApiFunction" in held.stderr
        assert f"runs from a folder already: aurora-cfn dev --env planets-api (process {session.process.pid}" in (
            held.stderr
        )
        # Nothing of the stack is touched.
        status_now = workplace.run("status", *ENV, "--exit-code", "--stack", "api")
        assert (status_now.returncode, "as deployed" in status_now.stdout) == (0, True), status_now.stderr
        assert "runs from a folder: aurora-cfn dev" in workplace.run("local", "status").stdout
        assert session.end(signal.SIGKILL) == -signal.SIGKILL
        assert answered(url, "/planets/Vulcan") == PACKAGED
        said = session.said()
    assert f"handlers/planets.py line {line}: {what}" in said
    assert "GET /planets/Vulcan Runtime.UserCodeSyntaxError" in said
    assert "GET /planets/Mars 200" in said
    assert '"message": "answered"' in said  # the function's own log
    log = workplace.client("logs").filter_log_events(logGroupName="/aurora-cfn/api-planets-api/api")
    assert any(what in row["message"] for row in log["events"])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_end_of_the_command_puts_the_packaged_code_back(
    workplace: Workplace, url: str, number: signal.Signals
) -> None:
    folder = workplace.folder / f"code-{number}"
    with dev(workplace, "--function", "ApiFunction", "--copy-handlers", str(folder)) as session:
        planets = folder / "planets.py"
        planets.write_text(planets.read_text().replace("there is no such planet", "from the folder"))
        assert answered(url, "/planets/Vulcan") == (404, {"error": "from the folder"})
        assert session.end(number) == 130
        assert "the packaged code answers again" in session.said()
        assert answered(url, "/planets/Vulcan") == PACKAGED


def test_a_changed_handler_is_deployed_once_the_params_file_names_its_folder(workplace: Workplace, url: str) -> None:
    params = workplace.folder / "params" / "examples" / "planets-api.yaml"
    written, folder = params.read_text(), workplace.folder / "mine"
    with dev(workplace, "--copy-handlers", "mine", "--function", "ApiFunction") as session:
        assert "to deploy this folder, write `handlers: mine` under stacks.api" in session.said()
    planets = folder / "planets.py"
    planets.write_text(planets.read_text().replace("there is no such planet", "deployed"))
    try:
        params.write_text(written.replace("template: http-api", "template: http-api\n    handlers: mine"))
        done = workplace.run("deploy", *ENV, "--yes", "--stack", "api")
        assert done.returncode == 0, done.stderr
        assert answered(url, "/planets/Vulcan") == (404, {"error": "deployed"})
        assert workplace.run("outputs", *ENV).returncode == 0
    finally:
        params.write_text(written)
        done = workplace.run("deploy", *ENV, "--yes", "--stack", "api")
    assert (done.returncode, answered(url, "/planets/Vulcan")) == (0, PACKAGED), done.stderr


REFUSALS: dict[str, tuple[tuple[str, ...], str]] = {
    "an unknown function": (("--function", "ApFunction"), "do you mean ApiFunction?"),
    "a folder that is not there": (("--source", "nowhere"), "nowhere is not a folder"),
    "a folder without the handler": (("--source", "ApiFunction=params"), "has no handlers/planets.py for ApiFunction"),
    "a folder that fits no function": (("--source", "params"), "params has the handler of no function"),
    "a folder that is not empty": (("--copy-handlers", "params"), "params is not empty"),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_what_does_not_fit_is_refused(workplace: Workplace, url: str, what: str) -> None:
    options, message = REFUSALS[what]
    done = workplace.run("dev", *ENV, *options)
    assert (done.returncode, message in done.stderr) == (3, True), (url, done.stderr)
