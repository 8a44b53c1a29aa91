"""Certificates of a Client VPN that have to be made or renewed, and the profile of a client."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from aurora_cfn.certificates import Identity, authority, ends, issued
from aurora_cfn.errors import InputError

# A certificate and key that the configuration has already: in it, or as paths of files.
_OWN_PART = re.compile(r"^<(cert|key)>\n(?:.*\n)*?</\1>\n?|^(?:cert|key) .*\n?", re.MULTILINE)


def profile(configuration: str, identity: Identity) -> str:
    """The text of an `.ovpn` file, with the client's certificate and key."""
    shared = re.sub(_OWN_PART, "", configuration.replace("\r\n", "\n")).rstrip("\n") + "\n"
    # After the authority's certificate, where the documentation of Client VPN puts them.
    own = f"<cert>\n{identity.certificate.strip()}\n</cert>\n<key>\n{identity.key.strip()}\n</key>\n"
    before, end, after = shared.partition("</ca>\n")
    return before + end + own + after if end else shared + own


def refuse_ended(name: str, identity: Identity, now: datetime) -> None:
    """Raise InputError if the client's certificate has expired."""
    end = ends(identity.certificate)
    if end <= now:
        raise InputError(
            f"the certificate of {name} ended on {end:%Y-%m-%d}: renew it with"
            f" `aurora-cfn vpn certificates --client {name}`"
        )


AUTHORITY, SERVER = "authority", "server"
AUTHORITY_DAYS = 3650
"""Ten years: a new authority replaces the endpoint, and every client needs a new profile."""
SOON = timedelta(days=30)
"""The time left of a certificate from which it is renewed."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


@dataclass(frozen=True, slots=True)
class CertificateRequest:
    """The certificates to make: names of clients, name in the server's certificate, days of validity."""

    clients: tuple[str, ...]
    server: str
    days: int


def client_file(name: str) -> str:
    """The file name of a client's identity, without suffix. Raises InputError for an invalid name."""
    if not NAME.fullmatch(name):
        raise InputError(
            f"{name!r} is not the name of a client: letters, digits, dots, underscores and hyphens, at most 60"
        )
    return f"client-{name}"


def due(kept: Mapping[str, Identity], request: CertificateRequest, now: datetime) -> dict[str, Identity]:
    """New identities, by file name, for those that are missing or expire within 30 days.

    Raises InputError if the authority itself expires: then every client needs a new profile.
    """
    made: dict[str, Identity] = {}
    root = kept.get(AUTHORITY)
    if root is None:
        root = made[AUTHORITY] = authority(f"{request.server} authority", now=now, days=AUTHORITY_DAYS)
    elif _ends_soon(root, now):
        raise InputError(_authority_ends(root))
    # A new authority signs all certificates again.
    current = {} if made else kept
    if _is_due(current.get(SERVER), now):
        made[SERVER] = issued(request.server, root, use="server", now=now, days=request.days)
    for name, file in _files(request.clients):
        if _is_due(current.get(file), now):
            made[file] = issued(name, root, use="client", now=now, days=request.days)
    return made


def _files(clients: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, client_file(name)) for name in dict.fromkeys(clients)]


def _is_due(identity: Identity | None, now: datetime) -> bool:
    return identity is None or _ends_soon(identity, now)


def _ends_soon(identity: Identity, now: datetime) -> bool:
    return ends(identity.certificate) - now < SOON


def _authority_ends(root: Identity) -> str:
    return (
        f"the authority ends on {ends(root.certificate):%Y-%m-%d}: move its folder away and run this again for a new"
        " one; the endpoint is replaced with it, and every client needs a new profile"
    )
