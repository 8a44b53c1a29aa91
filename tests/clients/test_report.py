"""The runner of the clients, without running one: its table, and that the locks and cases that it names are there."""

from __future__ import annotations

import json
import re

import pytest

from tests.clients.catalogue import CLIENTS, Client
from tests.clients.environments import NODE, PYTHON
from tests.clients.report import Case, Run, page, table

SOME = Client("Some", "some", "node", "some.mjs")
CASES = (
    Case("types", "passes", passed=True),
    Case("types", "passes now", passed=True, limit="Aurora: refused once"),
    Case("nulls", "is refused", passed=False, limit="Aurora: it is not returned"),
    Case("nulls", "is lost", passed=False, error="lost"),
)


def test_the_table_names_whose_limit_a_failure_is() -> None:
    run = Run(SOME, "1.0", CASES)
    assert table([run]).splitlines()[2] == "| Some   | some 1.0 | 4     | 2      | Aurora 1, ours 1           |"
    assert [case.name for case in run.ours] == ["is lost"]
    assert [case.name for case in run.stale] == ["passes now"]
    text = page([run])
    assert "- Some, nulls: is refused. Aurora: it is not returned" in text
    assert "- Some, nulls: is lost. ours" in text


def test_a_client_that_could_not_run_says_so() -> None:
    assert "could not run: no npm" in table([Run(SOME, "", (), broken="could not run: no npm")])


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_each_client_has_its_cases_and_a_pinned_package(client: Client) -> None:
    if client.environment == "node":
        locked = json.loads((NODE / "package-lock.json").read_text())["packages"]
        assert locked[f"node_modules/{client.package}"]["integrity"]
        assert (NODE / client.script).exists()
        return
    lock = (PYTHON / f"requirements-{client.environment}.txt").read_text()
    assert re.search(rf"^{client.package}(\[.*\])?==[\d.]+ ", lock, re.MULTILINE)
    assert "--hash=sha256:" in lock
    assert (PYTHON / client.script).exists()


def test_the_locks_name_no_registry() -> None:
    locks = [NODE / "package-lock.json", *PYTHON.glob("requirements-*.txt")]
    assert not [path.name for path in locks if re.search(r"https?://\S*(registry|pypi|simple)", path.read_text())]
