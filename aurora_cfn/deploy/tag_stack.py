"""An update of a stack that changes its tags alone.

CloudFormation passes new tags on to every resource, and reads each that it updates: so this is also how a stack comes
to know what RDS has under the names of its resources now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aurora_cfn.deploy.context import Approve, Context
from aurora_cfn.deploy.deploy_stack import carry_out, recorded
from aurora_cfn.deploy.desired import capabilities
from aurora_cfn.deploy.leftover_change_sets import others
from aurora_cfn.deploy.ownership import claim
from aurora_cfn.deploy.prepare import refuse_unready, requested
from aurora_cfn.deploy.resume import after_earlier_run
from aurora_cfn.errors import DeployError
from aurora_cfn.model.change_set import ChangeSetRequest
from aurora_cfn.model.owner import with_suffix
from aurora_cfn.model.plan import DesiredStack, StackPlan, StackResult
from aurora_cfn.model.stack import Stack
from aurora_cfn.yamltext import read_template


def with_tags(
    context: Context, desired: DesiredStack, tags: Mapping[str, str], approve: Approve, command: str
) -> StackResult:
    """The result of an update with the deployed template and parameters, and these tags in addition.

    It is `unchanged` where the stack has them, after an earlier run that was interrupted was followed to its end.
    Expected errors are in the result.
    """
    return recorded(context, desired.key, desired.name, lambda: _tagged(context, desired, tags, approve, command))


def _tagged(
    context: Context, desired: DesiredStack, tags: Mapping[str, str], approve: Approve, command: str
) -> StackResult:
    stack = after_earlier_run(context, desired).stack
    claim(context, desired.key, stack, command)
    refuse_unready(context, desired, stack)
    if stack is None:
        raise DeployError(f"{desired.name} is not deployed")
    if all(stack.tags.get(key) == value for key, value in tags.items()):
        return StackResult(desired.key, desired.name, "unchanged", stack=stack)
    as_deployed = replace(
        desired,
        template=context.cloudformation.template(stack.arn),
        tags={**stack.tags, **tags},
        protect=stack.protected,
        role_arn=context.role_of(stack),
        notification_arns=stack.notification_arns,
    )
    since = context.cloudformation.newest_event(stack.arn)
    notes = others(context, as_deployed, stack).notes
    request = _request(context, as_deployed, stack, command)
    change_set = requested(context, as_deployed, request, made_stack=False)
    if change_set is None:
        return StackResult(desired.key, desired.name, "unchanged", stack=stack)
    return carry_out(context, StackPlan(as_deployed, stack.parameters, stack, change_set, since, notes=notes), approve)


def _request(context: Context, desired: DesiredStack, stack: Stack, command: str) -> ChangeSetRequest:
    return ChangeSetRequest(
        stack_name=stack.name,
        name=context.token,
        type="UPDATE",
        previous_template=True,
        previous_parameters=tuple(stack.parameters),
        tags=desired.tags,
        capabilities=capabilities(read_template(desired.template, stack.name).value),
        role_arn=desired.role_arn,
        notification_arns=stack.notification_arns,
        token=context.token_of(desired.key),
        description=with_suffix(f"aurora-cfn {command} --env {context.environment.name}", context.run.owner),
    )
