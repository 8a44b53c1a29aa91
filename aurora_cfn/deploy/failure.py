"""Why an operation failed, in words."""

from __future__ import annotations

from collections.abc import Sequence

from aurora_cfn.deploy.cause import first_cause, followers, half_made, left_behind
from aurora_cfn.deploy.engine import Engine
from aurora_cfn.deploy.hints import hint
from aurora_cfn.deploy.situation import is_stuck
from aurora_cfn.errors import DeployError, StuckError
from aurora_cfn.model.event import StackEvent

HALF_MADE = frozenset({"CREATE_FAILED", "ROLLBACK_FAILED"})
"""Ends of a creation after which all that it made is there."""
STUCK = HALF_MADE | {"UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED", "DELETE_FAILED"}
"""Ends out of which no deployment leads."""


def failed(status: str, text: str) -> DeployError:
    """The error for a stack that ended in that status: a kind of its own where it is stuck there."""
    return StuckError(text) if is_stuck(status) else DeployError(text)


def why_failed(engine: Engine, name: str, end: StackEvent, events: Sequence[StackEvent]) -> str:
    """The first true cause ahead of everything, then what to do, what followed and what is left behind."""
    told = failure_text(name, end, engine.failures.joined(engine.cloudformation, end.stack_arn, events))
    out = f"\n  the way out: `aurora-cfn recover {engine.where}` names it, and goes it after asking"
    return told + (out if end.status in STUCK else "")


def failure_text(name: str, end: StackEvent, events: Sequence[StackEvent]) -> str:
    """The same of events that are complete."""
    cause = first_cause(events)
    if cause is None:
        return f"{name} ended in {end.status}: {end.reason or 'CloudFormation gave no reason'}"
    where = cause.logical_id if cause.stack_name == name else f"{cause.stack_name}/{cause.logical_id}"
    lines = [f"{where} ({cause.type}): {cause.reason or cause.status}"]
    advice = hint(cause.reason)
    lines += [f"  what to do: {advice}"] if advice else []
    lines.append(f"  {name} ended in {end.status}")
    also = [event.logical_id for event in followers(events, cause)]
    lines += [f"  failed after it: {', '.join(dict.fromkeys(also))}"] if also else []
    behind = half_made(events) if end.status in HALF_MADE else left_behind(events)
    lines += [f"  left behind: {event.logical_id} ({event.physical_id})" for event in behind]
    return "\n".join(lines)
