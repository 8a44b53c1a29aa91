"""Ingress rules that are removed: clients that no other rule allows lose access."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

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
    except ValueError:
        return False
    if isinstance(small, ipaddress.IPv4Network) and isinstance(large, ipaddress.IPv4Network):
        return small.subnet_of(large)
    if isinstance(small, ipaddress.IPv6Network) and isinstance(large, ipaddress.IPv6Network):
        return small.subnet_of(large)
    return False
