"""The stack policy of a protected environment: no update may replace or delete what keeps data.

CloudFormation keeps a policy for life: it can be exchanged for one that allows everything, not taken away (user guide,
"Prevent updates to stack resources", read 2026-11).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from aurora_cfn.deploy.context import Context
from aurora_cfn.errors import AwsError, BusyError
from aurora_cfn.facts.stateful import stateful_types
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.review.guard import allowed_by_flag, in_force
from aurora_cfn.yamltext import read_template

ALLOW = {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}
OPEN = json.dumps({"Statement": [ALLOW]})


def policy_for(template: str, allowed: Collection[str] = (), going: Iterable[str] = ()) -> str:
    """The policy as JSON text: everything but replacing and deleting the stateful resources that are not `allowed`.

    Those of the template and those that are `going`, which the template no longer has.
    """
    kept = [f"LogicalResourceId/{name}" for name in (*_stateful(template), *going) if name not in allowed]
    if not kept:
        return OPEN
    deny = {"Effect": "Deny", "Action": ["Update:Replace", "Update:Delete"], "Principal": "*", "Resource": kept}
    return json.dumps({"Statement": [ALLOW, deny]})


def policy_change(context: Context, plan: StackPlan) -> str:
    """How the stack policy would change, from what to what; empty when it stays, or when it cannot be read (told)."""
    wanted = _wanted(plan)
    if not wanted:
        return ""
    try:
        current = "" if plan.creates or plan.before is None else context.cloudformation.stack_policy(plan.before.arn)
    except AwsError as error:
        context.listener.warn(plan.desired.key, f"the stack policy cannot be compared: {error}")
        return ""
    return "" if _same(current, wanted) else f"{_told(current)} -> {_told(wanted)}"


def opened(context: Context, plan: StackPlan) -> tuple[str, ...]:
    """Logical ids that the policy would deny and lets go in this run, in the order of the template."""
    if plan.change_set is None or plan.creates or not plan.desired.protect:
        return ()
    allowed = _allowed(context, plan)
    return tuple(name for name in (*_stateful(plan.desired.template), *_going(plan)) if name in allowed)


def _allowed(context: Context, plan: StackPlan) -> frozenset[str]:
    """What may be replaced in this run: by the command line, or by a line of the params file that has not ended."""
    desired = plan.desired
    given = allowed_by_flag(context.choices.allow, (desired.key, desired.name))
    today = context.clock.now().date()
    return frozenset(one.logical_id for one in (*given, *desired.entry.allow_replace) if in_force(one, today))


def _going(plan: StackPlan) -> list[str]:
    """What keeps data and is only in the old template. The guard has passed it; the policy has to hold all the same."""
    changes = plan.change_set.changes if plan.change_set is not None else ()
    return [row.logical_id for row in changes if row.action == "Remove" and row.type in stateful_types()]


def _stateful(template: str) -> list[str]:
    value: Any = read_template(template, "template").value
    return [name for name, row in value["Resources"].items() if row.get("Type") in stateful_types()]


def _wanted(plan: StackPlan) -> str:
    """The policy as it should be in the end; empty where it is none of our business."""
    if plan.desired.protect:
        return policy_for(plan.desired.template)
    return OPEN if plan.protection_changes else ""


@contextmanager
def guarded(context: Context, plan: StackPlan) -> Iterator[None]:
    """Execute inside: the policy is opened for what is allowed by name, and as it should be when this is left.

    Left by an error too; a run that was killed leaves it open, and the next one closes it. A stack whose creation
    failed gets none: it can only be deleted, or is gone already.
    """
    stack = plan.before
    arn = plan.change_set.stack_arn if plan.change_set else stack.arn if stack else ""
    if not plan.creates and plan.desired.protect:
        _set(context, plan, arn, policy_for(plan.desired.template, _allowed(context, plan), _going(plan)))
    failed = False
    try:
        yield
    except BaseException as error:
        # A creation that is only left running comes up later, and must be found guarded.
        failed = not isinstance(error, BusyError)
        raise
    finally:
        wanted = _wanted(plan)
        if wanted and not (failed and plan.creates):
            _set(context, plan, arn, wanted)


def _set(context: Context, plan: StackPlan, arn: str, body: str) -> None:
    """Exchange the policy when it is another one; a refusal is told and hides nothing that happened before."""
    try:
        current = context.cloudformation.stack_policy(arn)
        if not _same(current, body):
            context.cloudformation.set_stack_policy(arn, body)
    except AwsError as error:
        context.listener.warn(plan.desired.key, f"the stack policy is not as it should be: {error}")


def _same(current: str, wanted: str) -> bool:
    """Whether both mean the same; no policy at all allows everything."""
    return bool(_meaning(current or OPEN) == _meaning(wanted))


def _told(body: str) -> str:
    """What a policy forbids, in words; one of another hand is only named so."""
    found = _meaning(body or OPEN)
    if found == _meaning(OPEN):
        return "everything is allowed"
    rows = found.get("Statement", ()) if isinstance(found, dict) else ()
    names = [name for row in rows if row.get("Effect") == "Deny" for name in _names(row.get("Resource"))]
    return f"updates that replace or delete {', '.join(names)} are denied" if names else "a policy of another hand"


def _names(resources: Any) -> list[str]:
    many = resources if isinstance(resources, list) else [resources]
    return [str(name).removeprefix("LogicalResourceId/") for name in many]


def _meaning(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body
