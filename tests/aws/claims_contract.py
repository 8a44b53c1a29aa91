"""What every side of the port Claims answers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from aurora_cfn.ports.fleet import Claims

PATH = "/aurora-cfn/fleet/contract"


def keep_claims(claims: Claims) -> None:
    """A name is taken once, keeps its first value, and is freed only as what it was taken as."""
    acme = f"{PATH}/acme"
    assert (claims.get(acme), claims.identity(acme), dict(claims.under(PATH))) == (None, "", {})
    assert not claims.remove(acme, "")
    assert claims.put(acme, "eu-west-1")
    assert not claims.put(acme, "eu-central-1")
    assert (claims.get(acme), dict(claims.under(PATH))) == ("eu-west-1", {"acme": "eu-west-1"})
    first = claims.identity(acme)
    assert first == claims.identity(acme) != ""
    assert claims.remove(acme, first)
    assert not claims.remove(acme, first)
    assert claims.put(acme, "eu-west-1")
    assert not claims.remove(acme, first), "that is another claim on the same name"
    assert claims.get(acme) == "eu-west-1"
    assert claims.remove(acme, claims.identity(acme))


def one_of_many_wins(claims: Claims) -> None:
    """Of twenty threads that take one name exactly one gets it; more than a page of names are all listed."""
    with ThreadPoolExecutor(20) as pool:
        won = [*pool.map(lambda number: claims.put(f"{PATH}/raced", f"eu-west-{number}"), range(20))]
    assert won.count(True) == 1
    assert claims.get(f"{PATH}/raced") == f"eu-west-{won.index(True)}"
    for number in range(11):
        claims.put(f"{PATH}/c{number}", "eu-west-1")
    assert len(claims.under(PATH)) == 12
