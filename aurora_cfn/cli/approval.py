"""Showing a plan, guarding it, and asking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from aurora_cfn.cli.approval_costs import PlanCosts
from aurora_cfn.cli.console import Console
from aurora_cfn.cli.offered import offered
from aurora_cfn.errors import AwsError, InputError
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.model.review import Review, StackReview
from aurora_cfn.ports import CloudFormation

UNREADABLE = frozenset({"AccessDenied", "AccessDeniedException"})


@dataclass(frozen=True, slots=True)
class Approval:
    """How plans are approved in one run.

    `allow` names what may be replaced, `ask` asks the person, `console` shows them what for; `reviewed` hears of each
    review that the guard lets pass. `costs` are told where they are known.
    """

    cloudformation: CloudFormation
    console: Console
    ask: Callable[[str], bool]
    environment: str
    today: date
    allow: Sequence[str] = ()
    reviewed: Callable[[StackReview], None] = lambda _: None
    costs: PlanCosts | None = None

    def approve(self, plan: StackPlan) -> bool:
        """Show it; the person's answer. Raises GuardError for data loss that nobody allowed by name."""
        self.console.plan(plan)
        if plan.change_set is not None and not plan.creates:
            self._review(plan)
        else:
            self._cost(plan, None)
        return self.ask(f"Execute this change set on {plan.desired.name}?")

    def _review(self, plan: StackPlan) -> None:
        from aurora_cfn.report.review.text import text
        from aurora_cfn.review import allowed_by_flag, refuse
        from aurora_cfn.review.deployment import review_of

        allowed = allowed_by_flag(self.allow, (plan.desired.name, plan.desired.key))
        deployed = self._deployed(plan)
        try:
            found = review_of(plan, deployed, allowed, self.today, offered())
        except InputError as error:
            what = f"not reviewed against the deployed template, which cannot be read: {error}"
            self.console.review(plan.desired.key, f"{what}\n")
            deployed, found = None, review_of(plan, None, allowed, self.today)
        # The plan has just told its own notes.
        told = replace(found, notes=tuple(note for note in found.notes if note not in plan.notes))
        whole = Review("deployed", f"params/{self.environment}.yaml", (told,))
        self.console.review(plan.desired.key, text(whole), whole)
        self._cost(plan, deployed)
        refuse(found.refusals)
        self.reviewed(found)

    def _cost(self, plan: StackPlan, deployed: str | None) -> None:
        for panel in self.costs.panels(plan, deployed) if self.costs else ():
            self.console.cost(plan.desired.key, panel)

    def _deployed(self, plan: StackPlan) -> str | None:
        """The deployed template; None where the caller may not read it, which leaves the change set's own word."""
        assert plan.before is not None
        try:
            return self.cloudformation.template(plan.before.arn)
        except AwsError as error:
            if error.code not in UNREADABLE:
                raise
            self.console.review(plan.desired.key, f"not reviewed against the deployed template: {error}\n")
            return None
