"""The status of an environment as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aurora_cfn.model.database_copy import CopyStack
from aurora_cfn.model.environment_status import EnvironmentStatus, Orphan, StackStatus
from aurora_cfn.model.stack import Stack
from aurora_cfn.model.value import Value
from aurora_cfn.report.text import amount, shown

if TYPE_CHECKING:
    from aurora_cfn.model.review import StackReview

SCHEMA = 1
NONE = "NOT_DEPLOYED"


def status_text(status: EnvironmentStatus) -> str:
    """A paragraph for each stack, and a last line that says whether all are as committed."""
    commit = status.git_commit[:12]
    lines = [line for row in status.stacks for line in _stanza(status, row)]
    lines += [orphan_text(row, status.environment) for row in status.orphans]
    lines += [_copy(status, row) for row in status.copies]
    written = f"what is committed at {commit}" if commit else "what is written (nothing is committed here)"
    lines += map(shown, status.swapped)
    off = [row.key for row in status.stacks if not status.as_written(row)]
    off += [row.name for row in status.orphans]
    off += ["code of functions"] * bool(status.swapped)
    answer = f"not {written}: {', '.join(off)}" if off else written
    return "\n".join([*lines, f"what runs in {status.environment} is {answer}"]) + "\n"


def status_json(status: EnvironmentStatus) -> str:
    """The same as JSON; `schema` is the version of its fields."""
    document = {
        "schema": SCHEMA,
        "environment": status.environment,
        "git_commit": status.git_commit,
        "dirty": status.dirty,
        "as_written": status.same,
        "stacks": [_row(status, row) for row in status.stacks],
        "orphans": [orphan_json(row) for row in status.orphans],
        "copies": [
            {
                "name": row.stack.name,
                "status": row.stack.status,
                "kind": row.kind,
                "of": row.of,
                "ends": status.ends.get(row.stack.name),
            }
            for row in status.copies
        ],
        "function_code": list(status.swapped),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _copy(status: EnvironmentStatus, row: CopyStack) -> str:
    words = ", ".join(filter(None, (row.words, status.ends.get(row.stack.name))))
    return f"{row.stack.name} {row.stack.status} {_moment(row.stack)}\n  {words}"


def _stanza(status: EnvironmentStatus, row: StackStatus) -> Iterator[str]:
    state = row.stack.status if row.stack else NONE
    yield " ".join(filter(None, (row.name, state, _moment(row.stack))))
    if row.deployed:
        yield f"  deployed by: {shown(row.deployed)}"
    if status.git_commit:
        yield f"  commit {status.git_commit[:12]}: {_differences(row, row.head)}"
    if status.dirty or not status.git_commit:
        yield f"  worktree: {_differences(row, row.worktree)}"
    yield from (f"  note: {note}" for note in dict.fromkeys(_notes(row)))


def _differences(row: StackStatus, side: StackReview | None) -> str:
    if side is None:
        return "does not have this stack"
    count = len(side.changes)
    if row.stack is None:
        return "not deployed"
    if not count:
        # Equal templates do not mean a good stack: the last update may have failed and been rolled back to them.
        return "as deployed" if row.settled else "as deployed, but its last operation did not end well or still runs"
    names = ", ".join(dict.fromkeys(change.logical_id for change in side.changes[:5]))
    worst = max(change.verdict for change in side.changes).word
    return f"{amount(count, 'difference')} ({worst} at worst): {names}{', ...' * (count > 5)}"


def _notes(row: StackStatus) -> Iterator[str]:
    for side in (row.head, row.worktree) if row.stack else ():
        yield from side.notes if side else ()


def _row(status: EnvironmentStatus, row: StackStatus) -> dict[str, Value]:
    return {
        "key": row.key,
        "name": row.name,
        "arn": row.stack.arn if row.stack else None,
        "status": row.stack.status if row.stack else NONE,
        "updated": _moment(row.stack) or None,
        "deployed_by": row.deployed or None,
        "as_written": status.as_written(row),
        "commit": _side(row.head),
        "worktree": _side(row.worktree),
    }


def _side(side: StackReview | None) -> Value:
    if side is None:
        return None
    rows: list[Value] = [
        {"kind": row.kind, "section": row.section, "logical_id": row.logical_id, "verdict": row.verdict.word}
        for row in side.changes
    ]
    return {"changes": rows, "notes": list(side.notes)}


def _moment(stack: Stack | None) -> str:
    at = (stack.updated or stack.created) if stack else None
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""


def orphan_text(row: Orphan, environment: str, cli_options: str = "") -> str:
    """What runs although no params file has it, what it costs, and the command that removes it."""
    path = f"params/{row.environment}.yaml"
    why = f"is not in {path} any more" if row.file_exists else f"belonged to {path}, which is gone"
    costs = f", and costs about {row.costs}" if row.costs else ""
    named = "" if row.environment == environment else f" --stack {row.name}"
    command = f"`aurora-cfn destroy --env {environment}{cli_options} --orphans{named}`"
    return f"{row.name} {why}, but still runs ({row.stack.status}){costs}: {command} removes it"


def orphan_json(row: Orphan) -> dict[str, Value]:
    """The orphan as JSON."""
    return {
        "name": row.name,
        "arn": row.stack.arn,
        "status": row.stack.status,
        "environment": row.environment,
        "file_exists": row.file_exists,
        "costs": row.costs or None,
    }
