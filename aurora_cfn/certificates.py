"""Certificates for TLS: an authority, and what it signs. The only place that imports cryptography's X.509."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from typing import TypeAlias

    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    PrivateKey: TypeAlias = RSAPrivateKey | EllipticCurvePrivateKey

BITS = 2048
"""Client VPN takes RSA keys of 1024 or 2048 bits and no others (Client VPN administrator guide, 2026-11)."""
BACKDATED = timedelta(minutes=10)
"""Clocks differ: a certificate is valid a little before it was made."""
Use = Literal["server", "client"]
Keys = Literal["rsa", "elliptic"]
"""RSA of 2048 bits, which all clients take, or the curve P-256, whose keys are made at once."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate and its private key, both PEM."""

    certificate: str
    key: str

    def __repr__(self) -> str:
        """Without the key, so that no traceback or log shows it."""
        return f"Identity({self.certificate[:40]!r}...)"


def authority(name: str, *, now: datetime, days: int, keys: Keys = "rsa") -> Identity:
    """A self-signed authority that may sign certificates, but no further authorities; all with that kind of key."""
    key = _new_key(keys)
    return _pem(_signed(_Request(name, key, now, days), issuer=None, issuer_key=key), key)


def issued(name: str, by: Identity, *, use: Use, now: datetime, days: int, addresses: Sequence[str] = ()) -> Identity:
    """A certificate of the authority `by`, for one use; `addresses` are host names or IP addresses beside the name.

    It ends when the authority does, if that is earlier.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    issuer = x509.load_pem_x509_certificate(by.certificate.encode())
    issuer_key = load_pem_private_key(by.key.encode(), password=None)
    assert isinstance(issuer_key, RSAPrivateKey | EllipticCurvePrivateKey)
    key = _new_key("rsa" if isinstance(issuer_key, RSAPrivateKey) else "elliptic")
    request = _Request(name, key, now, days, use, tuple(addresses))
    return _pem(_signed(request, issuer=issuer, issuer_key=issuer_key), key)


def ends(certificate: str) -> datetime:
    """The time in UTC at which a PEM certificate expires; raises ValueError for another text."""
    from cryptography import x509

    return x509.load_pem_x509_certificate(certificate.encode()).not_valid_after_utc


@dataclass(frozen=True, slots=True)
class _Request:
    name: str
    key: PrivateKey
    now: datetime
    days: int
    use: Use | None = None
    addresses: tuple[str, ...] = ()


def _new_key(keys: Keys) -> PrivateKey:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    if keys == "elliptic":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=BITS)


def _signed(request: _Request, *, issuer: x509.Certificate | None, issuer_key: PrivateKey) -> x509.Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import NameOID

    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, request.name)])
    end = request.now + timedelta(days=request.days)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(request.key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(request.now - BACKDATED)
        .not_valid_after(min(end, issuer.not_valid_after_utc) if issuer else end)
    )
    for extension, critical in _extensions(request, issuer_key):
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(issuer_key, hashes.SHA256())


def _extensions(request: _Request, issuer_key: PrivateKey) -> list[tuple[x509.ExtensionType, bool]]:
    """What strict verifiers (RFC 5280, Python 3.13) ask for: constraints, usages and both key identifiers."""
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    rows: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=request.use is None, path_length=0 if request.use is None else None), True),
        (_usage(request.key, signs=request.use is None), True),
        (x509.SubjectKeyIdentifier.from_public_key(request.key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False),
    ]
    if request.use:
        purpose = {"server": ExtendedKeyUsageOID.SERVER_AUTH, "client": ExtendedKeyUsageOID.CLIENT_AUTH}[request.use]
        names = x509.SubjectAlternativeName([_general_name(text) for text in (request.name, *request.addresses)])
        rows += [(x509.ExtendedKeyUsage([purpose]), False), (names, False)]
    return rows


def _usage(key: PrivateKey, *, signs: bool) -> x509.KeyUsage:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=not signs and isinstance(key, RSAPrivateKey),
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(text: str) -> x509.GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _pem(certificate: x509.Certificate, key: PrivateKey) -> Identity:
    from cryptography.hazmat.primitives import serialization

    pem = serialization.Encoding.PEM
    # PKCS 1 of an RSA key, unencrypted: what ACM and OpenVPN take.
    private = key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    return Identity(certificate.public_bytes(pem).decode(), private.decode())
