"""The deployed stack and the wanted one as two sides, with notes on what cannot be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath

from aurora_cfn.facts.offered import NOTHING_OFFERED, Offered
from aurora_cfn.model.change import Change, Refusal
from aurora_cfn.model.environment import AllowedReplacement, ParameterValue
from aurora_cfn.model.ownership import without_ownership
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.model.review import StackReview
from aurora_cfn.model.stack import NO_ECHO, Stack
from aurora_cfn.model.value import Value
from aurora_cfn.review.added_and_removed import placed
from aurora_cfn.review.change_set import from_change_set, reconciled
from aurora_cfn.review.changes import changes
from aurora_cfn.review.guard import known_failures, refusals
from aurora_cfn.review.nested import seen_inside
from aurora_cfn.review.sections import termination
from aurora_cfn.template.forms import Hidden
from aurora_cfn.template.side import EMPTY, NestedTemplates, Side, template_of
from aurora_cfn.yamltext import read_template


@dataclass(frozen=True, slots=True)
class Wanted:
    """A stack as it should be: the committed template's text and file, values as far as they are known.

    `secrets` names parameters whose values are compared but never shown, such as those read from SSM or the shell;
    `offered` is what RDS itself offers: engine versions and parameters. `nested` reads the templates of its nested
    stacks.
    """

    name: str
    path: str
    template: str
    parameters: Mapping[str, ParameterValue]
    tags: Mapping[str, str]
    region: str | None = None
    account: str | None = None
    protect: bool = False
    secrets: frozenset[str] = frozenset()
    offered: Offered = NOTHING_OFFERED
    nested: NestedTemplates | None = None


@dataclass(frozen=True, slots=True)
class Nested:
    """Where the templates of nested stacks are read: those that are deployed, and the wanted ones."""

    deployed: NestedTemplates
    wanted: NestedTemplates


@dataclass(frozen=True, slots=True)
class Sides:
    """Deployed and wanted, with what a reader must know about the comparison."""

    before: Side
    after: Side
    notes: tuple[str, ...] = ()


def exists(stack: Stack | None) -> bool:
    """Whether there is something deployed to compare with."""
    return stack is not None and stack.exists


def sides(stack: Stack | None, deployed_template: str, wanted: Wanted, nested: NestedTemplates | None = None) -> Sides:
    """Both sides of a stack; without a stack everything is new. Raises InputError when a template cannot be read.

    AWS does not return the values of NoEcho parameters: they are taken as unchanged and named in a note. `nested` reads
    the deployed templates of its nested stacks.
    """
    after = _wanted(wanted)
    if stack is None or not exists(stack):
        return Sides(EMPTY, after, ("it is not deployed yet, so everything is new",))
    path = f"{stack.name} (deployed)"
    template = template_of(read_template(deployed_template, path), path)
    values = _hiding(stack.parameters, wanted.secrets)
    # On both sides without the tags that the tool adds by itself. Line numbers of the deployed text mean nothing here.
    tags = without_ownership(stack.tags)
    before = replace(after, template=template, parameters=values, tags=tags, lines={}, aliases=(), nested=nested)
    return without_unknown(before, after, stack)


def without_unknown(before: Side, after: Side, stack: Stack) -> Sides:
    """Both sides without the values that AWS does not return."""
    hidden = frozenset(name for name, value in stack.parameters.items() if value == NO_ECHO)
    if not hidden:
        return Sides(before, after)
    note = f"not comparable, AWS does not return their values (NoEcho): {', '.join(sorted(hidden))}"
    return Sides(_unknown(before, hidden), _unknown(after, hidden), (note,))


def protection_change(stack: Stack | None, wanted: Wanted) -> tuple[Change, ...]:
    """Termination protection that would be switched, which no template shows."""
    return termination(stack.protected, wanted.protect, wanted.path) if stack and exists(stack) else ()


def _wanted(wanted: Wanted) -> Side:
    document = read_template(wanted.template, wanted.path)
    return Side(
        template_of(document, wanted.path),
        _hiding(wanted.parameters, wanted.secrets),
        without_ownership(wanted.tags),
        document.lines,
        wanted.path,
        wanted.name,
        wanted.region,
        wanted.account,
        wanted.offered,
        document.aliases,
        wanted.nested,
    )


def _hiding(values: Mapping[str, ParameterValue], secrets: frozenset[str]) -> dict[str, ParameterValue]:
    # A Hidden value is compared as any other, and printed as a mask.
    return {
        name: Hidden(value) if name in secrets and isinstance(value, str) and value != NO_ECHO else value
        for name, value in values.items()
    }


def _unknown(side: Side, names: frozenset[str]) -> Side:
    """The side without those parameters' values and defaults: a default must not stand in for the real value."""
    parameters = {name: value for name, value in side.parameters.items() if name not in names}
    return replace(side, template=_without_defaults(side.template, names), parameters=parameters)


def _without_defaults(template: Mapping[str, Value], names: frozenset[str]) -> Mapping[str, Value]:
    rows = template.get("Parameters")
    if not isinstance(rows, Mapping):
        return template
    bare = {
        name: {key: value for key, value in row.items() if key != "Default"}
        if name in names and isinstance(row, Mapping)
        else row
        for name, row in rows.items()
    }
    return {**template, "Parameters": bare}


def review_of(
    plan: StackPlan,
    deployed: str | None,
    allowances: Sequence[AllowedReplacement],
    today: date,
    offered: Offered = NOTHING_OFFERED,
    tried: frozenset[str] = frozenset(),
    nested: Nested | None = None,
) -> StackReview:
    """The review of one plan; `deployed` is the template in AWS, None where the stack is new or it may not be read.

    What may be a secret is compared and never shown. Raises InputError when a template cannot be read as one.
    """
    assert plan.change_set is not None
    desired = plan.desired
    found, notes = from_change_set(plan.change_set, _secrets(plan)), plan.notes
    # Without the deployed template the change set is all there is to judge by.
    if deployed is not None and plan.before is not None:
        pair = plan_sides(plan, deployed, offered, nested)
        seen = seen_inside(pair.before, pair.after)
        found = reconciled(changes(pair.before, pair.after), plan.change_set, _secrets(plan), seen)
        notes += pair.notes
    found = placed(found, f"--env {PurePath(desired.path).stem}", desired.key)
    refused = refusals(found, (*allowances, *desired.entry.allow_replace), today, tried)
    return StackReview(desired.name, _path(plan), found, refused, compared="change set", notes=notes, key=desired.key)


def refused_beforehand(
    plan: StackPlan,
    deployed: str,
    allowances: Sequence[AllowedReplacement],
    today: date,
    offered: Offered,
    tried: frozenset[str],
    nested: Nested | None = None,
) -> tuple[Refusal, ...]:
    """What is refused of an update that is known to fail, before its change set is made; else none.

    Raises as `review_of`.
    """
    pair = plan_sides(plan, deployed, offered, nested)
    found = changes(pair.before, pair.after)
    return known_failures(refusals(found, (*allowances, *plan.desired.entry.allow_replace), today, tried))


def plan_sides(
    plan: StackPlan, deployed: str, offered: Offered = NOTHING_OFFERED, nested: Nested | None = None
) -> Sides:
    """The stack as it is deployed, EMPTY where it is new, and as the plan wants it. Raises as `review_of`."""
    # arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/ID
    arn = plan.change_set.stack_arn if plan.change_set else plan.before.arn if plan.before else ""
    _, _, _, region, account, *_ = arn.split(":")
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
        nested=nested.wanted if nested else None,
    )
    return sides(plan.before, deployed, wanted, nested.deployed if nested else None)


def _path(plan: StackPlan) -> str:
    return plan.desired.entry.template_file


def _secrets(plan: StackPlan) -> frozenset[str]:
    """The values that must not be shown, wherever AWS repeats them."""
    before = plan.before.parameters if plan.before else {}
    names = [name for name in plan.parameters if plan.hides(name)]
    return frozenset(values[name] for values in (plan.parameters, before) for name in names if values.get(name))
