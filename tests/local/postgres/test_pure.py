"""What needs no server: finding binaries, tokens, the wire protocol, folders."""

from __future__ import annotations

import asyncio
import datetime
import functools
import os
import shutil
import stat
import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Literal

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.local.front.listener import Place, bound, shown
from aurora_cfn.local.front.token import DATABASE, DISTRIBUTED, is_for, is_valid
from aurora_cfn.local.home import Home
from aurora_cfn.local.postgres.binaries import find, installed, nearest, program_in, unusable
from aurora_cfn.local.postgres.front.messages import (
    LONGEST_STARTUP,
    ProtocolError,
    Startup,
    fatal,
    message,
    read_message,
    read_startup,
    startup,
)
from aurora_cfn.local.postgres.front.session import DeniedError, refuse_engine_users
from aurora_cfn.local.postgres.installation import preloads, prepared, share_folder
from aurora_cfn.local.postgres.server import RULES, PostgresServer
from aurora_cfn.local.servers.folders import (
    LONGEST_SOCKET,
    SETTING,
    data_folder,
    outside_folders,
    programs_folder,
    socket_folder,
    temporary,
)
from aurora_cfn.local.servers.owner import Owner
from aurora_cfn.local.servers.program import Program

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


LINKER = "postgres: /lib/libc.so.6: version `GLIBC_2.{}' not found (required by postgres)"


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (f'echo "{LINKER.format(34)}" >&2\necho "{LINKER.format(33)}" >&2\nexit 1', "it needs glibc 2.34 or newer"),
        ("exit 3", "exit code 3"),
        ("echo 'Illegal instruction' >&2\nexit 132", "Illegal instruction"),
        ("echo 'postgres (PostgreSQL) 17.2'", ""),
    ],
)
def test_what_is_passed_over_is_said_with_its_reason(tmp_path: Path, program: str, reason: str) -> None:
    folder = installation(tmp_path / "a", "17.2")
    (folder / "postgres").write_text("#!/bin/sh\n" + program.replace("`", "'") + "\n")
    said = unusable({"AURORA_CFN_PG_BIN": str(folder), "PATH": ""})
    here = [each for each in said if each.startswith("AURORA_CFN_PG_BIN")]
    assert here == ([f"AURORA_CFN_PG_BIN does not run here: {reason}"] if reason else [])


@pytest.mark.parametrize(
    ("majors", "wanted", "chosen"),
    [
        ((15, 16, 17, 18), 17, 17),
        ((15, 18, 16), 17, 18),
        ((15, 16), 14, 15),
        ((14, 15), 17, 15),
        ((16, 15), None, 16),
    ],
)
def test_the_same_version_goes_before_the_nearest_newer_and_an_older_one_comes_last(
    majors: tuple[int, ...], wanted: int | None, chosen: int
) -> None:
    assert nearest([program_in(Path("/"), f"{major}.1", "system") for major in majors], wanted).major == chosen


def test_a_setting_is_obeyed_whatever_version_it_has(tmp_path: Path) -> None:
    chosen, on_path = installation(tmp_path / "a", "14.2"), installation(tmp_path / "b", "17.9")
    environ = {"AURORA_CFN_PG_BIN": str(chosen), "PATH": str(on_path)}
    found = find(environ, 17)
    assert found
    assert found.version == "14.2"
    assert [each.version for each in installed(environ)] == ["14.2"]
    found = find({"PATH": str(on_path)}, 17)
    assert found
    assert found.version == "17.9"


def tree(folder: Path) -> Program:
    """An installation as Debian lays it out, with two extensions."""
    programs = installation(folder / "usr/lib/postgresql/17/bin", "17.9")
    extension = folder / "usr/share/postgresql/17/extension"
    extension.mkdir(parents=True)
    (folder / "usr/lib/postgresql/17/lib").mkdir()
    (folder / "usr/lib/postgresql/17/lib/pg_stat_statements.so").touch()
    (extension / "plpgsql.control").write_text("trusted = true\n")
    (extension / "file_fdw.control").write_text("relocatable = true\n")
    (extension / "postgres_fdw.control").write_text("relocatable = true\n")
    (extension / "postgres_fdw--1.0.sql").write_text("CREATE FOREIGN DATA WRAPPER postgres_fdw;\n")
    (extension / "postgres_fdw--1.0--1.1.sql").write_text("SELECT 1;\n")
    return program_in(programs, "17.9", "system")


def test_the_master_may_create_aurora_s_extensions_and_the_machine_s_own_files_stay(tmp_path: Path) -> None:
    original = tree(tmp_path)
    who = Owner(os.geteuid(), os.getegid(), is_other=False)
    copy = prepared(original, who, tmp_path / "shelter")
    assert copy
    assert copy.folder != original.folder
    assert preloads(copy)
    extension = share_folder(copy) / "extension"
    assert "trusted = true" in (extension / "postgres_fdw.control").read_text()
    assert "trusted" not in (extension / "file_fdw.control").read_text()
    assert "GRANT USAGE" in (extension / "postgres_fdw--1.0.sql").read_text()
    assert "GRANT USAGE" not in (extension / "postgres_fdw--1.0--1.1.sql").read_text()
    kept = share_folder(original) / "extension"
    assert "trusted" not in (kept / "postgres_fdw.control").read_text()
    assert "GRANT" not in (kept / "postgres_fdw--1.0.sql").read_text()
    assert prepared(original, who, tmp_path / "shelter") == copy


def test_an_installation_of_an_unusual_layout_runs_as_it_is(tmp_path: Path) -> None:
    plain = program_in(installation(tmp_path / "x" / "bin", "17.9"), "17.9", "PATH")
    assert prepared(plain, Owner(os.geteuid(), os.getegid(), is_other=False), tmp_path / "shelter") == plain


def test_a_vanished_installation_is_said_in_one_sentence(tmp_path: Path) -> None:
    who = Owner(os.geteuid(), os.getegid(), is_other=False)
    server = PostgresServer(tmp_path, tmp_path, program_in(Path("/nowhere"), "17", "gone"), who)
    with pytest.raises(OSError, match=r"^PostgreSQL 17, which made these data, is not on this machine any more"):
        server.start()


@functools.cache
def client(service: Literal["dsql", "rds"]) -> Any:
    return boto3.Session("test", "test", region_name="eu-west-1").client(service)


def signed(kind: str, user: str = "ana") -> str:
    if kind == "rds":
        return str(client("rds").generate_db_auth_token("db", 5432, user))
    dsql = client("dsql")
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
    scope: dict[str, Any] = {"service": DATABASE, "region": "eu-west-1", "hosts": frozenset({"db"}), "port": 5432}
    assert is_for(signed(kind), **(scope | changed)) is fits


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


def test_a_folder_in_tmp_has_a_random_name_and_is_used_only_as_long_as_it_is_ours(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    first = temporary(home, "sockets")
    try:
        assert temporary(home, "sockets") == first
        assert first.parent == Path("/tmp")
        assert first.stat().st_mode & 0o066 == 0
        changes: tuple[Callable[[], None], ...] = (partial(first.chmod, 0o777), first.rmdir)
        for change in changes:
            change()
            other = temporary(home, "sockets")
            assert other != first
            first.chmod(0o700) if first.exists() else None
            other.rmdir()
    finally:
        shutil.rmtree(first, ignore_errors=True)


def test_new_data_are_put_into_the_chosen_folder_and_found_there_without_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = Home(tmp_path / "old"), Home(tmp_path / "new")
    monkeypatch.delenv(SETTING, raising=False)
    usual, copies = data_folder(old), programs_folder(old)
    monkeypatch.setenv(SETTING, str(tmp_path))
    chosen = data_folder(new)
    assert (chosen.parent, data_folder(new)) == (tmp_path, chosen)
    assert programs_folder(new).parent not in {chosen, copies.parent}
    (usual / "0123456789" / "data").mkdir(parents=True)
    try:
        assert (data_folder(old), programs_folder(old)) == (usual, copies)
    finally:
        shutil.rmtree(usual)
    monkeypatch.delenv(SETTING)
    assert data_folder(new) == chosen
    assert chosen in outside_folders(new)
    monkeypatch.setenv(SETTING, str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match="nowhere"):
        data_folder(Home(tmp_path / "third"))


def test_a_folder_that_another_user_took_first_is_refused(tmp_path: Path) -> None:
    who = Owner(os.geteuid(), os.getegid(), is_other=False)
    real = who.folder(tmp_path / "real")
    real.chmod(0o755)
    assert who.folder(real).stat().st_mode & 0o777 == 0o700
    (tmp_path / "link").symlink_to(real)
    with pytest.raises(PermissionError, match="was made by another user"):
        who.folder(tmp_path / "link")
    with pytest.raises(PermissionError, match="was made by another user"):
        Owner(os.geteuid() + 1, os.getegid(), is_other=False).folder(real)


@pytest.mark.parametrize(
    ("parameters", "refused"),
    [
        ({"user": "rdsadmin"}, True),
        ({"user": "rdsadmin", "database": "app"}, True),
        ({"user": "boss", "replication": "true"}, True),
        ({"user": "boss", "replication": "database"}, True),
        ({"user": "boss", "replication": "off"}, False),
        ({"user": "boss"}, False),
        ({"user": "RDSADMIN"}, False),  # another name to PostgreSQL, which no role has
    ],
)
def test_no_door_lets_the_engine_s_own_users_in(parameters: dict[str, str], refused: bool) -> None:
    packet = Startup(196608, b"", parameters)
    if not refused:
        refuse_engine_users(packet)
        return
    with pytest.raises(DeniedError, match=r"pg_hba\.conf rejects connection"):
        refuse_engine_users(packet)


def test_no_rule_of_the_server_trusts_anyone() -> None:
    assert "trust" not in RULES.split()
    assert "trust" not in " ".join(RULES.split())


def test_databases_that_start_together_share_one_whole_copy(tmp_path: Path) -> None:
    original = tree(tmp_path)
    who = Owner(os.geteuid(), os.getegid(), is_other=False)
    with ThreadPoolExecutor(8) as pool:
        copies = set(pool.map(lambda _: prepared(original, who, tmp_path / "shelter"), range(8)))
    assert len(copies) == 1
    (copy,) = copies
    assert copy
    assert preloads(copy)
    assert [path.name for path in (tmp_path / "shelter").iterdir()] == ["system-17.9-granting"]
