"""A review as JSON, and the JSON Schema that it keeps to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aurora_cfn.model.change import Change, Effect, Refusal
from aurora_cfn.model.review import Panel, Review, StackReview

VERSION = 1
"""Grows when a field goes or changes its meaning; new fields do not count."""


def json_text(review: Review) -> str:
    """The document, two spaces deep."""
    return json.dumps(document(review), indent=2) + "\n"


def schema_text() -> str:
    """The published JSON Schema (draft 2020-12) of `json_text`."""
    return Path(__file__).with_name("review.schema.json").read_text(encoding="utf-8")


def document(review: Review) -> dict[str, Any]:
    """The review as plain values; verdicts are their words."""
    return {
        "version": VERSION,
        "before": review.before,
        "after": review.after,
        "summary": {
            "worst": review.worst.word if review.worst is not None else None,
            "refused": len(review.refusals()),
            **{verdict.word: count for verdict, count in review.counts().items()},
        },
        "stacks": [_stack(stack) for stack in review.stacks],
        "notes": list(review.notes),
        "panels": [_panel(panel) for panel in review.panels],
    }


def _stack(stack: StackReview) -> dict[str, Any]:
    return {
        "name": stack.name,
        "template": stack.template,
        "environment": stack.environment,
        "compared": stack.compared,
        "changes": [_change(change) for change in stack.changes],
        "refusals": [_refusal(refusal) for refusal in stack.refusals],
        "notes": list(stack.notes),
        "panels": [_panel(panel) for panel in stack.panels],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "section": change.section,
        "logical_id": change.logical_id,
        "renamed_from": change.renamed_from,
        "type": change.type,
        "verdict": change.verdict.word,
        "replaces": change.replaces,
        "stateful": change.stateful,
        "guarded": change.guarded,
        "path": change.path,
        "line": change.line,
        "source": change.source,
        "effects": [_effect(effect) for effect in change.effects],
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "verdict": effect.verdict.word,
        "sentence": effect.sentence,
        "key": effect.key,
        "way_out": effect.way_out,
        "before": effect.before,
        "after": effect.after,
        "causes": list(effect.causes),
        "maybe": effect.maybe,
        "fails": effect.fails,
        "alert": effect.alert,
        "guarded": effect.guarded,
        "line": effect.line,
    }


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "logical_id": refusal.logical_id,
        "sentence": refusal.sentence,
        "how": refusal.how,
        "verdict": refusal.verdict.word,
        "path": refusal.path,
        "line": refusal.line,
    }


def _panel(panel: Panel) -> dict[str, Any]:
    return {"title": panel.title, "lines": list(panel.lines), "data": dict(panel.data)}
