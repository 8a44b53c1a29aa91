"""An update of a stack that changes its tags alone.

CloudFormation passes new tags on to every resource, and reads each that it updates: so this is also how a stack comes
to know what RDS has under the names of its resources now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aurora_cfn.deploy.as_deployed import as_deployed, request_as_deployed
from aurora_cfn.deploy.context import Approve, Context
from aurora_cfn.deploy.deploy_stack import as_recorded, carry_out
from aurora_cfn.deploy.leftover_change_sets import others
from aurora_cfn.deploy.ownership import claim
from aurora_cfn.deploy.prepare import refuse_unready, requested
from aurora_cfn.deploy.resume import after_earlier_run
from aurora_cfn.errors import DeployError
from aurora_cfn.model.plan import DesiredStack, StackPlan, StackResult


@as_recorded
def with_tags(
    context: Context, desired: DesiredStack, tags: Mapping[str, str], approve: Approve, command: str
) -> StackResult:
    """The result of an update with the deployed template and parameters, and these tags in addition.

    It is `unchanged` where the stack has them, after an earlier run that was interrupted was followed to its end.
    """
    stack = after_earlier_run(context, desired).stack
    claim(context, desired.key, stack, command)
    refuse_unready(context, desired, stack)
    if stack is None:
        raise DeployError(f"{desired.name} is not deployed")
    if all(stack.tags.get(key) == value for key, value in tags.items()):
        return StackResult(desired.key, desired.name, "unchanged", stack=stack)
    deployed = as_deployed(context, desired, stack)
    deployed = replace(deployed, tags={**stack.tags, **tags})
    since = context.cloudformation.newest_event(stack.arn)
    notes = others(context, deployed, stack).notes
    request = request_as_deployed(context, deployed, stack, f"{command} --env {context.environment.name}")
    change_set = requested(context, deployed, request, made_stack=False)
    if change_set is None:
        return StackResult(desired.key, desired.name, "unchanged", stack=stack)
    return carry_out(context, StackPlan(deployed, stack.parameters, stack, change_set, since, notes=notes), approve)
