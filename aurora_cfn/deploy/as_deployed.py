"""An update of a stack with the template and parameters that it has: only its tags or its drift may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aurora_cfn.deploy.context import Approve, Context
from aurora_cfn.deploy.deploy_stack import carry_out
from aurora_cfn.deploy.desired import capabilities
from aurora_cfn.deploy.leftover_change_sets import others
from aurora_cfn.deploy.ownership import claim
from aurora_cfn.deploy.prepare import refuse_unready, requested
from aurora_cfn.deploy.resume import after_earlier_run
from aurora_cfn.deploy.stack_result import as_recorded
from aurora_cfn.errors import DeployError
from aurora_cfn.model.change_set import ChangeSetRequest
from aurora_cfn.model.ownership import with_suffix
from aurora_cfn.model.plan import DesiredStack, StackPlan, StackResult
from aurora_cfn.model.stack import Stack
from aurora_cfn.yamltext import read_template


def as_deployed(context: Context, desired: DesiredStack, stack: Stack) -> DesiredStack:
    """The desired stack with all that the deployed one has. Raises AwsError if its template cannot be read."""
    return replace(
        desired,
        template=context.cloudformation.template(stack.arn),
        tags=stack.tags,
        protect=stack.protected,
        role_arn=context.role_of(stack),
        notification_arns=stack.notification_arns,
    )


def request_as_deployed(context: Context, deployed: DesiredStack, stack: Stack, command: str) -> ChangeSetRequest:
    """The request for its change set; `command` with its options is written into the description."""
    return ChangeSetRequest(
        stack_name=stack.name,
        name=context.token,
        type="UPDATE",
        # Not as text, which may be too large for a call. CloudFormation advises against it only where parameter values
        # change too, under AWS::LanguageExtensions (CreateChangeSet, UsePreviousTemplate), and here all keep theirs.
        previous_template=True,
        previous_parameters=tuple(stack.parameters),
        tags=deployed.tags,
        capabilities=capabilities(read_template(deployed.template, stack.name).value),
        role_arn=deployed.role_arn,
        notification_arns=stack.notification_arns,
        token=context.token_of(deployed.key),
        description=with_suffix(f"aurora-cfn {command}", context.run.owner),
    )


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
    # Before the change set, as in `prepare`: later events belong to its execution.
    since = context.cloudformation.newest_event(stack.arn)
    notes = others(context, deployed, stack).notes
    request = request_as_deployed(context, deployed, stack, f"{command} --env {context.environment.name}")
    change_set = requested(context, deployed, request, made_stack=False)
    if change_set is None:
        return StackResult(desired.key, desired.name, "unchanged", stack=stack)
    return carry_out(context, StackPlan(deployed, stack.parameters, stack, change_set, since, notes=notes), approve)
