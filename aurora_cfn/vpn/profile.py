"""A client's profile: the endpoint's configuration with the client's certificate and key in place."""

from __future__ import annotations

import re
from datetime import datetime

from aurora_cfn.certificates import Identity, ends
from aurora_cfn.errors import InputError

_OWN_PART = re.compile(r"^<(cert|key)>\n(?:.*\n)*?</\1>\n?|^(?:cert|key) .*\n?", re.MULTILINE)


def profile(configuration: str, identity: Identity) -> str:
    """The text of an `.ovpn` file; a certificate or key that the configuration had is replaced."""
    shared = re.sub(_OWN_PART, "", configuration.replace("\r\n", "\n")).rstrip("\n") + "\n"
    own = f"<cert>\n{identity.certificate.strip()}\n</cert>\n<key>\n{identity.key.strip()}\n</key>\n"
    before, end, after = shared.partition("</ca>\n")
    return before + end + own + after if end else shared + own


def refuse_ended(name: str, identity: Identity, now: datetime) -> None:
    """Raise InputError when the client's certificate is worth nothing any more."""
    end = ends(identity.certificate)
    if end <= now:
        raise InputError(
            f"the certificate of {name} ended on {end:%Y-%m-%d}: renew it with"
            f" `aurora-cfn vpn certificates --client {name}`"
        )
