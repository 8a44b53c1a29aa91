from __future__ import annotations

import pytest

from aurora_cfn.local.postgres.extensions import HINT, reworded, supported_since, without
from aurora_cfn.local.postgres.front.messages import message

TITLE = "PostgreSQL 17.10"
AURORA = "is not available here: Aurora PostgreSQL 13 and newer has it, the local PostgreSQL 17.10 does not"
NEITHER = "is not available: neither Aurora PostgreSQL nor the local PostgreSQL 17.10 has it"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('extension "postgis" is not available', f'extension "postgis" {AURORA}'),
        ('could not open extension control file "/usr/share/extension/uuid-ossp.control": No such file or directory',
         f'extension "uuid-ossp" {AURORA}'),
        ('extension "pg_tle" is not available', f'extension "pg_tle" {AURORA.replace("13", "14")}'),
        ('extension "timescaledb" is not available', f'extension "timescaledb" {NEITHER}'),
        ('extension "citext" already exists', None),
        ('relation "extension" does not exist', None),
    ],
)  # fmt: skip
def test_an_absent_extension_is_said_in_one_sentence(text: str, said: str | None) -> None:
    assert without(text, TITLE) == said


def error(text: str, code: str = "0A000", **more: str) -> bytes:
    fields = {"S": "ERROR", "V": "ERROR", "C": code, "M": text, **more}
    return message(b"E", b"".join(f"{kind}{value}\0".encode() for kind, value in fields.items()) + b"\0")


ABSENT = error('extension "postgis" is not available', D="Could not open extension control file", H="Install", F="x.c")
OTHER = error("division by zero", "22012")
READY = message(b"Z", b"I")


@pytest.mark.parametrize(
    ("chunk", "unchanged"),
    [(OTHER + READY, True), (READY, True), (b"", True), (ABSENT[9:], True), (b"x" + ABSENT[:20], True),
     (ABSENT + READY, False), (OTHER + ABSENT + READY, False), (ABSENT + ABSENT, False)],
)  # fmt: skip
def test_only_that_error_is_worded_anew_and_the_messages_stay_whole(chunk: bytes, unchanged: bool) -> None:
    found = reworded(chunk, TITLE)
    if unchanged:
        assert found == chunk
        return
    assert b"control file" not in found
    assert found.count(AURORA.encode()) == chunk.count(ABSENT)
    assert found.count(HINT.encode()) == chunk.count(ABSENT)
    kinds = []
    while found:
        size = 1 + int.from_bytes(found[1:5], "big")
        kinds.append(found[:1])
        found = found[size:]
    assert kinds == [b"E" if each else b"Z" for each in kinds_of(chunk)]


def kinds_of(chunk: bytes) -> list[bool]:
    found = []
    while chunk:
        found.append(chunk[:1] == b"E")
        chunk = chunk[1 + int.from_bytes(chunk[1:5], "big") :]
    return found


@pytest.mark.parametrize(("name", "since"), [("vector", 13), ("pg_tle", 14), ("timescaledb", None)])
def test_what_aurora_has(name: str, since: int | None) -> None:
    assert supported_since(name) == since
