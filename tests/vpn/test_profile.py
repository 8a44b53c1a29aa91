"""Profiles: the client's part is in place, once, and ended certificates stay out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aurora_cfn.certificates import Identity, authority
from aurora_cfn.errors import InputError
from aurora_cfn.vpn import profile, refuse_ended

CONFIGURATION = """client
dev tun
proto udp
remote cvpn-endpoint-1.prod.clientvpn.eu-west-1.amazonaws.com 443
remote-random-hostname
<ca>
-----BEGIN CERTIFICATE-----
root
-----END CERTIFICATE-----
</ca>
reneg-sec 0
"""
IDENTITY = Identity("CERT\n", "KEY\n")
OWN = "<cert>\nCERT\n</cert>\n<key>\nKEY\n</key>\n"


def test_the_clients_part_follows_the_authority() -> None:
    before, after = CONFIGURATION.split("reneg-sec")
    assert profile(CONFIGURATION, IDENTITY) == before + OWN + "reneg-sec" + after


@pytest.mark.parametrize(
    "former",
    [
        "<cert>\nold\n</cert>\n<key>\nold\n</key>\n",
        "cert /home/me/old.crt\nkey /home/me/old.key\n",
    ],
)
def test_what_was_there_is_replaced(former: str) -> None:
    assert profile(CONFIGURATION + former, IDENTITY) == profile(CONFIGURATION, IDENTITY)


def test_line_ends_and_a_missing_authority_are_no_trouble() -> None:
    assert profile(CONFIGURATION.replace("\n", "\r\n"), IDENTITY) == profile(CONFIGURATION, IDENTITY)
    assert profile("client\n", IDENTITY) == "client\n" + OWN


def test_doing_it_twice_is_doing_it_once() -> None:
    once = profile(CONFIGURATION, IDENTITY)
    assert profile(once, IDENTITY) == once


def test_an_ended_certificate_is_refused_with_the_remedy() -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    identity = authority("anna", now=now, days=1)
    refuse_ended("anna", identity, now)
    with pytest.raises(InputError, match=r"ended on 2026-11-22.*--client anna"):
        refuse_ended("anna", identity, now + timedelta(days=2))
