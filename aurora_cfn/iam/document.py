"""Policy documents: statements, their JSON, and parts that are small enough for IAM.

Lengths are those of IAM and STS quotas (IAM User Guide, read 2026-11); white space does not count.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from aurora_cfn.model.value import Value

VERSION: Final = "2012-10-17"
"""The only version of the policy language in use (IAM User Guide, read 2026-11)."""
MANAGED: Final = 6_144
"""Most characters of a managed policy."""
INLINE: Final = 10_240
"""Most characters of all inline policies of a role together."""

Statement: TypeAlias = Mapping[str, Any]
Condition: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Operator to condition key to the value or values."""


def listed(value: Value) -> list[Value]:
    """The value as a list: IAM accepts a single entry without the list around it."""
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def statement(
    sid: str,
    actions: Iterable[str],
    resources: Sequence[str],
    condition: Condition | None = None,
    *,
    deny: bool = False,
) -> Statement:
    """One statement; a single resource has no list around it."""
    where: object = resources[0] if len(resources) == 1 else list(resources)
    made = {"Sid": sid, "Effect": "Deny" if deny else "Allow", "Action": list(actions), "Resource": where}
    return {**made, **({"Condition": condition} if condition else {})}


@dataclass(frozen=True, slots=True)
class Limit:
    """Resources of a statement, and the condition on them."""

    resources: tuple[str, ...]
    condition: Condition | None = None


ANYTHING: Final = Limit(("*",))


def numbered(sid: str, allowed: Iterable[tuple[str, Limit]]) -> Iterator[Statement]:
    """Statements for these actions, those with the same limit together; `sid` and a number is the name of each."""
    grouped: dict[str, tuple[Limit, set[str]]] = {}
    for action, limit in allowed:
        grouped.setdefault(json.dumps([limit.resources, limit.condition]), (limit, set()))[1].add(action)
    for number, (limit, actions) in enumerate(grouped.values(), 1):
        yield statement(f"{sid}{number}", sorted(actions), limit.resources, limit.condition)


def document(statements: Iterable[Statement]) -> dict[str, Any]:
    """A policy of these statements."""
    return {"Version": VERSION, "Statement": list(statements)}


def size(policy: Mapping[str, Any]) -> int:
    """Characters of a policy as IAM counts them."""
    return len("".join(json.dumps(policy, separators=(",", ":")).split()))


def split(policy: Mapping[str, Any], limit: int = MANAGED) -> list[dict[str, Any]]:
    """Policies of at most `limit` characters that together allow the same; each statement is in the first with room.

    A longer statement is divided at the longer of its lists, actions or resources; the parts get numbered Sids, since
    each Sid may be in a policy once.
    """
    parts: list[list[Statement]] = [[]]
    for whole in policy["Statement"]:
        for piece in _numbered(_pieces(whole, limit), limit):
            room = next((part for part in parts if not part or size(document([*part, piece])) <= limit), None)
            if room is None:
                parts.append(room := [])
            room.append(piece)
    return [document(part) for part in parts]


def _numbered(pieces: list[Statement], limit: int) -> list[Statement]:
    """The pieces of one statement with numbered Sids."""
    if len(pieces) == 1:
        return pieces
    smaller = [small for piece in pieces for small in _pieces(piece, limit - len(f"Part{len(pieces) * 2}"))]
    return [{**piece, "Sid": f"{piece['Sid']}Part{number}"} for number, piece in enumerate(smaller, 1)]


def _pieces(statement: Statement, limit: int) -> list[Statement]:
    if size(document([statement])) <= limit:
        return [statement]
    lists = [key for key in ("Action", "Resource") if isinstance(statement[key], list) and len(statement[key]) > 1]
    if not lists:
        return [statement]
    key = max(lists, key=lambda name: len(json.dumps(statement[name])))
    middle = len(statement[key]) // 2
    halves = ({**statement, key: rows} for rows in (statement[key][:middle], statement[key][middle:]))
    return [piece for half in halves for piece in _pieces(half, limit)]
