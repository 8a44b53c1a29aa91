"""Links, pipes and sockets in templates/ and params/: what a review, a deployment and lint do with them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root
from aurora_cfn.errors import InputError
from aurora_cfn.project.files import project_files, read_text, write_text
from aurora_cfn.project.git import WORKTREE, revision
from aurora_cfn.project.templates import template_names

TEMPLATE = "Resources:\n  Topic: {Type: AWS::SNS::Topic}\n"
PARAMS = "region: us-east-1\nstacks:\n  db: {template: db}\n"
SECRET = "do-not-show"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository with a project at its top, and a file beside the repository."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/db.yaml").write_text(f"Description: {SECRET}\n{TEMPLATE}")
    (tmp_path / "outside/dev.yaml").write_text(f"region: {SECRET}\n")
    top = tmp_path / "top"
    for name, text in (("templates/db.yaml", TEMPLATE), ("params/dev.yaml", PARAMS)):
        (top / name).parent.mkdir(parents=True)
        (top / name).write_text(text)
    monkeypatch.chdir(top)
    subprocess.run(["git", "init", "-q"], check=True)
    commit()
    return top


def commit() -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    for arguments in (("add", "-A"), (*identity, "commit", "-q", "--allow-empty", "-m", "a commit")):
        subprocess.run(["git", *arguments], check=True, capture_output=True)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(root, arguments)


def link(place: str, target: str) -> None:
    path = Path(place)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(target)


def moved(place: str, target: str) -> None:
    """The file or folder elsewhere in the repository, with a link in its place."""
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    shutil.move(place, target)
    link(place, os.path.relpath(target, Path(place).parent))


def moved_twice(place: str, first: str, second: str) -> None:
    moved(place, first)
    moved(first, second)


INSIDE: dict[str, Callable[[], None]] = {
    "a template": lambda: moved("templates/db.yaml", "shared/db.yaml"),
    "a params file": lambda: moved("params/dev.yaml", "shared/dev.yaml"),
    "the folder of the templates": lambda: moved("templates", "shared/templates"),
    "the folder of the params files": lambda: moved("params", "shared/params"),
    "a link to a link": lambda: moved_twice("templates/db.yaml", "shared/a.yaml", "b.yaml"),
}


@pytest.mark.parametrize("change", INSIDE.values(), ids=INSIDE)
def test_a_link_inside_of_the_repository_is_followed_on_both_sides(change: Callable[[], None]) -> None:
    change()
    assert run("review", "--base", "HEAD", "--exit-code").exit_code == 0
    commit()
    for side in (revision("HEAD"), revision(WORKTREE)):
        assert sorted(side.blobs) == ["params/dev.yaml", "templates/db.yaml"]
        assert (side.text("templates/db.yaml"), side.text("params/dev.yaml")) == (TEMPLATE, PARAMS)
    assert revision("HEAD").blobs == revision(WORKTREE).blobs
    assert template_names() == {"db": Path("templates/db.yaml")}
    assert read_text(Path("templates/db.yaml")) == TEMPLATE


def test_a_change_behind_a_link_is_reviewed() -> None:
    moved("templates/db.yaml", "shared/db.yaml")
    commit()
    Path("shared/db.yaml").write_text(TEMPLATE.replace("Topic:", "Other:"))
    assert "Other" in run("review", "--base", "HEAD").stdout


def test_a_folder_that_is_linked_twice_has_its_templates_twice() -> None:
    Path("shared/team").mkdir(parents=True)
    Path("shared/team/a.yaml").write_text(TEMPLATE)
    link("templates/one", "../shared/team")
    link("templates/two", "../shared/team")
    assert list(template_names()) == ["db", "one/a", "two/a"]


LEAVING: dict[str, tuple[str, str, str]] = {
    "a template": ("templates/db.yaml", "../../outside/db.yaml", "a link leads out of the repository"),
    "a params file": ("params/dev.yaml", "../../outside/dev.yaml", "a link leads out of the repository"),
    "the folder of the templates": ("templates", "../outside", "a link leads out of the repository"),
    "the folder of the params files": ("params", "../outside", "a link leads out of the repository"),
    "a folder below": ("templates/team", "../../outside", "a link leads out of the repository"),
    "an absolute link": ("templates/db.yaml", "/etc/hostname", "a link leads to '/etc/hostname', an absolute path"),
    "a circle of links": ("templates/db.yaml", "db.yaml", "links lead to one another in a circle"),
    "a folder in itself": ("templates/team", ".", "a link leads to a folder that contains it"),
    "nothing": ("templates/db.yaml", "gone.yaml", "a link leads to nothing"),
}


@pytest.mark.parametrize(("place", "target", "message"), LEAVING.values(), ids=LEAVING)
@pytest.mark.parametrize("committed", [False, True])
def test_a_link_that_leaves_the_repository_is_refused(place: str, target: str, message: str, committed: bool) -> None:
    link(place, target)
    if committed:
        commit()
    ran = run("review", "--base", "HEAD~1" if committed else "HEAD", *(["--head", "HEAD"] if committed else []))
    shown = f"HEAD:{place}" if committed else place
    assert (ran.exit_code, ran.stderr.count("\n")) == (3, 1)
    assert f"{shown}: {message}" in ran.stderr
    assert SECRET not in ran.output


COMMANDS = (
    ("lint", "--env", "dev"), ("deploy", "--env", "dev", "--dry-run"), ("cost", "--env", "dev"),
    ("review", "--base", "HEAD"), ("status", "--env", "dev"), ("permissions", "deploy", "--env", "dev"),
    ("diff", "--env", "dev"),
)  # fmt: skip


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("place", ["templates/db.yaml", "params/dev.yaml"])
@pytest.mark.parametrize("kind", ["link", "pipe", "socket"])
def test_every_command_refuses_it_in_one_line(
    arguments: tuple[str, ...], place: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    Path(place).unlink()
    if kind == "link":
        link(place, f"../../outside/{Path(place).name}")
    elif kind == "pipe":
        os.mkfifo(place)
    else:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(place)
    ran = run(*arguments)
    message = "a link leads out of the repository" if kind == "link" else "is a pipe, device or socket, not a file"
    assert (ran.exit_code, ran.stderr.count("\n")) == (3, 1), ran.output
    assert f"{place}: {message}" in ran.stderr
    assert SECRET not in ran.output


def test_a_link_of_the_base_does_not_keep_a_branch_from_removing_it() -> None:
    link("templates/other.yaml", "/etc/hostname")
    commit()
    Path("templates/other.yaml").unlink()
    assert run("review", "--base", "HEAD").exit_code == 0


def test_nothing_is_written_through_a_link_that_leaves(tmp_path: Path) -> None:
    link("templates", "../outside")
    with pytest.raises(InputError, match="out of the repository"):
        write_text(Path("templates/db.yaml"), "changed")
    assert SECRET in (tmp_path / "outside/db.yaml").read_text()


def test_hidden_files_and_other_endings_are_not_looked_at() -> None:
    link("templates/.#db.yaml", "user@host.1")
    link("templates/README.md", "gone.md")
    os.mkfifo("templates/agent.sock")
    assert project_files(Path("templates")) == [Path("templates/db.yaml")]
    assert list(revision(WORKTREE).blobs) == ["params/dev.yaml", "templates/db.yaml"]
