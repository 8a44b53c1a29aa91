"""Certificates: who may sign what, how long they hold, and that a strict verifier takes them."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import ExtendedKeyUsageOID

from aurora_cfn.certificates import Identity, authority, ends, issued

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module", params=["rsa", "elliptic"])
def root(request: pytest.FixtureRequest) -> Identity:
    return authority("root", now=datetime.now(UTC), days=10, keys=request.param)


def talk(server: Identity, client: Identity, trusted: Identity, name: str, tmp: str) -> None:
    """A handshake in memory in which both sides prove themselves, with the strictest verification there is."""
    from pathlib import Path

    for side, identity in (("server", server), ("client", client)):
        Path(tmp, side).write_text(identity.certificate + identity.key)
    inside, outside = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    inside.load_cert_chain(str(Path(tmp, "server")))
    outside.load_cert_chain(str(Path(tmp, "client")))
    inside.verify_mode = ssl.CERT_REQUIRED
    for context in (inside, outside):
        context.load_verify_locations(cadata=trusted.certificate)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
    one, other = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends_of_pipe = [
        inside.wrap_bio(one, other, server_side=True),
        outside.wrap_bio(other, one, server_hostname=name),
    ]
    waiting = list(ends_of_pipe)
    for _ in range(10):
        for end in list(waiting):
            try:
                end.do_handshake()
                waiting.remove(end)
            except ssl.SSLWantReadError:
                continue
    assert not waiting
    # TLS 1.3: the client is done before the server has judged it.
    ends_of_pipe[0].write(b"in")
    assert ends_of_pipe[1].read(2) == b"in"


def test_both_sides_prove_themselves(root: Identity, tmp_path: object) -> None:
    now = datetime.now(UTC)
    server = issued("vpn.example.com", root, use="server", now=now, days=5, addresses=("127.0.0.1",))
    client = issued("laptop", root, use="client", now=now, days=5)
    for name in ("vpn.example.com", "127.0.0.1"):
        talk(server, client, root, name, str(tmp_path))


def test_a_client_of_another_authority_and_a_client_as_server_are_refused(root: Identity, tmp_path: object) -> None:
    now = datetime.now(UTC)
    server = issued("vpn.example.com", root, use="server", now=now, days=5)
    client = issued("vpn.example.com", root, use="client", now=now, days=5)
    stranger = issued("laptop", authority("other", now=now, days=5), use="client", now=now, days=5)
    for wrong in ((server, stranger), (client, client)):
        with pytest.raises(ssl.SSLCertVerificationError):
            talk(*wrong, root, "vpn.example.com", str(tmp_path))


def test_a_certificate_ends_with_its_authority_at_the_latest() -> None:
    root = authority("root", now=NOW, days=10)
    assert ends(root.certificate) == NOW + timedelta(days=10)
    assert ends(issued("a", root, use="client", now=NOW, days=5).certificate) == NOW + timedelta(days=5)
    assert ends(issued("a", root, use="client", now=NOW, days=50).certificate) == NOW + timedelta(days=10)


@pytest.mark.parametrize("use", ["server", "client"])
def test_a_certificate_serves_one_use_and_signs_nothing(root: Identity, use: str) -> None:
    identity = issued("a", root, use="server" if use == "server" else "client", now=NOW, days=5)
    read = x509.load_pem_x509_certificate(identity.certificate.encode())
    purposes = read.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [
        {"server": ExtendedKeyUsageOID.SERVER_AUTH, "client": ExtendedKeyUsageOID.CLIENT_AUTH}[use]
    ]
    assert read.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    usage = read.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert not usage.key_cert_sign
    # Only an RSA key can take part in a key exchange.
    assert usage.key_encipherment is isinstance(read.public_key(), RSAPublicKey)


def test_a_key_is_in_no_repr(root: Identity) -> None:
    assert "PRIVATE KEY" in root.key
    assert "PRIVATE" not in repr(root)
    assert root.key[40:80] not in repr(root)
