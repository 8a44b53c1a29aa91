"""The stack policy: what the params file says, and of a stack that has one, that of a protected environment.

A stack policy can be replaced by one that allows everything, but never removed (CloudFormation User Guide, "Prevent
updates to stack resources", read 2026-11), and CloudFormation refactors no stack with a policy, whatever it allows
("Stack refactoring", read 2026-11). So `protect: true` gives no stack its first one: a renamed logical id would cost
the database then. It keeps up the policy of a stack that has one; `stack_policy:` asks for one by name.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from aurora_cfn.deploy.context import Context
from aurora_cfn.errors import AwsError, BusyError
from aurora_cfn.facts.stateful import stateful_types
from aurora_cfn.model.environment import ParameterValue
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.review.allowances import allowed_by_flag, in_force
from aurora_cfn.template.resources import written_resources

# A stack policy denies everything that it does not allow, so it begins with a statement that allows all.
ALLOW = {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}
OPEN = json.dumps({"Statement": [ALLOW]})


def policy_for(
    template: str,
    allowed: Collection[str] = (),
    removed: Iterable[str] = (),
    parameters: Mapping[str, ParameterValue] | None = None,
) -> str:
    """The policy as JSON text: it denies replacing and deleting stateful resources that are not `allowed`.

    They are those of the template with the parameters, and the `removed` ones, which it no longer has.
    """
    kept = [f"LogicalResourceId/{name}" for name in (*_stateful(template, parameters), *removed) if name not in allowed]
    # A policy cannot be deleted: where nothing is denied, one that allows everything is set.
    if not kept:
        return OPEN
    # Update:Modify stays allowed: a change in place keeps the data.
    deny = {"Effect": "Deny", "Action": ["Update:Replace", "Update:Delete"], "Principal": "*", "Resource": kept}
    return json.dumps({"Statement": [ALLOW, deny]})


def policy_change(context: Context, plan: StackPlan) -> str:
    """How the stack policy would change, as `old -> new`; empty when it stays, or cannot be read (with a warning)."""
    try:
        current = _current(context, plan)
    except AwsError as error:
        context.listener.warn(plan.desired.key, f"the stack policy cannot be compared: {error}")
        return ""
    wanted = _wanted(plan, current)
    return "" if not wanted or _same(current, wanted) else f"{_in_words(current)} -> {_in_words(wanted)}"


def _current(context: Context, plan: StackPlan) -> str:
    """The policy of the stack; empty where it has none, and not read where nothing would be set."""
    if plan.creates or plan.before is None or not _is_concerned(plan):
        return ""
    return context.cloudformation.stack_policy(plan.before.arn)


def _is_concerned(plan: StackPlan) -> bool:
    desired = plan.desired
    return desired.protect or plan.protection_changes or desired.entry.stack_policy is not None


def opened(context: Context, plan: StackPlan) -> tuple[str, ...]:
    """Logical ids for which the policy is opened in this run, in the order of the template."""
    if plan.change_set is None or plan.creates or not plan.desired.protect or not _has_policy(context, plan):
        return ()
    # The policy itself has no dates and no reasons: both are in the params file, and are checked in each run.
    allowed = _allowed(context, plan)
    return tuple(
        name for name in (*_stateful(plan.desired.template, plan.parameters), *_removed(plan)) if name in allowed
    )


def _has_policy(context: Context, plan: StackPlan) -> bool:
    """Whether the stack has a policy; True where that cannot be read, which was warned of already."""
    try:
        return plan.desired.entry.stack_policy is not None or bool(_current(context, plan))
    except AwsError:
        return True


def _allowed(context: Context, plan: StackPlan) -> frozenset[str]:
    """What may be replaced in this run, by `--allow-replace` or by a line of the params file that has not expired."""
    desired = plan.desired
    given = allowed_by_flag(context.choices.allow, (desired.key, desired.name))
    today = context.clock.now().date()
    names = {one.logical_id for one in (*given, *desired.entry.allow_replace) if in_force(one, today)}
    # The nested stack, whose own policy is not this one, has to be deleted for what is in it.
    return frozenset(names | {name.partition("/")[0] for name in names})


def _removed(plan: StackPlan) -> list[str]:
    """Stateful resources that this change set removes: in the old template only, but still under the policy."""
    changes = plan.change_set.changes if plan.change_set is not None else ()
    return [row.logical_id for row in changes if row.action == "Remove" and row.type in stateful_types()]


def _stateful(template: str, parameters: Mapping[str, ParameterValue] | None) -> list[str]:
    rows = written_resources(template, "template", parameters)
    return [name for name, row in rows.items() if row.get("Type") in stateful_types()]


def _wanted(plan: StackPlan, current: str) -> str:
    """The policy after the update; empty where the stack gets none: it has none, and the params file asks for none."""
    asked = plan.desired.entry.stack_policy
    if asked is not None:
        return json.dumps(asked)
    if not current:
        return ""
    if plan.desired.protect:
        return policy_for(plan.desired.template, parameters=plan.parameters)
    return OPEN if plan.protection_changes else ""


@contextmanager
def guarded(context: Context, plan: StackPlan) -> Iterator[None]:
    """The update runs inside: before it the policy is opened for what is allowed by name, after it the policy is set.

    It is set after an error too; a killed run leaves it open, and the next run closes it. A stack whose creation failed
    gets none: it can only be deleted, or is deleted already.
    """
    stack = plan.before
    arn = plan.change_set.stack_arn if plan.change_set else stack.arn if stack else ""
    current = _readable(context, plan)
    allowed = _allowed(context, plan)
    asked = plan.desired.entry.stack_policy
    if not plan.creates and plan.desired.protect and (current or asked is not None):
        opened_for = policy_for(plan.desired.template, allowed, _removed(plan), plan.parameters)
        _set(context, plan, arn, opened_for if allowed or asked is None else json.dumps(asked))
    failed = False
    try:
        yield
    except BaseException as error:
        # BusyError: the creation is left running and will succeed later, so it needs its policy now.
        failed = not isinstance(error, BusyError)
        raise
    finally:
        wanted = _wanted(plan, current)
        if wanted and not (failed and plan.creates):
            _set(context, plan, arn, wanted)


def _readable(context: Context, plan: StackPlan) -> str:
    """As `_current`; where it may not be read, one that allows everything, so that the policy is still set."""
    try:
        return _current(context, plan)
    except AwsError:
        return OPEN


def _set(context: Context, plan: StackPlan, arn: str, body: str) -> None:
    """Set the policy when it differs; a refusal becomes a warning, so that it hides no earlier error."""
    try:
        current = context.cloudformation.stack_policy(arn)
        if not _same(current, body):
            context.cloudformation.set_stack_policy(arn, body)
    except AwsError as error:
        context.listener.warn(plan.desired.key, f"the stack policy is not as it should be: {error}")


def _same(current: str, wanted: str) -> bool:
    """Whether both have the same effect; a stack without a policy allows everything."""
    return bool(_meaning(current or OPEN) == _meaning(wanted))


def _in_words(body: str) -> str:
    """What a policy denies, in words; for one that this tool did not write only that."""
    found = _meaning(body or OPEN)
    if found == _meaning(OPEN):
        return "everything is allowed"
    rows = found.get("Statement", ()) if isinstance(found, dict) else ()
    names = [name for row in rows if row.get("Effect") == "Deny" for name in _names(row.get("Resource"))]
    denied = f"updates that replace or delete {', '.join(names)} are denied"
    return denied if names else "a policy that this tool did not write"


def _names(resources: Any) -> list[str]:
    many = resources if isinstance(resources, list) else [resources]
    return [str(name).removeprefix("LogicalResourceId/") for name in many]


def _meaning(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body
