"""Changes after which clients are refused: removed ingress rules, and how they log in at a proxy."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping

from aurora_cfn.model.change import Effect, Verdict
from aurora_cfn.model.value import Value
from aurora_cfn.review.special.context import Context

# Compared as networks; every other field of a rule must be equal, but for the description.
_SOURCES = ("CidrIp", "CidrIpv6")
_WORDS = frozenset({*_SOURCES, "Description"})


def closed(context: Context) -> Effect | None:
    """Rules of a security group that no rule of the other side covers."""
    if context.type != "AWS::EC2::SecurityGroup" or context.difference.top != "SecurityGroupIngress":
        return None
    before, after = (_rules(side.properties.get("SecurityGroupIngress")) for side in (context.before, context.after))
    gone = [rule for rule in before if not any(_covers(other, rule) for other in after)]
    if not gone:
        return None
    rules = "1 ingress rule is" if len(gone) == 1 else f"{len(gone)} ingress rules are"
    sentence = f"{rules} removed: clients that no other rule lets in lose access"
    return Effect(Verdict.INTERRUPTION, sentence, remedy="let clients move to another rule first")


def _rules(value: Value) -> list[Mapping[str, Value]]:
    return [rule for rule in value if isinstance(rule, Mapping)] if isinstance(value, list) else []


def _covers(wide: Mapping[str, Value], narrow: Mapping[str, Value]) -> bool:
    """Whether `wide` lets in all that `narrow` does: the same ports, and the same or a larger source."""
    if any(wide.get(key) != narrow.get(key) for key in {*wide, *narrow} - _WORDS):
        return False
    return all(_inside(narrow.get(key), wide.get(key)) for key in _SOURCES)


def _inside(narrow: Value, wide: Value) -> bool:
    if narrow == wide:
        return True
    if not isinstance(narrow, str) or not isinstance(wide, str):
        return False
    try:
        small, large = (ipaddress.ip_network(text, strict=False) for text in (narrow, wide))
        # Of networks of different versions it raises TypeError.
        return small.subnet_of(large)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        return False


def iam_required(context: Context) -> Effect | None:
    """IAM authentication that becomes required for a secret: passwords are refused from then on.

    Source: Amazon RDS API, UserAuthConfig, IAMAuth.
    """
    if context.type != "AWS::RDS::DBProxy" or context.difference.top != "Auth":
        return None
    before, after = (list(_methods(side.properties.get("Auth"))) for side in (context.before, context.after))
    if "REQUIRED" not in after or before.count("REQUIRED") >= after.count("REQUIRED"):
        return None
    return Effect(
        Verdict.INTERRUPTION,
        "IAM authentication becomes required: clients that log in with a password are refused from then on",
        remedy="let clients log in with IAM tokens first (IAMAuth: DISABLED accepts passwords)",
        alert=True,
    )


def _methods(auth: Value) -> Iterator[Value]:
    for entry in auth if isinstance(auth, list) else ():
        if isinstance(entry, Mapping):
            yield entry.get("IAMAuth")
