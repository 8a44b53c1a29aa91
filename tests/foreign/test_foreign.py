"""Templates that this tool did not write go the whole way: lint, review, deploy, outputs, sql, destroy."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from aurora_cfn.cli import root
from aurora_cfn.lint.engine import lint
from aurora_cfn.lint.subject import Subject
from tests.examples.workplace import Workplace
from tests.foreign.cases import CASES, FOLDER, Case

each = pytest.mark.parametrize("case", CASES, ids=[row.key for row in CASES])
DEPLOYED = tuple(row for row in CASES if row.deploys)
HEAD = "endpoint: local\nregion: eu-west-1\nstacks:\n"
SHARED = {"/shared/engine-version": "17.7", "/shared/names": "one,two", "/cdk-bootstrap/hnb659fds/version": "25"}
"""What the SSM types of the templates read."""


def params(cases: tuple[Case, ...]) -> str:
    rows = (f"  {row.key}: {{template: {row.template}, parameters: {{{row.parameters}}}}}\n" for row in cases)
    return HEAD + "".join(rows)


@each
def test_lint_reports_what_is_wrong_and_nothing_else(case: Case) -> None:
    path = f"tests/foreign/templates/{case.file}"
    ((*found,),) = lint([Subject(path, case.read(), region="eu-west-1")], today=date(2026, 11, 28))
    assert {row.rule for row in found if row.severity != "info"} == case.findings


@each
def test_review_judges_a_realistic_edit(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "templates" / case.file
    file.parent.mkdir(parents=True)
    file.write_text(case.read())
    subprocess.run(["git", "init", "-q", "-b", "main"], check=True)
    subprocess.run(["git", "add", "-A"], check=True)
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, "commit", "-q", "-m", "a commit"], check=True)
    assert case.old in case.read()
    file.write_text(case.read().replace(case.old, case.new))
    done = CliRunner().invoke(root, ["review", "--base", "main", "--format", "json"])
    assert (json.loads(done.stdout)["summary"]["worst"], done.exit_code) == (case.verdict, case.code), done.stdout
    assert "not-so-secret" not in done.stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """A project with all templates, deployed to an emulator of its own."""
    folder = tmp_path_factory.mktemp("foreign")
    for name in ("templates", "src"):
        shutil.copytree(FOLDER / name, folder / name)
    (folder / "params").mkdir()
    (folder / "params/local.yaml").write_text(params(DEPLOYED))
    (folder / "params/other.yaml").write_text(params(tuple(row for row in CASES if not row.deploys)))
    made = Workplace(folder, tmp_path_factory.mktemp("home"))
    for name, value in SHARED.items():
        kind = "StringList" if "," in value else "String"
        made.client("ssm").put_parameter(Name=name, Value=value, Type=kind)
    done = made.run("deploy", "--env", "local", "--yes", "--no-proof")
    assert done.returncode == 0, done.stderr[-5000:]
    yield made
    made.run("local", "reset", "--yes")


@pytest.mark.slow
def test_all_of_them_live_at_the_emulator(place: Workplace) -> None:
    """One test, so that parallel runs deploy once: what each step leaves behind is what the next one needs."""
    _every_stack_has_its_outputs(place)
    _sql_answers_from_every_database(place)
    _what_is_not_emulated_is_named(place)
    _what_lint_refuses_is_not_sent(place)
    _a_second_deployment_changes_nothing(place)
    _destroy_deletes_them_all(place)


def _every_stack_has_its_outputs(place: Workplace) -> None:
    found = place.outputs("local")
    assert {key: frozenset(row) for key, row in found.items()} == {row.key: row.outputs for row in DEPLOYED}


def _sql_answers_from_every_database(place: Workplace) -> None:
    for row in DEPLOYED:
        for name in row.databases:
            chosen = ["--resource", name] if name else []
            done = place.run("sql", "--env", "local", "--stack", row.key, *chosen, "--format", "json", "select 1 as n")
            assert (done.returncode, done.stdout and json.loads(done.stdout)) == (0, [{"n": 1}]), (row.key, done.stderr)


def _what_is_not_emulated_is_named(place: Workplace) -> None:
    rows = [row for row in CASES if row.not_emulated]
    chosen = [word for row in rows for word in ("--stack", row.key)]
    done = place.run("deploy", "--env", "other", *chosen, "--yes")
    assert done.returncode == 4
    for row in rows:
        assert f"not emulated: {row.not_emulated} (" in done.stderr
    assert "Unrecognized resource types" not in done.stderr


def _what_lint_refuses_is_not_sent(place: Workplace) -> None:
    done = place.run("deploy", "--env", "other", "--stack", "legacy", "--yes")
    assert done.returncode == 1
    assert "lint found errors; nothing was sent" in done.stderr


def _a_second_deployment_changes_nothing(place: Workplace) -> None:
    done = place.run("deploy", "--env", "local", "--yes", "--no-proof", "--fail-on-empty")
    assert done.returncode == 1, done.stderr
    assert done.stderr.count("  nothing to change\n") == len(DEPLOYED)


def _destroy_deletes_them_all(place: Workplace) -> None:
    done = place.run("destroy", "--env", "local", "--yes")
    assert done.returncode == 0, done.stderr[-5000:]
    assert place.client("cloudformation").describe_stacks()["Stacks"] == []
