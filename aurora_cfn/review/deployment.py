"""What a prepared deployment would do: the deployed template against the wanted one, and AWS's own word on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from aurora_cfn.facts.offered import NOTHING_OFFERED, Offered
from aurora_cfn.model.change import Change
from aurora_cfn.model.environment import AllowedReplacement
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.model.review import StackReview
from aurora_cfn.model.stack import Stack
from aurora_cfn.review.change_sets import from_change_set
from aurora_cfn.review.changes import changes
from aurora_cfn.review.deployed import Wanted, sides
from aurora_cfn.review.guard import refusals
from aurora_cfn.review.reconcile import reconciled


def review_of(
    plan: StackPlan,
    deployed: str | None,
    allowances: Sequence[AllowedReplacement],
    today: date,
    offered: Offered = NOTHING_OFFERED,
) -> StackReview:
    """The review of one plan; `deployed` is the template in AWS, None where the stack is new or it may not be read.

    What may be a secret is compared and never shown. Raises InputError when a template cannot be read as one.
    """
    assert plan.change_set is not None
    desired = plan.desired
    path = f"templates/{desired.entry.template}.yaml"
    found, notes = from_change_set(plan.change_set, _secrets(plan)), plan.notes
    if deployed is not None and plan.before is not None:
        found, more = _both(plan, plan.before, deployed, path, offered)
        notes += more
    refused = refusals(found, (*allowances, *desired.entry.allow_replace), today)
    return StackReview(desired.name, path, found, refused, compared="change set", notes=notes, key=desired.key)


def _both(
    plan: StackPlan, stack: Stack, deployed: str, path: str, offered: Offered
) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    assert plan.change_set is not None
    wanted = Wanted(
        name=stack.name,
        path=path,
        template=plan.desired.template,
        parameters=plan.parameters,
        tags=plan.desired.tags,
        region=stack.region,
        account=stack.account,
        protect=plan.desired.protect,
        secrets=frozenset(name for name in plan.parameters if plan.hides(name)),
        offered=offered,
    )
    pair = sides(stack, deployed, wanted)
    found = changes(pair.before, pair.after)
    return reconciled(found, plan.change_set, _secrets(plan)), pair.notes


def _secrets(plan: StackPlan) -> frozenset[str]:
    """The values that must not be shown, wherever AWS repeats them."""
    before = plan.before.parameters if plan.before else {}
    names = [name for name in plan.parameters if plan.hides(name)]
    return frozenset(values[name] for values in (plan.parameters, before) for name in names if values.get(name))
