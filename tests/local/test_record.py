from __future__ import annotations

from pathlib import Path

import pytest

from aurora_cfn.local.record import ServerRecord, read_record, write_record


def test_what_is_written_is_read_by_its_owner_alone(tmp_path: Path) -> None:
    record = ServerRecord(12, 4566, "1.0")
    write_record(tmp_path / "r", record)
    assert read_record(tmp_path / "r") == record
    assert record.endpoint == "http://127.0.0.1:4566"
    assert (tmp_path / "r").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"pid": "x", "port": 1, "version": ""}', "null"])
def test_a_damaged_record_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "r").write_text(text)
    assert read_record(tmp_path / "r") is None
    assert read_record(tmp_path / "absent") is None
