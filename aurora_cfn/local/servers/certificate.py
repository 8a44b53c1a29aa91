"""The certificate that local databases show: an authority of this home, and a server certificate for loopback.

It also holds the names that Aurora DSQL gives its clusters, for clients that are given an address beside the name
(`hostaddr` of libpq) or have the name in /etc/hosts.
"""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path

from aurora_cfn.certificates import authority, issued
from aurora_cfn.facts.regions import known_regions
from aurora_cfn.local.record import replace_text

AUTHORITY = "ca.pem"
SERVER = "endpoints.pem"
TRUSTED = "trusted.pem"
# Ten years: the files belong to this machine alone, and a local database must not stop working on some arbitrary day.
DAYS = 3650
ALPN = "postgresql"
"""What a client of libpq 17 wants to hear when it begins with TLS at once (sslnegotiation=direct)."""
# One for each proxy and DSQL cluster; the certificate names them all.
ADDRESSES = tuple(f"127.0.0.{last}" for last in range(1, 128))


def tls_context(folder: Path) -> ssl.SSLContext:
    """The server's side of TLS; the files are made when they are not there. Clients may verify against `ca.pem`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(server_certificate(folder))
    context.set_alpn_protocols([ALPN])
    return context


def server_certificate(folder: Path) -> Path:
    """The file with the server's key and certificate, made when it is not there."""
    if not (folder / SERVER).exists():
        make(folder)
    return folder / SERVER


def make(folder: Path) -> None:
    """Write the authority's certificate, and the server's key and certificate in one file only its owner may read."""
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    signer = authority("aurora-cfn local authority", now=now, days=DAYS, keys="elliptic")
    names = tuple(f"*.dsql.{region}.on.aws" for region in known_regions())
    server = issued("localhost", signer, use="server", now=now, days=DAYS, addresses=(*ADDRESSES, *names))
    replace_text(folder / AUTHORITY, signer.certificate)
    replace_text(folder / SERVER, server.key + server.certificate)


def trusted(folder: Path) -> Path:
    """A file with the authorities that this machine trusts and ours, for programs that talk to local databases."""
    server_certificate(folder)
    # SSL_CERT_FILE replaces the authorities of the system, so they have to be in the file too.
    system = ssl.get_default_verify_paths().cafile
    known = Path(system).read_text(errors="replace") if system else ""
    replace_text(folder / TRUSTED, f"{known.rstrip()}\n{(folder / AUTHORITY).read_text()}".lstrip())
    return folder / TRUSTED
