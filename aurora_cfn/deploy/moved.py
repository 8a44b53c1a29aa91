"""What is not as it was when a plan was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aurora_cfn.deploy.plan_file import moment, settings, sha256, shown_parameters
from aurora_cfn.model.change_set import ChangeSet
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.model.plan_file import PlannedStack
from aurora_cfn.model.stack import Stack

UNTOLD = "****"
"""What AWS says in place of the value of a NoEcho parameter."""


def moved_inputs(planned: PlannedStack, plan: StackPlan) -> Iterator[str]:
    """How template, parameters, tags and settings differ from the planned ones, a sentence each; no secret is told."""
    desired = plan.desired
    if sha256(desired.template) != planned.template_sha256:
        yield f"the template templates/{desired.entry.template}.yaml has changed"
    yield from _differing("the parameter", planned.parameters, shown_parameters(plan))
    yield from _differing("the tag", planned.tags, desired.tags)
    yield from _differing("the setting", planned.settings, settings(desired))


def moved_values(plan: StackPlan, change_set: ChangeSet) -> Iterator[str]:
    """Values behind references that are not those of the change set; what AWS does not tell cannot be compared."""
    for name, value in plan.parameters.items():
        told = change_set.parameters.get(name, UNTOLD)
        if plan.hides(name) and told not in {UNTOLD, value}:
            yield f"the value behind the parameter {name} has changed"


def moved_stack(planned: PlannedStack, stack: Stack | None, newest: str | None) -> Iterator[str]:
    """How the stack differs from the one that was planned against."""
    if stack is None or stack.status == "DELETE_COMPLETE":
        yield "the stack was deleted"
    elif planned.creates:
        if stack.status != "REVIEW_IN_PROGRESS":
            yield f"the stack was to be created and is in {stack.status}"
    elif stack.status != planned.status:
        yield f"the stack was changed since: it went from {planned.status} to {stack.status}"
    elif moment(stack) != planned.updated or newest != planned.event:
        yield f"the stack was changed since (last at {moment(stack) or 'a time that AWS does not tell'})"


def _differing(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield f"{what} {name} is not given any more"
        elif name not in old:
            yield f"{what} {name} is new"
        elif old[name] != new[name]:
            yield f"{what} {name} was {old[name]} and is {new[name]}"
