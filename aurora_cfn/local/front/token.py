"""IAM authentication tokens for databases: a presigned URL without its scheme, used as the password.

Here its form, its user and its age are checked, and that it is for this endpoint, region and service: a token for
another one is the fault that AWS refuses most often. The signature itself is checked with those of the AWS APIs.
Source: Amazon RDS User Guide, "Connecting to your DB instance using IAM authentication" (15 minutes), read 2026-11.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from contextvars import ContextVar
from urllib.parse import parse_qs

ACTIONS = frozenset({"connect", "DbConnect", "DbConnectAdmin"})
REQUIRED = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-Signature")
DATABASE, DISTRIBUTED = "rds-db", "dsql"
"""The services in the scope of a token: RDS with its proxies, and Aurora DSQL."""
# Signature Version 4 allows clocks to differ by five minutes.
CLOCK_SKEW = datetime.timedelta(minutes=5)
is_signed: ContextVar[Callable[[str], bool]] = ContextVar("is_signed", default=lambda _token: False)
"""Whether an IAM token was signed with keys of this emulator, for the session that runs; without a check, none was."""


def is_valid(token: str, user: str, now: datetime.datetime) -> bool:
    """Whether the text is a token for this user that has not run out; `now` is aware of its time zone."""
    given = {name: values[0] for name, values in parse_qs(token.partition("?")[2]).items()}
    if given.get("Action") not in ACTIONS or any(name not in given for name in REQUIRED):
        return False
    if given["Action"] == "connect" and given.get("DBUser") != user:
        return False
    # `admin` takes only DbConnectAdmin, every other role of DSQL only DbConnect.
    if (given["Action"] == "DbConnectAdmin") is not (user == "admin") and given["Action"] != "connect":
        return False
    try:
        signed = datetime.datetime.strptime(given["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
        lasts = datetime.timedelta(seconds=int(given["X-Amz-Expires"]))
    except ValueError:
        return False
    return signed - CLOCK_SKEW <= now <= signed + lasts


def is_for(token: str, service: str, region: str, hosts: frozenset[str], port: int) -> bool:
    """Whether the token names this service, region and endpoint, by one of its names; one without a port is for any."""
    place, _, query = token.partition("?")
    host, _, given = place.rstrip("/").partition(":")
    credential = parse_qs(query).get("X-Amz-Credential", [""])[0].split("/")
    scope = [region, service]
    return len(credential) == 5 and credential[2:4] == scope and host.lower() in hosts and given in {"", str(port)}


def opens(
    token: str,
    user: str,
    place: tuple[str, int],
    region: str,
    service: str = DATABASE,
    names: frozenset[str] = frozenset(),
) -> bool:
    """Whether the token is one for this user, region and service, and for the address at which the client came in,
    signed with keys of this emulator.

    `names` are further names of the endpoint.
    """
    address, port = place
    # A client may reach 127.0.0.1 by its name too.
    hosts = names | {address} | ({"localhost"} if address == "127.0.0.1" else set())
    known = is_for(token, service, region, hosts, port)
    return known and is_valid(token, user, datetime.datetime.now(datetime.UTC)) and is_signed.get()(token)


def region_of(key: str) -> str:
    """The region of a database, of whose key in the register it is a part."""
    return key.split("/")[1]
