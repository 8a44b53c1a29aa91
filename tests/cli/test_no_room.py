"""A full disk, and folders that may not be written: one line each, and no traceback."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from aurora_cfn.cli import Root
from aurora_cfn.parameters import Parameter
from tests.cli.project import KEYS, Project

ROOT = Path(__file__).parents[2]
PARAMS = "region: us-east-1\nstacks:\n  db: {template: db}\n"


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("render", "--help"), ("schema",)], ids=" ".join)
def test_an_output_that_takes_nothing_is_one_line(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "aurora_cfn", *arguments]
        ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (
        3, "error: the output: cannot be read or written: No space left on device\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("number", "code", "says"),
    [
        (errno.EACCES, 3, "error: templates/x: cannot be read or written: Permission denied\n"),
        (errno.EROFS, 3, "error: templates/x: cannot be read or written: Read-only file system\n"),
        (errno.ENOSPC, 3, "error: templates/x: cannot be read or written: No space left on device\n"),
        (errno.ENOTDIR, 3, "error: templates/x: cannot be read or written: Not a directory\n"),
        (errno.EISDIR, 3, "error: templates/x: cannot be read or written: Is a directory\n"),
        (errno.EBADF, 70, "this is a bug in aurora-cfn: please report it with the lines above\n"),
    ],
)
def test_a_file_that_cannot_be_written_is_named(number: int, code: int, says: str) -> None:
    ran = CliRunner().invoke(_group(lambda: _refuse(number)), ["toy"])
    assert (ran.exit_code, ran.stderr.splitlines(True)[-1]) == (code, says)


def _refuse(number: int) -> None:
    raise OSError(number, os.strerror(number), "templates/x")


def _group(work: Callable[[], None]) -> click.Group:
    class One(Root):
        """The boundary around one command."""

        def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
            return click.Command(name, callback=work)

    return One()


@pytest.mark.parametrize("text", ["9" * 5_000, "-" + "9" * 5_000, "0." + "3" * 5_000])
def test_a_number_of_thousands_of_digits_is_refused_in_short(text: str) -> None:
    found = Parameter("Size", "The size.", type="Number", default=1, low=1, high=8).problem(text)
    assert found == f"a number of {len(text):,} characters is longer than any that CloudFormation compares exactly"


def _held(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _with_room(blocks: int, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command whose files may have so many blocks of 512 bytes: the kernel refuses the rest, as on a full disk."""
    command = ["sh", "-c", f'ulimit -f {blocks}; exec "$@"', "sh", sys.executable, "-B", "-m", "aurora_cfn", *arguments]
    settings = os.environ | {"PYTHONPATH": str(ROOT), "AURORA_CFN_CACHE": str(folder / "cache")}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=settings, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("blocks", [0, 2])
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("render", "network"), "templates/network.yaml"),
        (("schema", "--write"), "params/schema.json"),
        (("init", "--yes"), ""),
        (("package", "--out", "out"), "out/"),
        (("vpn", "certificates", "--env", "dev", "--folder", "keys"), ""),
    ],
    ids=lambda row: " ".join(row) if isinstance(row, tuple) else "",
)
def test_a_full_disk_is_one_line_and_nothing_is_half_written(
    arguments: tuple[str, ...], named: str, blocks: int, tmp_path: Path
) -> None:
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "schema.json").write_text("old")
    (tmp_path / "params" / "dev.yaml").write_text("region: eu-west-1\nstacks:\n  vpn: {template: network}\n")
    before = _held(tmp_path)
    ran = _with_room(blocks, tmp_path, *arguments)
    *_, last = ran.stderr.splitlines()
    assert (ran.returncode, "Traceback" in ran.stderr) == (3, False), ran.stderr
    assert last.startswith(f"error: {named}"), ran.stderr
    assert last.endswith("File too large")
    # Whole files that were written before the disk was full stay; what was there stays as it was.
    after = _held(tmp_path)
    assert before.items() <= after.items()
    assert not [name for name in after if Path(name).name.startswith(".") and name not in before and "git" not in name]


@pytest.mark.slow
def test_a_cache_that_finds_no_room_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    shutil.copy(ROOT / "templates" / "network.yaml", tmp_path / "templates")
    ran = _with_room(0, tmp_path, "lint")
    assert (ran.returncode, ran.stderr) == (0, "no findings in 1 template\n")
    assert not list((tmp_path / "cache").rglob("*.json*"))


ADOPTED = "Parameters:\n  Size: {Type: String}\nResources:\n  Topic: {Type: AWS::SNS::Topic}\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("deploy", "--plan", "plan.json", "--no-preflight", "--no-proof"), "plan.json: cannot be written"),
        (("adopt", "--stack-name", "legacy", "--key", "old"), "templates/old.yaml: cannot be written"),
    ],
    ids=["a plan", "an adopted stack"],
)
def test_what_was_read_from_aws_is_written_whole_or_not_at_all(
    dev: Project, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], named: str
) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    dev.endpoint.cfn.put("legacy", "CREATE_COMPLETE", ADOPTED, parameters={"Size": "1"})
    before = _held(dev.folder)
    verb, *options = arguments
    ran = _with_room(0, dev.folder, verb, "--env", "dev", "--endpoint-url", dev.endpoint.url, *options)
    assert (ran.returncode, "Traceback" in ran.stderr) == (3, False), ran.stderr
    assert f"error: {named}" in ran.stderr
    assert _held(dev.folder) == before


@pytest.mark.slow
@pytest.mark.skipif(
    os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may write anywhere unless setpriv takes that away"
)
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("render", "--all"), 3, "templates/"),
        (("schema", "--write"), 3, "params/schema.json: cannot be written: Permission denied"),
        (("init", "--yes"), 3, "cannot be written: Permission denied"),
        (("package", "--out", "out"), 3, "out/http-api.zip: cannot be written: Permission denied"),
        (("vpn", "certificates", "--env", "dev", "--folder", "keys"), 3, "keys: cannot be made: Permission denied"),
        (("local", "start"), 3, "Permission denied"),
        (("lint",), 0, "no findings in 1 template"),
    ],
    ids=lambda row: " ".join(row) if isinstance(row, tuple) else "",
)
def test_folders_that_may_not_be_written(arguments: tuple[str, ...], code: int, said: str, tmp_path: Path) -> None:
    for name in ("templates", "params", "home"):
        (tmp_path / name).mkdir()
    shutil.copy(ROOT / "templates" / "network.yaml", tmp_path / "templates")
    (tmp_path / "params" / "dev.yaml").write_text("region: eu-west-1\nstacks:\n  vpn: {template: network}\n")
    before = _held(tmp_path)
    for folder in (tmp_path, *tmp_path.iterdir()):
        folder.chmod(0o555)
    taken = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"] if os.geteuid() == 0 else []
    settings = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path / "home")}
    settings |= {"AURORA_CFN_CACHE": str(tmp_path / "home/cache"), "AURORA_CFN_HOME": str(tmp_path / "home/emulator")}
    command = [*taken, sys.executable, "-B", "-m", "aurora_cfn", *arguments]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=settings, check=False)
    for folder in (tmp_path, *tmp_path.iterdir()):
        folder.chmod(0o755)
    assert (ran.returncode, "Traceback" in ran.stderr) == (code, False), ran.stderr
    assert said in ran.stderr
    assert _held(tmp_path) == before
