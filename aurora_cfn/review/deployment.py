"""What a prepared deployment would do: the deployed template against the wanted one, and AWS's own word on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from aurora_cfn.facts.offered import NOTHING_OFFERED, Offered
from aurora_cfn.model.environment import AllowedReplacement
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.model.review import StackReview
from aurora_cfn.review.change_set import from_change_set
from aurora_cfn.review.changes import changes
from aurora_cfn.review.deployed import Sides, Wanted, sides
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
    found, notes = from_change_set(plan.change_set, _secrets(plan)), plan.notes
    if deployed is not None and plan.before is not None:
        pair = plan_sides(plan, deployed, offered)
        found = reconciled(changes(pair.before, pair.after), plan.change_set, _secrets(plan))
        notes += pair.notes
    refused = refusals(found, (*allowances, *desired.entry.allow_replace), today)
    return StackReview(desired.name, _path(plan), found, refused, compared="change set", notes=notes, key=desired.key)


def plan_sides(plan: StackPlan, deployed: str, offered: Offered = NOTHING_OFFERED) -> Sides:
    """The stack as it is deployed, EMPTY where it is new, and as the plan wants it. Raises as `review_of`."""
    assert plan.change_set is not None
    _, _, _, region, account, *_ = plan.change_set.stack_arn.split(":")
    wanted = Wanted(
        name=plan.desired.name,
        path=_path(plan),
        template=plan.desired.template,
        parameters=plan.parameters,
        tags=plan.desired.tags,
        region=region,
        account=account,
        protect=plan.desired.protect,
        secrets=frozenset(name for name in plan.parameters if plan.hides(name)),
        offered=offered,
    )
    return sides(plan.before, deployed, wanted)


def _path(plan: StackPlan) -> str:
    return f"templates/{plan.desired.entry.template}.yaml"


def _secrets(plan: StackPlan) -> frozenset[str]:
    """The values that must not be shown, wherever AWS repeats them."""
    before = plan.before.parameters if plan.before else {}
    names = [name for name in plan.parameters if plan.hides(name)]
    return frozenset(values[name] for values in (plan.parameters, before) for name in names if values.get(name))
