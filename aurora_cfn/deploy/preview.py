"""What a deployment would change, without executing it: a change set that is deleted again, or a comparison of
templates where no change set can be created because prerequisites are missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aurora_cfn.deploy.context import Context
from aurora_cfn.deploy.prepare import discard, prepare, refuse_unready
from aurora_cfn.deploy.stack_status import is_created
from aurora_cfn.model.change_set import ChangeSet
from aurora_cfn.model.environment import OutputRef, flat
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import DesiredStack, StackResult
from aurora_cfn.model.stack import Stack
from aurora_cfn.template.resources import written_resources
from aurora_cfn.yamltext import read_template


class WarningsOnly:
    """A listener that shows nothing and keeps the warnings."""

    def __init__(self) -> None:
        """No warning yet."""
        self.warnings: list[str] = []

    def step(self, key: str, text: str) -> None:
        """Nothing."""

    def warn(self, key: str, text: str) -> None:
        """Keep it."""
        self.warnings.append(f"{key}: {text}")

    def started(self, key: str, resources: int) -> None:
        """Nothing."""

    def event(self, key: str, event: StackEvent) -> None:
        """Nothing."""

    def ended(self, result: StackResult) -> None:
        """Nothing."""


def previewed(
    context: Context, desired: DesiredStack, parameters: Mapping[str, str], before: Stack | None
) -> ChangeSet | None:
    """The change set with its property values, None when nothing would change; it is deleted again before this returns.

    Raises what `prepare` raises.
    """
    plan = prepare(context, desired, parameters, before)
    discard(context, plan)
    return plan.change_set


def missing_prerequisites(
    wanted: DesiredStack, deployed: Callable[[str], Stack | None], pending: Mapping[str, DesiredStack]
) -> list[str]:
    """What the stack needs first, a phrase each; empty when its change set can be made.

    `deployed` gives a stack of the environment by its key; `pending` are the stacks of this run that would change. An
    output that their templates lack too is left out: no deployment would add it, and resolving it raises the error.
    """
    needed = sorted(wanted.entry.depends_on())
    down = [key for key in needed if not is_created(deployed(key))]
    phrases = [f"{', '.join(down)}, which is not deployed yet"] if down else []
    # A stack that is not deployed lacks all outputs, and was named above.
    for key in (key for key in needed if key in pending and key not in down):
        names = list(_added(wanted, deployed(key), pending[key]))
        if names:
            noun = f"output{'s' * (len(names) > 1)} {', '.join(names)}"
            phrases.append(f"the {noun} of {key}, which only its pending update adds")
    return phrases


def _added(wanted: DesiredStack, stack: Stack | None, pending: DesiredStack) -> Iterator[str]:
    asked = {
        value.output
        for value in flat(wanted.entry.parameters.values())
        if isinstance(value, OutputRef) and value.stack == pending.key
    }
    value: Any = read_template(pending.template, pending.entry.template).value
    declared = value.get("Outputs") or {}
    return (name for name in sorted(asked) if name in declared and stack is not None and stack.output(name) is None)


def preview_from_template(context: Context, desired: DesiredStack, reason: str, remedy: str) -> StackResult:
    """Show what the template alone says; the result and a warning say why there is no change set, and what to do.

    Raises BusyError or DeployError when the stack is in a status that cannot be deployed to.
    """
    before = context.cloudformation.stack(desired.name)
    move = refuse_unready(context, desired, before).move
    verb = "updated" if move == "update" else "created"
    given = {name: value for name, value in desired.entry.parameters.items() if isinstance(value, str)}
    written = written_resources(desired.template, desired.name, given)
    rows = {name: str(row.get("Type")) for name, row in written.items()}
    # All resources, also those whose condition may not hold: without values that is not known.
    width = max(map(len, rows), default=0)
    count = f"{len(rows)} resource{'s' * (len(rows) != 1)}"
    lines = [f"{desired.name} would be {verb} from a template of {count}:"]
    context.listener.step(
        desired.key, "\n".join([*lines, *(f"  {name:<{width}}  {kind}" for name, kind in rows.items())])
    )
    context.listener.warn(desired.key, f"no change set was made: {reason}; {remedy}")
    return StackResult(desired.key, desired.name, "deferred", stack=None, cause=reason)
