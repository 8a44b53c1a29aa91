"""The emulator's own AWS keys: random, made once for a home, readable by its owner alone.

Anyone on the machine can reach a port of 127.0.0.1; these keys are what keeps other users out.
"""

from __future__ import annotations

import hmac
import json
import secrets
import string
from dataclasses import asdict, dataclass, field

from aurora_cfn.local.home import Home
from aurora_cfn.local.record import read_json, replace_text

# AWS's ids of access keys have 20 characters, and the first four name the kind (IAM User Guide, "Unique identifiers").
# Scanners for secrets report AKIA as a leaked key, so ours begin otherwise.
ID_LENGTH = 20
PREFIX = "LKIA"


@dataclass(frozen=True, slots=True)
class Keys:
    """An access key id and its secret."""

    access_key_id: str
    secret_access_key: str = field(repr=False)

    @property
    def page_token(self) -> str:
        """What our own commands show for the server's own pages: made from the secret, which itself is never sent."""
        return hmac.new(self.secret_access_key.encode(), b"aurora-cfn pages", "sha256").hexdigest()


def keys_of(home: Home) -> Keys:
    """The keys of this home, made when there are none yet; the starter of the server holds the lock meanwhile."""
    found = read_keys(home)
    if found:
        return found
    home.make()
    letters = string.ascii_uppercase + "234567"  # base32, as in AWS's ids
    name = PREFIX + "".join(secrets.choice(letters) for _ in range(ID_LENGTH - len(PREFIX)))
    made = Keys(name, secrets.token_urlsafe(30))
    replace_text(home.keys, json.dumps(asdict(made)))
    return made


def read_keys(home: Home) -> Keys | None:
    """The keys of this home; None where there are none, or where the file is damaged."""
    try:
        found = read_json(home.keys)
        return Keys(str(found["access_key_id"]), str(found["secret_access_key"]))
    except (KeyError, TypeError):
        return None
