"""An update of a stack with the template and parameters that it has: only its tags or its drift may change."""

from __future__ import annotations

from dataclasses import replace

from aurora_cfn.deploy.context import Context
from aurora_cfn.deploy.desired import capabilities
from aurora_cfn.model.change_set import ChangeSetRequest
from aurora_cfn.model.ownership import with_suffix
from aurora_cfn.model.plan import DesiredStack
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
        previous_template=True,
        previous_parameters=tuple(stack.parameters),
        tags=deployed.tags,
        capabilities=capabilities(read_template(deployed.template, stack.name).value),
        role_arn=deployed.role_arn,
        notification_arns=stack.notification_arns,
        token=context.token_of(deployed.key),
        description=with_suffix(f"aurora-cfn {command}", context.run.owner),
    )
