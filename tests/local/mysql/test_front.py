"""The front with a real client and a server that only speaks the protocol: what needs no MySQL on the machine."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pymysql
import pytest
from pymysql.err import MySQLError

from aurora_cfn.local.front.accept import Streams
from aurora_cfn.local.front.token import opens
from aurora_cfn.local.mysql.front import packets
from aurora_cfn.local.mysql.front.endpoints import INSECURE, refuse_engine_users
from aurora_cfn.local.mysql.front.handshake import NO_TLS, SHUTDOWN, Client, DeniedError, session
from aurora_cfn.local.mysql.secret import native_hash
from aurora_cfn.local.servers.certificate import tls_context
from tests.local.mysql.fake_server import OFFERED, SALT, FakeServer, hello


@dataclass
class FakeEndpoint:
    """The decisions of an endpoint as values: who shows a token, whose password it knows, whether it is closed."""

    socket: Path
    tokens: frozenset[str] = frozenset()
    passwords: dict[str, str] = field(default_factory=dict)
    force_tls: bool = False
    closed: str = ""
    token_password: str = "of the front"

    async def server(self) -> Streams:
        if self.closed:
            raise DeniedError(self.closed, SHUTDOWN)
        return await asyncio.open_unix_connection(str(self.socket))

    async def admit(self, client: Client) -> str | None:
        user = client.response.user
        refuse_engine_users(user)
        if self.force_tls and not client.encrypted:
            raise DeniedError(INSECURE, NO_TLS)
        if user in self.tokens:
            address = client.streams[1].get_extra_info("sockname")[:2]
            if not client.encrypted or not opens(await client.clear_text(), user, address, "eu-west-1"):
                raise DeniedError(f"Access denied for user '{user}'")
            return self.token_password
        if user in self.passwords:
            if not await client.knows(self.passwords[user]):
                raise DeniedError(f"Access denied for user '{user}'")
            return self.passwords[user]
        return None


def outcome(endpoint: FakeEndpoint, fake: FakeServer, tls: Path, work: Callable[[int], Any]) -> Any:
    """What `work` returns or MySQL's number of the refusal; it gets the front's port."""

    async def main() -> Any:
        server = await fake.start()
        front = await asyncio.start_server(
            session(endpoint, tls_context(tls), lambda text: "X-Amz-Signature" in text), "127.0.0.1", 0
        )
        port = front.sockets[0].getsockname()[1]
        try:
            return await asyncio.to_thread(work, port)
        except MySQLError as error:
            return error.args[0]
        finally:
            front.close()
            server.close()

    return asyncio.run(main())


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    tls_context(folder)
    return folder


def connect(port: int, user: str = "boss", password: str = "pw", *, statement: str = "", **more: Any) -> str:
    given = {"ssl_disabled": True} | more
    connection = pymysql.connect(host="127.0.0.1", port=port, user=user, password=password, database="d", **given)
    with connection, connection.cursor() as cursor:
        if statement:
            cursor.execute(statement)
    return "in"


def token(port: int, user: str) -> str:
    client = boto3.Session("AKIAX", "secret", region_name="eu-west-1").client("rds")
    made: str = client.generate_db_auth_token("127.0.0.1", port, user)
    return made


CASES: list[tuple[str, dict[str, Any], dict[str, Any], Any]] = [
    ("the server checks a password", {}, {}, "in"),
    ("and refuses a wrong one", {}, {"password": "other"}, 1045),
    ("a closed endpoint says why", {"closed": "the database is stopped"}, {}, 1053),
    ("TLS can be forced", {"force_tls": True}, {}, 3159),
    ("the engine's users stay out", {}, {"user": "rdsadmin", "password": ""}, 1045),
    ("root stays out", {}, {"user": "root", "password": ""}, 1045),
    ("a proxy knows the password", {"passwords": {"boss": "pw"}}, {}, "in"),
    ("a proxy refuses another one", {"passwords": {"boss": "pw"}}, {"password": "other"}, 1045),
    ("a token needs TLS", {"tokens": frozenset({"app"})}, {"user": "app", "password": "x"}, 1045),
]


@pytest.mark.parametrize(
    ("endpoint", "client", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_sessions_without_tls(
    endpoint: dict[str, Any], client: dict[str, Any], expected: Any, tmp_path: Path, tls: Path
) -> None:
    fake = FakeServer(tmp_path / "s", {"boss": "pw", "rdsadmin": "", "root": "", "app": "of the front"})
    assert outcome(FakeEndpoint(fake.socket, **endpoint), fake, tls, partial(connect, **client)) == expected
    assert fake.users == (["boss"] if expected == "in" else [])


def test_statements_for_token_users_are_replaced_and_others_are_not(tmp_path: Path, tls: Path) -> None:
    fake = FakeServer(tmp_path / "s", {"boss": "pw"})
    endpoint = FakeEndpoint(fake.socket)
    wanted = "CREATE USER a IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL"
    for statement in (wanted, "SELECT 'IDENTIFIED WITH AWSAuthenticationPlugin'"):
        outcome(endpoint, fake, tls, partial(connect, statement=statement))
    sent = [text[1:].decode() for text in fake.statements if text[:1] == b"\x03" and b"AUTOCOMMIT" not in text.upper()]
    stored = native_hash(endpoint.token_password)
    assert f"CREATE USER a IDENTIFIED WITH mysql_native_password AS '{stored}' REQUIRE SSL" in sent
    assert "SELECT 'IDENTIFIED WITH AWSAuthenticationPlugin'" in sent


def test_a_token_over_tls_logs_in_with_the_password_of_the_front(tmp_path: Path, tls: Path) -> None:
    """The fake server has no TLS: the session ends after the front has taken the token, and not before."""
    fake = FakeServer(tmp_path / "s", {"app": "of the front"})
    endpoint = FakeEndpoint(fake.socket, tokens=frozenset({"app"}))
    secure: dict[str, Any] = {"ssl": ssl.create_default_context(cafile=str(tls / "ca.pem")), "ssl_disabled": False}

    def work(shown: Callable[[int], str], port: int) -> str:
        return connect(port, "app", shown(port), **secure)

    assert outcome(endpoint, fake, tls, partial(work, lambda _port: "no token")) == 1045
    assert outcome(endpoint, fake, tls, partial(work, lambda port: token(port + 1, "app"))) == 1045
    assert outcome(endpoint, fake, tls, partial(work, lambda port: token(port, "app"))) == 2013


def test_a_greeting_is_read_and_offered_again_without_compression() -> None:
    found = packets.greeting(hello())
    assert (found.capabilities, found.salt, found.plugin) == (OFFERED, SALT, packets.NATIVE)
    assert found.offering(OFFERED) == hello()
    assert packets.greeting(found.offering(1 << 30 | 5)).capabilities == 1 << 30 | 5
    with pytest.raises(packets.ProtocolError):
        packets.greeting(packets.error(1040, "08004", "Too many connections"))


def answer(flags: int, *rest: bytes) -> bytes:
    return flags.to_bytes(4, "little") + b"\0" * 28 + b"".join(rest)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (answer(packets.PLUGIN_AUTH, b"u\0", b"\2ab", b"plug\0"), ("u", b"ab", b"", "plug", b"")),
        (answer(packets.PLUGIN_AUTH | packets.CONNECT_WITH_DB, b"u\0", b"\0", b"d\0", b"plug\0", b"rest"),
         ("u", b"", b"d", "plug", b"rest")),
        (answer(packets.PLUGIN_AUTH | packets.LENENC_AUTH, b"u\0", b"\xfc\x2c\x01", b"x" * 300, b"plug\0"),
         ("u", b"x" * 300, b"", "plug", b"")),
    ],
)  # fmt: skip
def test_answers_of_clients(payload: bytes, expected: tuple[Any, ...]) -> None:
    found = packets.response(payload)
    assert (found.user, found.secret, found.database, found.plugin, found.attributes) == expected
    again = packets.response(found.with_secret(b"other", "p"))
    assert (again.user, again.secret, again.database, again.plugin) == ("u", b"other", found.database, "p")


@pytest.mark.parametrize("payload", [b"", b"\0" * 4, answer(0, b"u\0"), answer(packets.PLUGIN_AUTH, b"no end")])
def test_damaged_answers(payload: bytes) -> None:
    with pytest.raises(packets.ProtocolError):
        packets.response(payload)


def test_scrambles() -> None:
    # The known answer of MySQL's PASSWORD('password').
    assert native_hash("password") == "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19"
    assert packets.scrambled(packets.NATIVE, "", SALT) == b""
    assert len(packets.scrambled(packets.NATIVE, "x", SALT)) == 20
    assert len(packets.scrambled(packets.SHA2, "x", SALT)) == 32
    assert packets.scrambled(packets.CLEAR, "x", SALT) == b"x\0"
    with pytest.raises(packets.ProtocolError):
        packets.scrambled("dialog", "x", SALT)
