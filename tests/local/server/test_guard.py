from __future__ import annotations

import pytest

from aurora_cfn.local.server.guard import refusal

OURS = (b"host", b"localhost:4566")


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1:4566", "[::1]:4566", "abc123.execute-api.localhost:4566", "LOCALHOST:1"],
)
def test_requests_of_this_machine_pass(host: str) -> None:
    assert refusal("/", [(b"host", host.encode())]) is None


@pytest.mark.parametrize(
    "headers",
    [
        [(b"host", b"evil.example")],
        [(b"host", b"localhost.evil.example")],
        [(b"host", b"127.0.0.1.evil.example:4566")],
        [(b"host", b"evil.example#localhost")],
        [(b"host", b"evil@localhost")],
        [(b"host", b"169.254.169.254")],
        [(b"host", b"")],
        [],
        [OURS, (b"host", b"evil.example")],
        [OURS, (b"origin", b"https://evil.example")],
        [OURS, (b"Origin", b"null")],
        [OURS, (b"origin", b"http://localhost:4566")],
        [OURS, (b"sec-fetch-site", b"cross-site")],
    ],
)
def test_web_pages_and_foreign_names_are_refused(headers: list[tuple[bytes, bytes]]) -> None:
    assert refusal("/", headers)


@pytest.mark.parametrize("site", [b"none", b"same-origin"])
def test_an_address_typed_into_a_browser_passes(site: bytes) -> None:
    assert refusal("/", [OURS, (b"sec-fetch-site", site)]) is None


def test_the_engine_s_own_administration_is_closed() -> None:
    assert "local reset" in str(refusal("/_ministack/reset", [OURS]))
    assert refusal("/_ministack/health", [OURS]) is None
