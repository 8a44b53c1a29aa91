"""Events as lines: for a person, or as NDJSON with a versioned schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal, TypeAlias

from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.finding import Finding
from aurora_cfn.model.plan import StackPlan, StackResult
from aurora_cfn.report.plan import plan_text
from aurora_cfn.report.text import shown

Kind: TypeAlias = Literal[
    "caller",
    "finding",
    "step",
    "note",
    "warning",
    "consent",
    "plan",
    "review",
    "cost",
    "started",
    "event",
    "result",
    "proof",
    "error",
]  # fmt: skip
"""What a line of the log is: who works where (caller), what was found before anything is sent (finding), what began or
was found (step), what a person should know (warning, or note), a question that nobody is asked with its answer
(consent), a change set that waits for its approval (plan), what it means (review) and costs (cost), that its execution
began (started), an event of CloudFormation (event), what came of a stack (result), a database that answered (proof),
and why the command ends with its `exit_code` (error)."""
SCHEMA = "aurora-cfn.log/1"
"""Version of the NDJSON lines: fields are added within a version, never renamed or removed."""


def event_line(key: str, event: StackEvent, elapsed: str, share: str, *, with_type: bool = True) -> str:
    """One event on one line: elapsed time, stack, progress, status, resource, type, and the reason if there is one."""
    name = event.logical_id if not event.of_stack else event.stack_name
    reason = f"  {' '.join(event.reason.split())}" if event.reason else ""
    kind = f"  {event.type}" if with_type else ""
    return shown(f"{elapsed:>7}  {key}  {share:>5}  {event.status:<20}  {name}{kind}{reason}")


def event_json(key: str, event: StackEvent) -> str:
    """One event as a JSON line."""
    return log_json(
        "event",
        key,
        {
            "id": event.id,
            "at": event.at.isoformat(),
            "stack_arn": event.stack_arn,
            "logical_id": event.logical_id,
            "physical_id": event.physical_id,
            "type": event.type,
            "status": event.status,
            "reason": event.reason,
        },
    )


def result_json(result: StackResult) -> str:
    """What came of a stack as a JSON line."""
    told = {"name": result.name, "outcome": result.outcome, "seconds": round(result.seconds, 3), "cause": result.cause}
    return log_json("result", result.key, told)


def plan_json(plan: StackPlan) -> str:
    """A plan that waits for its approval as a JSON line; `text` is what a person would read of it."""
    changes = plan.change_set.changes if plan.change_set else ()
    told = {
        "name": plan.desired.name,
        "creates": plan.creates,
        "changes": [
            {"action": row.action, "logical_id": row.logical_id, "type": row.type, "replacement": row.replacement}
            for row in changes
        ],
        "policy": plan.policy,
        "opened": list(plan.opened),
        "notes": list(plan.notes),
        "text": plan_text(plan),
    }
    return log_json("plan", plan.desired.key, told)


def finding_json(found: Finding) -> str:
    """What was found before anything is sent as a JSON line."""
    told = {"severity": found.severity, "rule": found.rule, "message": found.message}
    return log_json("finding", "", told | {"path": found.path, "line": found.line, "key": found.key})


def log_json(kind: Kind, key: str, told: Mapping[str, object]) -> str:
    """A line of the log; `stack` is the key of the stack, empty for what concerns all."""
    return json.dumps({"schema": SCHEMA, "kind": kind, "stack": key, **told}, ensure_ascii=False)


OUTCOME_TEXT = {
    "created": "created",
    "updated": "updated",
    "unchanged": "nothing to change",
    "previewed": "shown, not executed",
    "planned": "planned: its change set waits in AWS",
    "deferred": "not planned yet",
    "declined": "declined: nothing was changed",
    "failed": "failed",
    "refused": "not deployed",
    "skipped": "skipped",
    "detached": "still running",
    "deleted": "deleted",
    "recovered": "recovered",
}


def result_line(result: StackResult, elapsed: str) -> str:
    """The last word on one stack; the error of one that failed is told at the end of the run."""
    why = f": {result.cause}" if result.outcome == "skipped" and result.cause else ""
    return f"{elapsed:>7}  {result.key}  {OUTCOME_TEXT[result.outcome]}{why}"
