"""The approval of a plan: show it with its monthly cost, guard the data, check the names in `--allow-replace`, ask."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from aurora_cfn.cli.terminal.console import Console
from aurora_cfn.cost import CostedStack, cost_change
from aurora_cfn.environment.shapes import closest
from aurora_cfn.errors import AwsError, Complaint, InputError
from aurora_cfn.facts.prices import price_list
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.model.review import Panel, Review, StackReview
from aurora_cfn.ports import CloudFormation
from aurora_cfn.project.review.costs import written_side
from aurora_cfn.project.user_cache import offered
from aurora_cfn.report.cost import cost_panel
from aurora_cfn.review import unmatched
from aurora_cfn.review.deployed import exists, plan_sides
from aurora_cfn.review.guard import COMMAND_LINE
from aurora_cfn.template.side import Side, template_of
from aurora_cfn.yamltext import read_template


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


@dataclass(frozen=True, slots=True)
class Approval:
    """How plans are shown for approval in one run.

    `allow` names what may be replaced, `tried` what may fail. `reviews` keeps each review that passed the guard, by
    the key of its stack. `costs` is None where nothing costs anything.
    """

    cloudformation: CloudFormation
    console: Console
    environment: str
    today: date
    allow: Sequence[str] = ()
    tried: Sequence[str] = ()
    reviews: dict[str, StackReview] = field(default_factory=dict)
    costs: PlanCosts | None = None

    def show(self, plan: StackPlan) -> None:
        """Show the plan with its review and its costs. Raises GuardError or KnownFailureError for what is refused."""
        self.console.plan(plan)
        if plan.change_set is not None and not plan.creates:
            self._review(plan)
        else:
            self._cost(plan, None)

    def _review(self, plan: StackPlan) -> None:
        from aurora_cfn.report.review.text import text
        from aurora_cfn.review import allowed_by_flag, refuse, tried_by_flag
        from aurora_cfn.review.deployed import review_of

        scopes = (plan.desired.name, plan.desired.key)
        allowed, tried = allowed_by_flag(self.allow, scopes), tried_by_flag(self.tried, scopes)
        deployed = self._deployed(plan)
        try:
            found = review_of(plan, deployed, allowed, self.today, offered(), tried)
        except InputError as error:
            what = f"not reviewed against the deployed template, which cannot be read: {error}"
            self.console.review(plan.desired.key, f"{what}\n")
            deployed, found = None, review_of(plan, None, allowed, self.today, tried=tried)
        # The console has just shown the notes of the plan.
        shown = replace(found, notes=tuple(note for note in found.notes if note not in plan.notes))
        whole = Review("deployed", f"params/{self.environment}.yaml", (shown,))
        self.console.review(plan.desired.key, text(whole), whole)
        self._cost(plan, deployed)
        # After the report, in which the reason can be read.
        refuse(found.refusals)
        self.reviews[found.key] = found

    def _cost(self, plan: StackPlan, deployed: str | None) -> None:
        for panel in self.costs.panels(plan, deployed) if self.costs else ():
            self.console.cost(plan.desired.key, panel)

    def _deployed(self, plan: StackPlan) -> str | None:
        """The deployed template; None where the caller may not read it: the change set alone is reviewed then."""
        assert plan.before is not None
        try:
            return self.cloudformation.template(plan.before.arn)
        except AwsError as error:
            if not error.denied:
                raise
            self.console.review(plan.desired.key, f"not reviewed against the deployed template: {error}\n")
            return None


def known_names(
    names: Sequence[str],
    stacks: Sequence[EnvironmentStack],
    templates: Mapping[str, str],
    cloudformation: CloudFormation,
) -> tuple[str, ...]:
    """The names, each with its stack where the run has several, so that a name allows the loss of one resource only.

    Raises InputError for names that no stack of the run has as a resource, neither as written nor as deployed, and
    for those that several have. `templates` are texts by template name. Deployed templates are read only for a name
    that no written template has, such as that of a removed resource; where they cannot be read, such a name is
    accepted. The guard still refuses everything that is not allowed by name.
    """
    if not names:
        return ()
    written = {_scopes(row): _ids(templates[row.template], Path(row.template_file)) for row in stacks}
    left = unmatched(names, written)
    if not left:
        return _with_stack(names, written)
    try:
        deployed = {_scopes(row): _deployed(row, cloudformation) for row in stacks}
    except (AwsError, InputError):
        return _with_stack(names, written)
    known = {scopes: ids | deployed[scopes] for scopes, ids in written.items()}
    wrong = unmatched(left, known)
    if wrong:
        raise InputError([_complaint(name, known) for name in wrong])
    return _with_stack(names, known)


def _with_stack(names: Sequence[str], known: Mapping[tuple[str, ...], Collection[str]]) -> tuple[str, ...]:
    """The names with the key of their stack before them, where there are several and none is given."""
    owners = {name: [scopes[0] for scopes, ids in known.items() if name in ids] for name in names}
    several = [name for name in names if len(owners[name]) > 1]
    if several:
        raise InputError([_ambiguous(name, owners[name]) for name in several])
    return tuple(f"{owners[name][0]}.{name}" if owners[name] and len(known) > 1 else name for name in names)


def _ambiguous(name: str, owners: Sequence[str]) -> Complaint:
    hint = " or ".join(f"{COMMAND_LINE} {key}.{name}" for key in owners[:3])
    what = f"{len(owners)} stacks of this run have a resource of that name: say which may lose its own"
    return Complaint(what, key=f"{COMMAND_LINE} {name}", hint=hint)


_SECTIONS = frozenset({"Transform", "Fn::Transform", "Conditions", "Mappings"})
"""Names that may be allowed besides those of resources: parts of a template in which a macro is not seen through."""


def _scopes(row: EnvironmentStack) -> tuple[str, ...]:
    return row.key, row.name


def _ids(text: str, path: object) -> frozenset[str]:
    resources = Side(template_of(read_template(text, str(path)), str(path))).section("Resources")
    return frozenset(resources) | _SECTIONS


def _deployed(row: EnvironmentStack, cloudformation: CloudFormation) -> frozenset[str]:
    stack = cloudformation.stack(row.name)
    return _ids(cloudformation.template(row.name), f"{row.name} (deployed)") if exists(stack) else frozenset()


def _complaint(name: str, known: Mapping[tuple[str, ...], Iterable[str]]) -> Complaint:
    scope, dot, one = name.rpartition(".")
    meant = {scopes: ids for scopes, ids in known.items() if not scope or scope in scopes}
    close = closest(one, sorted({one for ids in meant.values() for one in ids}))
    keys = [scopes[0] for scopes in known]
    if not meant:
        near = closest(scope, keys)
        hint = f"did you mean {near}.{one}?" if near else f"the stacks of this run: {', '.join(keys)}"
        return Complaint(f"no stack {scope} in this run", key=f"{COMMAND_LINE} {name}", hint=hint)
    hint = f"did you mean {scope}{dot}{close}?" if close else "names are logical ids of templates, or STACK.LOGICAL_ID"
    return Complaint("no stack of this run has a resource of that name", key=f"{COMMAND_LINE} {name}", hint=hint)
