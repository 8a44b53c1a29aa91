"""What can be told of a stack without a change set."""

from __future__ import annotations

from typing import Any

from aurora_cfn.deploy.engine import Engine
from aurora_cfn.deploy.prepare import refuse_unready
from aurora_cfn.model.plan import DesiredStack, StackResult
from aurora_cfn.yamltext import read_template


def foretold(engine: Engine, desired: DesiredStack, reason: str, remedy: str) -> StackResult:
    """What the template alone can tell of the stack; the result says why there is no change set, and what to do.

    Raises BusyError or DeployError when not even the stack can be had as it is.
    """
    before = engine.cloudformation.stack(desired.name)
    move = refuse_unready(engine, desired, before).move
    verb = "updated" if move == "update" else "created"
    value: Any = read_template(desired.template, desired.name).value
    rows = {name: str(row.get("Type")) for name, row in value["Resources"].items()}
    width = max(map(len, rows), default=0)
    count = f"{len(rows)} resource{'s' * (len(rows) != 1)}"
    lines = [f"{desired.name} would be {verb} from a template of {count}:"]
    engine.listener.step(
        desired.key, "\n".join([*lines, *(f"  {name:<{width}}  {kind}" for name, kind in rows.items())])
    )
    engine.listener.warn(desired.key, f"no change set was made: {reason}; {remedy}")
    return StackResult(desired.key, desired.name, "deferred", stack=None, cause=reason)
