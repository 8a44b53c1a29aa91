"""The stack policy of a protected environment: no update may replace or delete what keeps data.

CloudFormation keeps a policy for life: it can be exchanged for one that allows everything, not taken away (user guide,
"Prevent updates to stack resources", read 2026-11).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from aurora_cfn.deploy.engine import Engine
from aurora_cfn.errors import AwsError
from aurora_cfn.facts.stateful import stateful_types
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.yamltext import read_template

ALLOW = {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}
OPEN = json.dumps({"Statement": [ALLOW]})


def policy_for(template: str, allowed: Collection[str] = ()) -> str:
    """The policy as JSON text: everything but replacing and deleting the stateful resources that are not `allowed`."""
    value: Any = read_template(template, "template").value
    kept = [
        f"LogicalResourceId/{name}"
        for name, row in value["Resources"].items()
        if row.get("Type") in stateful_types() and name not in allowed
    ]
    if not kept:
        return OPEN
    deny = {"Effect": "Deny", "Action": ["Update:Replace", "Update:Delete"], "Principal": "*", "Resource": kept}
    return json.dumps({"Statement": [ALLOW, deny]})


@contextmanager
def guarded(engine: Engine, plan: StackPlan, allowed: Collection[str]) -> Iterator[None]:
    """Execute inside: the policy is opened for what was allowed by name, and as it should be when this is left.

    Left by an error too; a run that was killed leaves it open, and the next one closes it.
    """
    stack, protect = plan.before, plan.desired.protect
    existed = stack is not None and not plan.creates
    if existed and stack is not None and protect:
        _set(engine, plan, stack.arn, policy_for(plan.desired.template, allowed))
    try:
        yield
    finally:
        arn = plan.change_set.stack_arn if plan.change_set else stack.arn if stack else ""
        if protect:
            _set(engine, plan, arn, policy_for(plan.desired.template))
        elif existed and stack is not None and stack.protected:
            _set(engine, plan, arn, OPEN)


def _set(engine: Engine, plan: StackPlan, arn: str, body: str) -> None:
    """Exchange the policy when it is another one; a refusal is told and hides nothing that happened before."""
    try:
        current = engine.cloudformation.stack_policy(arn)
        if _meaning(current) != _meaning(body):
            engine.cloudformation.set_stack_policy(arn, body)
    except AwsError as error:
        engine.listener.warn(plan.desired.key, f"the stack policy is not as it should be: {error}")


def _meaning(body: str) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body
