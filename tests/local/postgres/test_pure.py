"""What needs no server: finding binaries, tokens, the wire protocol, folders."""

from __future__ import annotations

import asyncio
import datetime
import stat
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.local.home import Home
from aurora_cfn.local.postgres.binaries import find
from aurora_cfn.local.postgres.folders import LONGEST_SOCKET, socket_folder
from aurora_cfn.local.postgres.front.listener import Place, bound, shown
from aurora_cfn.local.postgres.front.messages import (
    LONGEST_STARTUP,
    ProtocolError,
    fatal,
    message,
    read_message,
    read_startup,
    startup,
)
from aurora_cfn.local.postgres.front.token import DATABASE, DISTRIBUTED, Scope, is_for, is_valid

NOW = datetime.datetime.now(datetime.UTC)


def installation(folder: Path, version: str) -> Path:
    """A folder with programs that say they are PostgreSQL."""
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        program = folder / name
        program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version} (Some 1)'\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return folder


def test_the_setting_comes_before_the_path(tmp_path: Path) -> None:
    chosen, on_path = installation(tmp_path / "a", "17.2"), installation(tmp_path / "b", "14.9")
    found = find({"AURORA_CFN_PG_BIN": str(chosen), "PATH": str(on_path)})
    assert found
    assert (found.version, found.major, found.source) == ("17.2", 17, "AURORA_CFN_PG_BIN")
    found = find({"PATH": str(on_path)})
    assert found
    assert (found.version, found.source) == ("14.9", "PATH")


def test_a_setting_without_programs_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    on_path = installation(tmp_path / "b", "14.9")
    found = find({"AURORA_CFN_PG_BIN": str(tmp_path / "empty"), "PATH": str(on_path)})
    assert found
    assert found.source == "PATH"


def test_a_program_that_does_not_run_is_not_an_installation(tmp_path: Path) -> None:
    broken = installation(tmp_path / "a", "17.2")
    (broken / "postgres").write_text("#!/bin/sh\nexit 3\n")
    on_path = installation(tmp_path / "b", "14.9")
    found = find({"AURORA_CFN_PG_BIN": str(broken), "PATH": str(on_path)})
    assert found
    assert found.version == "14.9"


def signed(kind: str, user: str = "ana") -> str:
    session = boto3.Session("test", "test", region_name="eu-west-1")
    if kind == "rds":
        return str(session.client("rds").generate_db_auth_token("db", 5432, user))
    dsql = session.client("dsql")
    make = dsql.generate_db_connect_admin_auth_token if kind == "admin" else dsql.generate_db_connect_auth_token
    return str(make("db", "eu-west-1"))


@pytest.mark.parametrize(
    ("kind", "user", "minutes", "valid"),
    [
        ("rds", "ana", 0, True),
        ("rds", "eve", 0, False),
        ("rds", "ana", 14, True),
        ("rds", "ana", 16, False),
        ("rds", "ana", -6, False),
        ("admin", "admin", 0, True),
        ("admin", "ana", 0, False),
        ("dsql", "ana", 0, True),
        ("dsql", "admin", 0, False),
    ],
)
def test_tokens(kind: str, user: str, minutes: int, valid: bool) -> None:
    # Signed with the clock of this moment, which may be minutes after the module was read.
    now = datetime.datetime.now(datetime.UTC)
    assert is_valid(signed(kind), user, now + datetime.timedelta(minutes=minutes)) is valid


@pytest.mark.parametrize(
    ("kind", "changed", "fits"),
    [
        ("rds", {}, True),
        ("rds", {"hosts": frozenset({"other"})}, False),
        ("rds", {"port": 5433}, False),
        ("rds", {"region": "us-east-1"}, False),
        ("rds", {"service": DISTRIBUTED}, False),
        ("admin", {"service": DISTRIBUTED}, True),
        ("dsql", {"service": DISTRIBUTED, "port": 5433}, True),
        ("dsql", {}, False),
        ("dsql", {"service": DISTRIBUTED, "region": "us-east-1"}, False),
    ],
)
def test_a_token_is_for_one_endpoint(kind: str, changed: dict[str, Any], fits: bool) -> None:
    scope = replace(Scope(DATABASE, "eu-west-1", frozenset({"db"}), 5432), **changed)
    assert is_for(signed(kind), scope) is fits


@pytest.mark.parametrize("spoilt", ["X-Amz-Signature", "X-Amz-Date", "X-Amz-Credential", "Action"])
def test_a_token_with_a_part_missing_is_none(spoilt: str) -> None:
    assert not is_valid(signed("rds").replace(spoilt, "Other"), "ana", NOW)


@given(st.text(max_size=60))
def test_no_other_text_is_a_token(text: str) -> None:
    assert not is_valid(text, "ana", NOW)


async def _reader(data: bytes) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return reader


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)


@given(st.dictionaries(NAMES, NAMES, max_size=5))
def test_a_startup_packet_is_read_as_it_was_written(parameters: dict[str, str]) -> None:
    async def both() -> None:
        packet = startup(parameters)
        found = await read_startup(await _reader(packet))
        assert found.parameters == parameters
        assert found.packet == packet

    asyncio.run(both())


@pytest.mark.parametrize(
    "data",
    [struct.pack("!II", 4, 196608), struct.pack("!II", LONGEST_STARTUP + 1, 196608), struct.pack("!II", 2**32 - 1, 0)],
)
def test_absurd_lengths_are_refused(data: bytes) -> None:
    async def read() -> None:
        with pytest.raises(ProtocolError):
            await read_startup(await _reader(data))

    asyncio.run(read())


def test_messages_carry_their_length_and_errors_their_code() -> None:
    async def read() -> None:
        assert await read_message(await _reader(message(b"p", b"secret\0"))) == (b"p", b"secret\0")
        with pytest.raises(ProtocolError):
            await read_message(await _reader(b"p" + struct.pack("!I", 2**31)))

    asyncio.run(read())
    assert b"C28P01\0" in fatal("28P01", "no")
    assert b"SFATAL\0" in fatal("28P01", "no")


def test_a_socket_s_path_fits_the_kernel_however_deep_the_home_is(tmp_path: Path) -> None:
    deep = Home(tmp_path.joinpath(*["a-long-name-of-a-folder"] * 8))
    for home in (Home(tmp_path), deep):
        assert len(str(socket_folder(home, "0123456789") / ".s.PGSQL.5432").encode()) <= LONGEST_SOCKET


def test_an_endpoint_names_its_port_only_when_it_is_not_the_usual_one() -> None:
    assert shown(Place("127.0.0.2", 5432), 5432) == "127.0.0.2"
    assert shown(Place("127.0.0.1", 40001), 5432) == "127.0.0.1:40001"


def test_a_taken_place_is_passed_over_for_the_next_and_then_for_a_free_port() -> None:
    with bound([Place("127.0.0.1", 0)]) as first:
        taken = Place(*first.getsockname())
        with bound([taken, Place("127.0.0.2", taken.port)]) as second, bound([taken, Place("127.0.0.1", 0)]) as third:
            assert second.getsockname() != first.getsockname()
            assert third.getsockname()[1] != taken.port
        with pytest.raises(OSError, match="no preferred place is free"):
            bound([taken])
