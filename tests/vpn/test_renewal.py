"""Which certificates are made, renewed and left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from aurora_cfn.certificates import Identity, ends
from aurora_cfn.errors import InputError
from aurora_cfn.vpn import AUTHORITY_DAYS, CertificateRequest, due

NOW = datetime(2026, 11, 21, tzinfo=UTC)
WISH = CertificateRequest(("anna",), "vpn.dev.internal", 365)


@pytest.fixture(scope="module")
def kept() -> dict[str, Identity]:
    return due({}, WISH, NOW)


def test_the_first_time_everything_is_made(kept: dict[str, Identity]) -> None:
    assert list(kept) == ["authority", "server", "client-anna"]


def test_what_is_there_and_lasts_is_left_alone(kept: dict[str, Identity]) -> None:
    assert due(kept, WISH, NOW + timedelta(days=300)) == {}


def test_a_further_client_is_added_alone_and_trusted_by_the_same_authority(kept: dict[str, Identity]) -> None:
    made = due(kept, CertificateRequest(("anna", "ben", "ben"), "vpn.dev.internal", 365), NOW)
    assert list(made) == ["client-ben"]
    root = x509.load_pem_x509_certificate(kept["authority"].certificate.encode())
    x509.load_pem_x509_certificate(made["client-ben"].certificate.encode()).verify_directly_issued_by(root)


def test_what_ends_within_a_month_is_renewed(kept: dict[str, Identity]) -> None:
    later = NOW + timedelta(days=340)
    made = due(kept, WISH, later)
    assert list(made) == ["server", "client-anna"]
    assert ends(made["server"].certificate) == later + timedelta(days=365)


def test_an_authority_that_ends_is_a_decision_for_a_person(kept: dict[str, Identity]) -> None:
    with pytest.raises(InputError, match="the authority ends on 2036"):
        due(kept, WISH, NOW + timedelta(days=AUTHORITY_DAYS - 10))


@pytest.mark.parametrize("name", ["", "../x", "a/b", "-x", "a b", "x" * 61, "a\n"])
def test_a_name_that_is_no_file_is_refused(kept: dict[str, Identity], name: str) -> None:
    with pytest.raises(InputError, match="is not the name of a client"):
        due(kept, CertificateRequest((name,), "vpn.dev.internal", 365), NOW)
