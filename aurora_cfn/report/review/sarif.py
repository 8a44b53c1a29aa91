"""A review as SARIF 2.1.0 for code scanning: one result for each effect, at its line of the template."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from aurora_cfn import __version__
from aurora_cfn.model.change import Change, Effect, Verdict
from aurora_cfn.model.review import Review
from aurora_cfn.report.findings import SCHEMA
from aurora_cfn.report.review.github import message, place
from aurora_cfn.report.review.shared import InStacks, SharedChange, refuses, shared_changes
from aurora_cfn.report.review.words import level, stack_names

_MEANINGS = {
    Verdict.DATA_LOSS: ("Data is lost", "error"),
    Verdict.FAILS: ("AWS refuses the update or rolls it back", "error"),
    Verdict.NOT_JUDGED: ("Only CloudFormation can work out what changes", "warning"),
    Verdict.REPLACE: ("A physical resource goes", "warning"),
    Verdict.INTERRUPTION: ("Connected clients are affected", "warning"),
    Verdict.IN_PLACE: ("Updated in place", "note"),
    Verdict.METADATA: ("Nothing that is deployed changes", "note"),
}
_ORDER = sorted(Verdict, reverse=True)


def sarif(review: Review) -> str:
    """The SARIF document; without changes of metadata, which need no action."""
    results = [
        _result(row, effect)
        for row in shared_changes(review)
        for effect in row.effects
        if effect.what.outcome > Verdict.METADATA or effect.what.alert
    ]
    driver = {
        "name": "aurora-cfn",
        "version": __version__,
        "rules": [_rule(verdict) for verdict in _ORDER],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(verdict: Verdict) -> dict[str, Any]:
    sentence, default = _MEANINGS[verdict]
    return {
        "id": f"review/{verdict.word}",
        "name": verdict.name.title().replace("_", ""),
        "shortDescription": {"text": sentence},
        "defaultConfiguration": {"level": default},
    }


def _result(row: SharedChange, part: InStacks[Effect]) -> dict[str, Any]:
    change, effect = row.change, part.what
    refused = (effect.guarded or (effect.fails and not effect.maybe)) and any(
        refuses(stack, change) for stack in part.stacks
    )
    path, line = place(change, effect)
    found: dict[str, Any] = {
        "ruleId": f"review/{effect.outcome.word}",
        "ruleIndex": _ORDER.index(effect.outcome),
        "level": _level(change, effect, refused),
        "message": {"text": message(change, effect, stack_names(row.template, part.stacks))},
        "partialFingerprints": {"change/v2": _fingerprint(row, part)},
    }
    if path:
        physical = {"artifactLocation": {"uri": path}, "region": {"startLine": max(line, 1)}}
        found["locations"] = [{"physicalLocation": physical}]
    return found


def _level(change: Change, effect: Effect, refused: bool) -> str:
    alone = Change(change.kind, change.section, change.logical_id, (effect,))
    return level(alone, refused)


def _fingerprint(row: SharedChange, part: InStacks[Effect]) -> str:
    """A hash that stays the same between pushes, and when another environment starts to use the template."""
    change, effect = row.change, part.what
    # The stacks count only where they differ, so that the fingerprint survives another environment.
    own = [stack.name for stack in part.stacks] if len(part.stacks) < len(row.stacks) else []
    parts = (row.template.path, change.path, change.section, change.logical_id, effect.key, effect.verdict.word, *own)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
