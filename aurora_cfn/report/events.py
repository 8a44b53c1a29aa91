"""The log of a run as lines for people, or as NDJSON with a versioned schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias

from aurora_cfn.report.text import shown

if TYPE_CHECKING:
    from aurora_cfn.model.event import StackEvent
    from aurora_cfn.model.finding import Finding
    from aurora_cfn.model.plan import StackPlan, StackResult
    from aurora_cfn.model.rds_database import DatabaseEvent

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
    "rds",
    "result",
    "proof",
    "error",
]  # fmt: skip
"""The kinds of lines of the log: the caller and environment (caller), a finding before the deployment (finding), a step
(step), a warning or note, a question answered by an option (consent), a change set before its approval (plan), its
effects (review) and cost (cost), the start of its execution (started), an event of CloudFormation (event) or of RDS
(rds), the result of a stack (result), a database that answered (proof), and the reason of the command's `exit_code`
(error)."""
SCHEMA = "aurora-cfn.log/1"
"""Version of the NDJSON lines; within a version fields are added, never renamed or removed."""


def event_line(key: str, event: StackEvent, elapsed: str, share: str, *, with_type: bool = True) -> str:
    """One event on one line: elapsed time, stack, progress, status, resource, type, and reason if any."""
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


def database_event_line(key: str, event: DatabaseEvent) -> str:
    """One event of RDS on one line: time, stack, cluster or instance, message."""
    return shown(f"{event.at:%Y-%m-%d %H:%M:%S}  {key}  {event.source}  {' '.join(event.message.split())}")


def database_event_json(key: str, event: DatabaseEvent) -> str:
    """One event of RDS as a JSON line."""
    return log_json("rds", key, {"at": event.at.isoformat(), "source": event.source, "message": event.message})


def result_json(result: StackResult) -> str:
    """The result of a stack as a JSON line."""
    seconds = round(result.seconds, 3)
    fields = {"name": result.name, "outcome": result.outcome, "seconds": seconds, "cause": result.cause}
    return log_json("result", result.key, fields)


def plan_json(plan: StackPlan) -> str:
    """A plan before its approval as a JSON line; `text` is the report for people."""
    # Imported here: commands about one database write lines of the log too, and have no plan.
    from aurora_cfn.report.plan import plan_text

    changes = plan.change_set.changes if plan.change_set else ()
    fields = {
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
    return log_json("plan", plan.desired.key, fields)


def finding_json(found: Finding) -> str:
    """A finding before the deployment as a JSON line."""
    fields = {"severity": found.severity, "rule": found.rule, "message": found.message}
    return log_json("finding", "", fields | {"path": found.path, "line": found.line, "key": found.key})


def log_json(kind: Kind, key: str, fields: Mapping[str, object]) -> str:
    """A JSON line of the log; its `stack` is the stack's key, empty if it is about all stacks."""
    return json.dumps({"schema": SCHEMA, "kind": kind, "stack": key, **fields}, ensure_ascii=False)


OUTCOME_TEXT = {
    "created": "created",
    "updated": "updated",
    "unchanged": "nothing to change",
    "previewed": "shown, not executed",
    "planned": "planned: its change set waits in AWS",
    "deferred": "not planned yet",
    "declined": "declined: nothing was changed",
    "failed": "failed",
    "refused": "not carried out",
    "unread": "not known: its state cannot be read",
    "skipped": "skipped",
    "detached": "still running",
    "deleted": "deleted",
    "recovered": "recovered",
}


def result_line(result: StackResult, elapsed: str) -> str:
    """The result of one stack; the cause of a failure is written at the end of the run."""
    why = f": {result.cause}" if result.outcome == "skipped" and result.cause else ""
    return f"{elapsed:>7}  {result.key}  {OUTCOME_TEXT[result.outcome]}{why}"
