"""The approval of a plan: show it with its monthly cost, guard the data, ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from aurora_cfn.cli.terminal.console import Console
from aurora_cfn.errors import AwsError, InputError
from aurora_cfn.model.environment import AllowedReplacement
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.ports import CloudFormation
from aurora_cfn.project.user_cache import offered
from aurora_cfn.review.allowances import allowed_by_flag, tried_by_flag

if TYPE_CHECKING:
    from aurora_cfn.cli.runs.plan_costs import PlanCosts
    from aurora_cfn.model.review import StackReview
    from aurora_cfn.project.local_files import PackagedTemplate
    from aurora_cfn.review.deployed import Nested


@dataclass(frozen=True, slots=True)
class Approval:
    """How plans are shown for approval in one run.

    `allow` names what may be replaced, `tried` what may fail. `reviews` keeps each review that passed the guard, by
    the key of its stack. `costs` is None where nothing costs anything. `packaged` has the nested templates, by stack.
    """

    cloudformation: CloudFormation
    console: Console
    environment: str
    today: date
    allow: Sequence[str] = ()
    tried: Sequence[str] = ()
    reviews: dict[str, StackReview] = field(default_factory=dict)
    costs: PlanCosts | None = None
    packaged: Mapping[str, PackagedTemplate] = field(default_factory=dict)
    _deployed_texts: dict[str, str | AwsError] = field(default_factory=dict)

    def check(self, plan: StackPlan) -> None:
        """Raise KnownFailureError, for an update that is known to fail; GuardError where it would also lose data.

        Where the deployed template cannot be read, the change set alone counts, later.
        """
        from aurora_cfn.review.deployed import refused_beforehand
        from aurora_cfn.review.guard import refuse

        allowed, tried = self._named(plan)
        # What cannot be read here is judged by the change set, which is made next.
        with suppress(AwsError, InputError):
            deployed = self._deployed(plan)
            refuse(refused_beforehand(plan, deployed, allowed, self.today, offered(), tried, self._nested(plan)))

    def show(self, plan: StackPlan) -> None:
        """Show the plan with its review and its costs. Raises GuardError or KnownFailureError for what is refused."""
        if plan.change_set is None or plan.creates:
            self.console.plan(plan)
            self._cost(plan, None)
            return
        from aurora_cfn.model.review import Review
        from aurora_cfn.report.review.text import text
        from aurora_cfn.review.guard import refuse

        found, deployed, trouble = self._reviewed(plan)
        self.console.plan(plan.without_snapshots() if found.refusals else plan)
        if trouble:
            self.console.review(plan.desired.key, trouble)
        # The console has just shown the notes of the plan.
        shown = replace(found, notes=tuple(note for note in found.notes if note not in plan.notes))
        whole = Review("deployed", f"params/{self.environment}.yaml", (shown,))
        self.console.review(plan.desired.key, text(whole), whole)
        self._cost(plan, deployed)
        # After the report, in which the reason can be read.
        refuse(found.refusals)
        self.reviews[found.key] = found

    def _reviewed(self, plan: StackPlan) -> tuple[StackReview, str | None, str]:
        """The review, the deployed template, and a line on why that cannot be used: the change set alone counts then.

        Raises AwsError, unless the caller may not read the template.
        """
        from aurora_cfn.review.deployed import review_of

        allowed, tried = self._named(plan)
        try:
            deployed = self._deployed(plan)
            found = review_of(plan, deployed, allowed, self.today, offered(), tried, self._nested(plan))
            return found, deployed, ""
        except AwsError as error:
            if not error.denied:
                raise
            why = f"not reviewed against the deployed template: {error}\n"
        except InputError as error:
            why = f"not reviewed against the deployed template, which cannot be read: {error}\n"
        return review_of(plan, None, allowed, self.today, tried=tried), None, why

    def _named(self, plan: StackPlan) -> tuple[tuple[AllowedReplacement, ...], frozenset[str]]:
        """What the command line allows to be replaced in the stack of the plan, and what it tries anyway."""
        scopes = (plan.desired.name, plan.desired.key)
        return allowed_by_flag(self.allow, scopes), tried_by_flag(self.tried, scopes)

    def _nested(self, plan: StackPlan) -> Nested | None:
        """The deployed templates of nested stacks and those that are uploaded; None where the template names none."""
        package = self.packaged.get(plan.desired.key)
        if package is None or plan.before is None:
            return None
        # Most templates name no local file.
        from aurora_cfn.deploy.nested_stacks import DeployedNested
        from aurora_cfn.project.packaged_nested import PackagedNested
        from aurora_cfn.review.deployed import Nested

        return Nested(DeployedNested(self.cloudformation, plan.before.arn), PackagedNested(package.artifacts))

    def _cost(self, plan: StackPlan, deployed: str | None) -> None:
        for panel in self.costs.panels(plan, deployed) if self.costs else ():
            self.console.cost(plan.desired.key, panel)

    def _deployed(self, plan: StackPlan) -> str:
        """The deployed template, read once: it stays until the plan is executed. Raises AwsError."""
        assert plan.before is not None
        arn = plan.before.arn
        if arn not in self._deployed_texts:
            try:
                self._deployed_texts[arn] = self.cloudformation.template(arn)
            except AwsError as error:
                self._deployed_texts[arn] = error
        found = self._deployed_texts[arn]
        if isinstance(found, AwsError):
            raise found
        return found
