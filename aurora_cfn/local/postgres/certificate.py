"""The certificate that local databases show: an authority of this home, and a server certificate for loopback."""

from __future__ import annotations

import datetime
import ssl
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from aurora_cfn.local.record import replace_text

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

AUTHORITY = "ca.pem"
SERVER = "server.pem"
TRUSTED = "trusted.pem"
YEARS = 10
ADDRESSES = tuple(f"127.0.0.{last}" for last in range(1, 128))


def tls_context(folder: Path) -> ssl.SSLContext:
    """The server's side of TLS; the files are made when they are not there. Clients may verify against `ca.pem`."""
    if not (folder / SERVER).exists():
        make(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(folder / SERVER)
    return context


def make(folder: Path) -> None:
    """Write the authority's certificate, and the server's key and certificate in one file only its owner may read."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    folder.mkdir(parents=True, exist_ok=True)
    authority_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _sign("aurora-cfn local authority", authority_key, None, authority_key)
    server = _sign("localhost", server_key, authority, authority_key)
    pem = serialization.Encoding.PEM
    key = server_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    replace_text(folder / AUTHORITY, authority.public_bytes(pem).decode())
    replace_text(folder / SERVER, (key + server.public_bytes(pem)).decode())


def trusted(folder: Path) -> Path:
    """A file with the authorities that this machine trusts and ours, for programs that talk to local databases."""
    if not (folder / SERVER).exists():
        make(folder)
    system = ssl.get_default_verify_paths().cafile
    known = Path(system).read_text(errors="replace") if system else ""
    replace_text(folder / TRUSTED, f"{known.rstrip()}\n{(folder / AUTHORITY).read_text()}".lstrip())
    return folder / TRUSTED


def _sign(
    name: str, key: EllipticCurvePrivateKey, issuer: x509.Certificate | None, issuer_key: EllipticCurvePrivateKey
) -> x509.Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import NameOID

    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    builder = _identified(builder, key, issuer_key, signs=issuer is None)
    if issuer:
        names = [x509.DNSName("localhost"), *(x509.IPAddress(ip_address(address)) for address in ADDRESSES)]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _identified(
    builder: x509.CertificateBuilder, key: EllipticCurvePrivateKey, issuer_key: EllipticCurvePrivateKey, *, signs: bool
) -> x509.CertificateBuilder:
    """With the key identifiers and usages that strict verifiers ask for, as Python does from 3.13 on."""
    from cryptography import x509

    usage = x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        builder.add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
