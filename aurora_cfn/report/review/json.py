"""A review as JSON, and its JSON Schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aurora_cfn.model.change import Effect, Refusal, Verdict
from aurora_cfn.model.review import Panel, Review, StackReview
from aurora_cfn.report.review.shared import SharedChange, counts, refuses, shared_changes, shared_refusals

VERSION = 2
"""Raised when a field is removed or changes its meaning, not for new fields."""


def json_text(review: Review) -> str:
    """The document as JSON text."""
    return json.dumps(document(review), indent=2) + "\n"


def schema_text() -> str:
    """The published JSON Schema (draft 2020-12) of `json_text`."""
    return Path(__file__).with_name("review.schema.json").read_text(encoding="utf-8")


def document(review: Review) -> dict[str, Any]:
    """The review as values for JSON."""
    rows = shared_changes(review)
    return {
        "version": VERSION,
        "before": review.before,
        "after": review.after,
        "summary": {
            "worst": review.worst.word if review.worst is not None else None,
            "refused": len(shared_refusals(review)),
            **{verdict.word: count for verdict, count in counts(rows).items()},
        },
        "stacks": [_stack(stack) for stack in review.stacks],
        "changes": [_change(row) for row in rows],
        "notes": list(review.notes),
        "panels": [_panel(panel) for panel in review.panels],
    }


def _stack(stack: StackReview) -> dict[str, Any]:
    return {
        "name": stack.name,
        "template": stack.template,
        "environment": stack.environment,
        "compared": stack.compared,
        "refusals": [_refusal(refusal) for refusal in stack.refusals],
        "notes": list(stack.notes),
        "panels": [_panel(panel) for panel in stack.panels],
    }


def _change(row: SharedChange) -> dict[str, Any]:
    change = row.change
    return {
        "kind": change.kind,
        "section": change.section,
        "logical_id": change.logical_id,
        "renamed_from": change.renamed_from,
        "type": change.type,
        "verdict": change.verdict.word,
        "outcome": change.outcome.word,
        "fails": change.fails,
        "replaces": change.replaces,
        "stateful": change.stateful,
        "guarded": change.guarded,
        "template": row.template.path,
        "path": change.path,
        "line": change.line,
        "source": change.source,
        "stacks": [_in(stack, row, verdicts.what) for verdicts in row.verdicts for stack in verdicts.stacks],
        "effects": [{**_effect(part.what), "stacks": [one.name for one in part.stacks]} for part in row.effects],
    }


def _in(stack: StackReview, row: SharedChange, verdict: Verdict) -> dict[str, Any]:
    return {
        "name": stack.name,
        "environment": stack.environment,
        "verdict": verdict.word,
        "refused": refuses(stack, row.change),
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "verdict": effect.verdict.word,
        "outcome": effect.outcome.word,
        "sentence": effect.sentence,
        "key": effect.key,
        # Programs read this key since 0.1.0; the text formats say "remedy".
        "way_out": effect.remedy,
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
