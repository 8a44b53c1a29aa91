"""The shell of the workflow that `init` writes, run as the runner would, with a `gh` that writes down its calls."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from aurora_cfn.cli import root
from aurora_cfn.yamltext import read_plain

ROOT = Path(__file__).parent.parent.parent
WORKFLOW = ".github/workflows/aurora-cfn.yml"
TEMPLATE = Path("templates/aurora-serverless-postgres.yaml")
DEV = Path("params/dev.yaml")
MARKER = "<!-- aurora-cfn review -->"
GH = '#!/bin/sh\necho "$*" >> "$GH_CALLS"\ncase "$*" in *--paginate*) printf "%s" "$GH_FOUND" ;; esac\n'


@dataclass(frozen=True, slots=True)
class Runner:
    """A pull request's checkout below one folder."""

    folder: Path

    def step(self, name: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run the step of that name as the runner does: `bash -e` on a file."""
        script = self.folder / "step.sh"
        script.write_text(str(steps()[name]["run"]))
        environment = {**os.environ, **self._variables(), **more}
        return subprocess.run(
            ["bash", "-e", str(script)], env=environment, capture_output=True, text=True, check=False, timeout=120
        )

    def read(self, name: str) -> str:
        """A file that a step wrote beside the checkout, empty when it did not."""
        path = self.folder / name
        return path.read_text() if path.exists() else ""

    def _variables(self) -> dict[str, str]:
        return {
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "GITHUB_REPOSITORY": "team/databases",
            "GH_CALLS": str(self.folder / "calls"),
            "BASE": "origin/main",
            "NUMBER": "7",
        }


def steps() -> dict[str, Mapping[str, object]]:
    workflow = read_plain(Path(WORKFLOW).read_text(), WORKFLOW).value
    assert isinstance(workflow, dict)
    jobs = workflow["jobs"]
    assert isinstance(jobs, dict)
    job = jobs["review"]
    assert isinstance(job, dict)
    rows = job["steps"]
    assert isinstance(rows, list)
    return {str(row["name"]): row for row in rows if isinstance(row, dict) and "name" in row}


def git(*arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    checkout, programs = tmp_path / "checkout", tmp_path / "bin"
    checkout.mkdir()
    programs.mkdir()
    own = f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m aurora_cfn "$@"\n'
    for name, text in (("gh", GH), ("aurora-cfn", own)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    monkeypatch.chdir(checkout)
    CliRunner().invoke(root, ["init"])
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "a commit")
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    return Runner(tmp_path)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("MaxCapacity: 4", "MaxCapacity: 8", 0, "**1 in-place, 1 metadata**"),
        (
            "DatabaseName: app",
            "DatabaseName: other\n      ClusterName: dev-other",
            6,
            "Refused until allowed by name: 2",
        ),
        ("DatabaseName: app", "DatabaseName: other", 11, "DatabaseName"),
        ("MaxCapacity: 4", "MaxCapacty: 4", 3, "### This change cannot be reviewed"),
    ],
)
def test_the_review_is_shown_whatever_comes_of_it(runner: Runner, old: str, new: str, code: int, says: str) -> None:
    edit(DEV, old, new)
    ran = runner.step("Review")
    assert ran.returncode == 0
    assert runner.read("output") == f"code={code}\n"
    body = Path("review.md").read_text()
    assert body.startswith(MARKER)
    assert says in body
    assert runner.read("summary") == body
    assert ("::notice title=aurora-cfn review::" in ran.stdout) == (code != 3)
    assert ("did you mean MaxCapacity?" in ran.stderr) == (code == 3)
    assert runner.step("Stop what would lose data", CODE=str(code)).returncode == code


@pytest.mark.parametrize(
    ("found", "call"),
    [
        ("", "pr comment 7 --repo team/databases --body-file review.md"),
        ("11\n42\n", "api --method PATCH --silent repos/team/databases/issues/comments/42 -F body=@review.md"),
    ],
)
def test_one_comment_is_made_and_then_kept_up_to_date(runner: Runner, found: str, call: str) -> None:
    ran = runner.step("Comment", GH_FOUND=found)
    assert (ran.returncode, ran.stderr) == (0, "")
    calls = runner.read("calls").splitlines()
    assert len(calls) == 2
    assert MARKER in calls[0]
    assert calls[1] == call


def test_a_template_edited_by_hand_does_not_pass(runner: Runner) -> None:
    name = "The templates are what the blueprints render"
    assert runner.step(name).returncode == 0
    edit(TEMPLATE, "StorageEncrypted: true", "StorageEncrypted: false")
    assert runner.step(name).returncode == 1


@pytest.mark.slow
def test_lint_sees_each_environment_with_its_values(runner: Runner) -> None:
    for path in (*Path("templates").glob("*.yaml"), *Path("params").glob("*.yaml")):
        if path.stem not in {"dsql", "dev"}:
            path.unlink()
    good = "region: eu-west-1\nstacks: {db: {template: dsql, parameters: {DeletionProtection: true}}}\n"
    DEV.write_text(good)
    CliRunner().invoke(root, ["render", "dsql"])
    assert runner.step("Lint").returncode == 0
    DEV.write_text(good.replace("true", "perhaps"))
    assert runner.step("Lint").returncode == 3


def test_what_runs_after_a_failure_says_so(runner: Runner) -> None:
    found = steps()
    for name in ("Lint", "Review", "Comment", "Stop what would lose data"):
        assert "!cancelled()" in str(found[name]["if"])
    assert "head.repo.full_name == github.repository" in str(found["Comment"]["if"])
