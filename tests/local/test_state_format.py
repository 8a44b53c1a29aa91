"""State that another version of the emulator saved."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from aurora_cfn.local.state_format import EXIT_FILES, damaged_state, newer_state


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"__ministack_format__": 2, "payload": {}}', ""),
        ('{"__ministack_format__": 1, "payload": {}}', ""),
        ('{"__ministack_format__": 3, "payload": {}}', "newer version of the emulator (format 3, this one reads 2)"),
        ("{}", ""),
        ("", ""),
        ('{"__ministack_format__": "x"}', ""),
    ],
)
def test_only_a_newer_format_is_refused(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "rds.json").write_text(text)
    found = newer_state(tmp_path, lambda _: 2)
    assert said in found
    assert bool(found) == bool(said)


@pytest.mark.parametrize(
    ("state", "register", "batch", "damaged"),
    [
        ('{"a": {}}', "{}", "", ""),
        ('{"a": {}}\n', None, "", ""),
        ('{"a": {', "{}", "", "rds.json"),
        ("", "{}", "", "rds.json"),
        ("\0" * 99, "{}", "", "rds.json"),
        ('{"a": {}' + "\0" * 99, "{}", "", "rds.json"),
        ("{}", '{"a": {', "", "register.json"),
        ("", "", '{"rds": "{}", "register": "{}"}', ""),
        ("", "", '{"rds": "{}", "regis', "rds.json"),
    ],
)
def test_a_file_that_was_not_written_to_its_end_is_named(
    tmp_path: Path, state: str, register: str | None, batch: str, damaged: str
) -> None:
    folder, batch_file = tmp_path / "state", tmp_path / "together.batch"
    folder.mkdir()
    (folder / "rds.json").write_text(state)
    batch_file.write_text(batch)
    if register is not None:
        (tmp_path / "register.json").write_text(register)
    found = damaged_state(folder, tmp_path / "register.json", batch_file)
    assert found.partition(" is damaged")[0].rpartition("/")[2] == damaged


@pytest.mark.slow
def test_the_server_leaves_a_newer_state_as_it_is(tmp_path: Path) -> None:
    state = tmp_path / "state" / "cloudformation.json"
    state.parent.mkdir()
    state.write_text('{"__ministack_format__": 999, "payload": {}}')
    command = [sys.executable, "-m", "aurora_cfn.local", "--home", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == EXIT_FILES, ran.stderr
    assert ran.stderr.splitlines()[-1].startswith(f"{state} was written by a newer version of the emulator (format 999")
    assert state.read_text() == '{"__ministack_format__": 999, "payload": {}}'
