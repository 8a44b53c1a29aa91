"""The costs of a plan, shown before it is approved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from aurora_cfn.cost import CostedStack, cost_change
from aurora_cfn.errors import InputError
from aurora_cfn.facts.prices import price_list
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.model.review import Panel
from aurora_cfn.project.review.costs import written_side
from aurora_cfn.report.cost import cost_panel
from aurora_cfn.review.deployed import plan_sides
from aurora_cfn.template.side import Side


@dataclass(frozen=True, slots=True)
class PlanCosts:
    """The costs of the plans of one environment; the other stacks count as written, not as deployed."""

    environment: Environment
    _written: dict[str, Side] = field(default_factory=dict)

    def panels(self, plan: StackPlan, deployed: str | None) -> Iterator[Panel]:
        """One panel when the plan changes a cost, at the shipped list prices.

        `deployed` is the template in AWS, None where it cannot be read: then there is no panel, unless the stack is
        new.
        """
        if plan.change_set is None or (deployed is None and not plan.creates):
            return
        pair, entry = plan_sides(plan, deployed or ""), plan.desired.entry
        near = list(self._beside(entry, new=plan.creates))
        before, after = (
            [CostedStack(entry.key, _without_secrets(side, plan), entry.depends_on()), *near]
            for side in (pair.before, pair.after)
        )
        prices = price_list(self.environment.region)
        # First all lines: a new proxy also changes the cost of a database in another stack, which is then shown too.
        moved = {line.stack for both in cost_change(before, after, prices).lines for line in both if line}
        panel = cost_panel(cost_change(before, after, prices, only=moved | {entry.key}), plan.desired.name)
        if panel:
            yield panel

    def _beside(self, entry: EnvironmentStack, *, new: bool) -> Iterator[CostedStack]:
        """The stacks that it needs, and those that need it: a proxy, for example, keeps its database awake.

        No stack that needs a new one can exist yet.
        """
        for row in self.environment.stacks:
            if row.key in entry.depends_on() or (not new and entry.key in row.depends_on()):
                # A template that cannot be read has no cost; its own deployment says what is wrong.
                with suppress(InputError):
                    yield CostedStack(row.key, self._side(row), row.depends_on())

    def _side(self, row: EnvironmentStack) -> Side:
        if row.key not in self._written:
            self._written[row.key] = written_side(row, self.environment.region)
        return self._written[row.key]


def _without_secrets(side: Side, plan: StackPlan) -> Side:
    """The side with references instead of values that may be secret: the costs show parameter values."""
    given = plan.desired.entry.parameters
    shown = {name: given.get(name, "") if plan.hides(name) else value for name, value in side.parameters.items()}
    return replace(side, parameters=shown)
