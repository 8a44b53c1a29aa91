"""Taking drift back: a change set that makes the real resources what the deployed template says."""

from __future__ import annotations

from dataclasses import replace

from aurora_cfn.deploy.deployment import carry_out, recorded
from aurora_cfn.deploy.desired import capabilities
from aurora_cfn.deploy.engine import Engine
from aurora_cfn.deploy.orphans import others
from aurora_cfn.deploy.prepare import refuse_unready, requested
from aurora_cfn.errors import DeployError
from aurora_cfn.model.change_set import ChangeSetRequest
from aurora_cfn.model.maker import marked
from aurora_cfn.model.plan import DesiredStack, StackPlan, StackResult
from aurora_cfn.model.stack import Stack

EXIT_NEGATIVE = 1
NOTHING = (
    "CloudFormation takes none of this drift back: properties that cannot change after creation stay as they are, "
    "and the emulator does not know how to revert"
)
IMMUTABLE = "drift of properties that cannot change after creation is not reverted"


def revert(engine: Engine, desired: DesiredStack) -> StackResult:
    """What came of it; template, parameters, tags and protection stay exactly as they are deployed.

    Expected errors are in the result.
    """
    return recorded(engine, desired, lambda: _reverted(engine, desired))


def _reverted(engine: Engine, desired: DesiredStack) -> StackResult:
    stack = engine.cloudformation.stack(desired.name)
    refuse_unready(engine, desired, stack)
    if stack is None:
        raise DeployError(f"{desired.name} is not deployed: there is nothing to take back")
    as_deployed = replace(
        desired,
        template=engine.cloudformation.template(stack.arn),
        tags=stack.tags,
        protect=stack.protected,
        role_arn=engine.role_of(stack),
        notification_arns=stack.notification_arns,
    )
    since = engine.cloudformation.newest_event(stack.arn)
    notes = (IMMUTABLE, *others(engine, as_deployed, stack).notes)
    change_set = requested(engine, as_deployed, _request(engine, as_deployed, stack), made_stack=False)
    if change_set is None:
        return StackResult(desired.key, desired.name, "unchanged", stack=stack, cause=NOTHING, exit_code=EXIT_NEGATIVE)
    return carry_out(engine, StackPlan(as_deployed, stack.parameters, stack, change_set, since, notes=notes))


def _request(engine: Engine, desired: DesiredStack, stack: Stack) -> ChangeSetRequest:
    return ChangeSetRequest(
        stack_name=stack.name,
        name=engine.token,
        type="UPDATE",
        previous_template=True,
        previous_parameters=tuple(stack.parameters),
        tags=stack.tags,
        capabilities=capabilities(desired.template),
        role_arn=desired.role_arn,
        notification_arns=stack.notification_arns,
        token=f"{engine.token}-{desired.key}"[:128],
        description=marked(f"aurora-cfn drift --env {engine.environment} --revert", engine.mark),
        revert_drift=True,
    )
