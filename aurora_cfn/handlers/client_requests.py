"""What callers of the databases API may ask for: names, regions, parameters, and keys of repeated requests."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import uuid4

from .answers import RefusalError, Request
from .client_changes import Change
from .fleet_names import CLIENT_LONGEST, CLIENT_NAME, CLIENT_RULE
from .fleet_settings import Fleet

KEY = re.compile(r"[!-~]{1,255}")
DIGITS = 32


@dataclass(frozen=True, slots=True)
class Creation:
    """A request to create a database; `key` and `body` are digests, `key` is empty without an Idempotency-Key.

    `attempt` is a name of this request alone.
    """

    client: str
    region: str
    own: Mapping[str, str]
    key: str
    body: str
    attempt: str

    @property
    def token(self) -> str:
        """The ClientRequestToken, with which CloudFormation takes a repeated call for one."""
        return self.key or self.attempt

    @property
    def tag(self) -> str:
        """The value of the tag with which the stack remembers the request."""
        return f"{self.key}:{self.body}" if self.key else self.attempt

    def is_another(self, tag: str) -> bool:
        """Whether the stack with that tag was created with the same key and another body."""
        key, _, body = tag.partition(":")
        return bool(self.key) and self.key == key and self.body != body


def creation(request: Request, fleet: Fleet) -> Creation:
    """The creation that the body asks for. Raises RefusalError, which names the field."""
    body = _body(request, {"client", "region", "parameters"})
    client = client_name(body.get("client"))
    region = region_of(body.get("region", fleet.regions[0]), fleet)
    key = request.headers.get("idempotency-key", "")
    if key and not KEY.fullmatch(key):
        raise RefusalError(400, "Idempotency-Key: at most 255 characters of ASCII, without spaces")
    own = _parameters(body, fleet)
    whole = json.dumps([client, region, sorted(own.items())])
    return Creation(client, region, own, _digest(key) if key else "", _digest(whole), f"once-{uuid4().hex}")


def change(request: Request, fleet: Fleet) -> Change:
    """The change that the body asks for. Raises RefusalError, which names the field."""
    body = _body(request, {"parameters", "version", "protected"})
    if not body:
        raise RefusalError(400, "the body needs one of parameters, version, protected")
    version, protected = body.get("version"), body.get("protected")
    if version is not None and version != fleet.document.version:
        raise RefusalError(400, f"version: this API has the version {fleet.document.version} alone")
    if protected is not None and not isinstance(protected, bool):
        raise RefusalError(400, "protected: true or false")
    return Change(_parameters(body, fleet), version is not None, protected)


def client_name(value: object) -> str:
    """The name. Raises RefusalError."""
    if not (isinstance(value, str) and len(value) <= CLIENT_LONGEST and re.fullmatch(CLIENT_NAME, value)):
        raise RefusalError(400, f"client: {CLIENT_RULE}")
    return value


def region_of(value: object, fleet: Fleet) -> str:
    """The region. Raises RefusalError where it is none of the fleet's."""
    if not (isinstance(value, str) and value in fleet.regions):
        raise RefusalError(400, f"region: one of {', '.join(fleet.regions)}")
    return value


def _body(request: Request, known: set[str]) -> Mapping[str, Any]:
    body = request.json()
    if unknown := sorted(body.keys() - known):
        raise RefusalError(400, f"{', '.join(unknown)}: not known; the body may have {', '.join(sorted(known))}")
    return body


def _parameters(body: Mapping[str, Any], fleet: Fleet) -> dict[str, str]:
    """The parameters of one client; whether their values fit is for CloudFormation to say."""
    given = body.get("parameters", {})
    if not isinstance(given, dict):
        raise RefusalError(400, "parameters: an object with a text or a number for each name")
    allowed = sorted(fleet.callers.intersection(fleet.document.declared))
    for name, value in given.items():
        if name not in allowed:
            raise RefusalError(400, f"parameters.{name}: only {', '.join(allowed) or 'none'} may be set")
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise RefusalError(400, f"parameters.{name}: a text or a number")
    return {name: str(value) for name, value in given.items()}


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:DIGITS]
