"""Policies that IAM takes: how long one is, and one that is too long as several.

Lengths are those of IAM and STS quotas (IAM User Guide, read 2026-11); white space does not count.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from aurora_cfn.report.policy import VERSION

MANAGED: Final = 6_144
"""Characters of a managed policy."""
INLINE: Final = 10_240
"""Characters of all inline policies of a role together."""

Statement: TypeAlias = Mapping[str, Any]


def size(policy: Mapping[str, Any]) -> int:
    """Characters of a policy as IAM counts them."""
    return len("".join(json.dumps(policy, separators=(",", ":")).split()))


def split(policy: Mapping[str, Any], limit: int = MANAGED) -> list[dict[str, Any]]:
    """Policies of at most `limit` characters that together allow the same; in the same order, as few as fit so.

    A statement longer than that is divided, first by the longer of its lists, of actions or of resources, and its parts
    are numbered: IAM takes each Sid once in a policy.
    """
    parts: list[list[Statement]] = [[]]
    for whole in policy["Statement"]:
        for piece in _numbered(_pieces(whole, limit), limit):
            if parts[-1] and size(_policy([*parts[-1], piece])) > limit:
                parts.append([])
            parts[-1].append(piece)
    return [_policy(part) for part in parts]


def _policy(statements: Sequence[Statement]) -> dict[str, Any]:
    return {"Version": VERSION, "Statement": list(statements)}


def _numbered(pieces: list[Statement], limit: int) -> list[Statement]:
    """The pieces of one statement with Sids of their own."""
    if len(pieces) == 1:
        return pieces
    smaller = [small for piece in pieces for small in _pieces(piece, limit - len(f"Part{len(pieces) * 2}"))]
    return [{**piece, "Sid": f"{piece['Sid']}Part{number}"} for number, piece in enumerate(smaller, 1)]


def _pieces(statement: Statement, limit: int) -> list[Statement]:
    if size(_policy([statement])) <= limit:
        return [statement]
    lists = [key for key in ("Action", "Resource") if isinstance(statement[key], list) and len(statement[key]) > 1]
    if not lists:
        return [statement]
    key = max(lists, key=lambda name: len(json.dumps(statement[name])))
    middle = len(statement[key]) // 2
    halves = ({**statement, key: rows} for rows in (statement[key][:middle], statement[key][middle:]))
    return [piece for half in halves for piece in _pieces(half, limit)]
