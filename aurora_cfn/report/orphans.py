"""An orphaned stack in a sentence, and as JSON."""

from __future__ import annotations

from aurora_cfn.model.orphan import Orphan
from aurora_cfn.model.value import Value


def orphan_text(row: Orphan, environment: str, cli_options: str = "") -> str:
    """What runs although no params file has it, what it costs, and the command that removes it."""
    path = f"params/{row.environment}.yaml"
    why = f"is not in {path} any more" if row.file_exists else f"belonged to {path}, which is gone"
    costs = f", and costs about {row.costs}" if row.costs else ""
    named = "" if row.environment == environment else f" --stack {row.name}"
    command = f"`aurora-cfn destroy --env {environment}{cli_options} --orphans{named}`"
    return f"{row.name} {why}, but still runs ({row.stack.status}){costs}: {command} removes it"


def orphan_json(row: Orphan) -> dict[str, Value]:
    """The same as data."""
    return {
        "name": row.name,
        "arn": row.stack.arn,
        "status": row.stack.status,
        "environment": row.environment,
        "file_exists": row.file_exists,
        "costs": row.costs or None,
    }
