"""The emulator's own files on a full disk: what was saved stays, one line says it, and room makes it good."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aurora_cfn.local import launcher
from aurora_cfn.local.home import Home
from aurora_cfn.local.record import ServerRecord, read_record, write_record
from aurora_cfn.local.server.autosave import BATCH, Autosave, ChangedOnly
from aurora_cfn.local.server.unfinished import Unfinished
from tests.fakes.no_room import no_room

FULL = "the state is not saved: File too large; what was saved before stays"


def saver(folder: Path) -> ChangedOnly:
    return ChangedOnly(folder, str, lambda _service: 1)


def payloads(folder: Path) -> dict[str, Any]:
    return {path.stem: json.loads(path.read_text())["payload"] for path in folder.glob("*.json")}


def together(states: ChangedOnly, **services: Any) -> None:
    with states.together():
        for name, state in services.items():
            states(name, state)


def test_a_state_that_found_no_room_is_written_later_although_it_is_the_same(tmp_path: Path) -> None:
    states = saver(tmp_path)
    together(states, rds=1, ssm=1)
    with no_room(), pytest.raises(OSError, match="File too large"):
        together(states, rds=2, ssm=1)
    assert payloads(tmp_path) == {"rds": 1, "ssm": 1}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rds.json", "ssm.json"]
    together(states, rds=2, ssm=1)
    assert payloads(tmp_path) == {"rds": 2, "ssm": 1}


def test_half_a_step_is_finished_by_the_next_one_with_room_or_at_the_next_start(tmp_path: Path) -> None:
    states = saver(tmp_path)
    together(states, a=1, b=1)
    # The file beside cannot be made.
    (tmp_path / f"b.json.{os.getpid()}.new").mkdir()
    with pytest.raises(OSError, match="Is a directory"):
        together(states, a=2, b=2)
    assert payloads(tmp_path) == {"a": 2, "b": 1}
    (tmp_path / f"b.json.{os.getpid()}.new").rmdir()
    batch = (tmp_path / BATCH).read_text()
    saver(tmp_path).complete()
    assert payloads(tmp_path) == {"a": 2, "b": 2}
    (tmp_path / BATCH).write_text(batch)
    together(states, a=2, b=3)
    assert payloads(tmp_path) == {"a": 2, "b": 3}
    assert not (tmp_path / BATCH).exists()


def test_it_is_logged_once_and_again_when_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    trouble: list[OSError] = []

    def save() -> None:
        if trouble:
            raise trouble[0]

    autosave = Autosave(save, lambda: False)
    for state in ([], [errno.EFBIG] * 2, [errno.EACCES], []):
        trouble[:] = [OSError(number, os.strerror(number)) for number in state]
        autosave.save_now()
        autosave.save_now()
    denied = FULL.replace("File too large", "Permission denied")
    assert caplog.messages == [FULL, denied, "the state is saved again"]
    assert not any(row.exc_info for row in caplog.records)
    assert autosave.trouble == ""


def test_what_cannot_be_written_down_has_not_begun(tmp_path: Path) -> None:
    unfinished = Unfinished(tmp_path / "f")
    unfinished.begin("AWS::RDS::DBCluster", "c", "C", "s")
    with no_room(), pytest.raises(OSError, match="File too large"):
        unfinished.begin("AWS::RDS::DBCluster", "d", "D", "s")
    unfinished.ended("s", "C")
    unfinished.begin_saving()
    with no_room(), pytest.raises(OSError, match="File too large"):
        unfinished.saved()
    assert [row.physical_id for row in Unfinished(tmp_path / "f").take()] == ["c"]
    unfinished.saved()
    assert unfinished.take() == []


def test_the_record_of_the_server_stays(tmp_path: Path) -> None:
    record = ServerRecord(1, 2, "3")
    write_record(tmp_path / "r", record)
    with no_room(), pytest.raises(OSError, match="File too large"):
        write_record(tmp_path / "r", ServerRecord(4, 5, "6"))
    assert read_record(tmp_path / "r") == record
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


@pytest.mark.slow
def test_an_emulator_without_room_does_not_start_and_says_why(own: Home) -> None:
    own.make()
    command = ["sh", "-c", 'ulimit -f 0; exec "$@"', "sh", sys.executable, "-B", "-m", "aurora_cfn.local"]
    ran = subprocess.run([*command, "--home", str(own.path)], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr.count("\n")) == (3, 1), ran.stderr
    assert ran.stderr.endswith("cannot be read or written: File too large\n")
    assert launcher.running(own) is None
