"""What a prepared deployment would do: the deployed template against the wanted one, and AWS's own word on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from aurora_cfn.model.change import Change
from aurora_cfn.model.change_set import ChangeSet
from aurora_cfn.model.environment import AllowedReplacement, ParameterValue
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.model.review import StackReview
from aurora_cfn.model.stack import Stack
from aurora_cfn.review.change_sets import from_change_set, reconciled
from aurora_cfn.review.changes import changes
from aurora_cfn.review.guard import refusals
from aurora_cfn.review.side import Side, template_of
from aurora_cfn.yamltext import read_template

HIDDEN = "****"
"""What CloudFormation tells of a NoEcho parameter, and what we tell of a value that may be a secret."""


def review_of(
    plan: StackPlan, deployed: str | None, allowances: Sequence[AllowedReplacement], today: date
) -> StackReview:
    """The review of one plan; `deployed` is the template in AWS, None where the stack is new or it may not be read.

    Raises InputError when a template cannot be read as one.
    """
    assert plan.change_set is not None
    path = f"templates/{plan.desired.entry.template}.yaml"
    found = from_change_set(plan.change_set)
    if deployed is not None and plan.before is not None:
        found = _both(plan, plan.before, deployed, path, plan.change_set)
    refused = refusals(found, (*allowances, *plan.desired.entry.allow_replace), today)
    return StackReview(plan.desired.name, path, found, refused, compared="change set", notes=plan.notes)


def _both(plan: StackPlan, stack: Stack, deployed: str, path: str, change_set: ChangeSet) -> tuple[Change, ...]:
    old, new = _values(plan, stack)
    before = _side(deployed, path, old, stack.tags, stack)
    after = _side(plan.desired.template, path, new, plan.desired.tags, stack)
    return reconciled(changes(before, after), change_set)


def _side(text: str, path: str, values: Mapping[str, ParameterValue], tags: Mapping[str, str], stack: Stack) -> Side:
    document = read_template(text, path)
    template = template_of(document, path)
    return Side(template, values, tags, document.lines, path, stack.name, stack.region, stack.account)


def _values(plan: StackPlan, stack: Stack) -> tuple[dict[str, ParameterValue], dict[str, ParameterValue]]:
    """Values of both sides; what may be a secret appears only where it changes, and then masked."""
    old: dict[str, ParameterValue] = dict(stack.parameters)
    new: dict[str, ParameterValue] = dict(plan.parameters)
    for name, value in plan.parameters.items():
        source = plan.desired.entry.parameters.get(name)
        if name in plan.desired.secrets and old.get(name) == HIDDEN:
            new[name] = HIDDEN
        elif source is not None and not isinstance(source, str) and plan.hides(name) and old.get(name) != value:
            old[name], new[name] = HIDDEN, source
    return old, new
