"""Somebody else's change set was executed between the approval of ours and its execution."""

from __future__ import annotations

from aurora_cfn.deploy.engine import Engine
from aurora_cfn.errors import AwsError, BusyError
from aurora_cfn.model.plan import StackPlan

GONE = frozenset({"ChangeSetNotFound", "ChangeSetNotFoundException"})
"""Executing a change set deletes all others of the stack (CloudFormation API Reference, ExecuteChangeSet, 2026-11)."""
UNDER_WAY = "_IN_PROGRESS state"


def execute(engine: Engine, plan: StackPlan, *, disable_rollback: bool | None) -> None:
    """Give the order to execute the plan's change set. Raises BusyError where another one came first."""
    assert plan.change_set is not None
    try:
        engine.cloudformation.execute_change_set(
            plan.change_set.arn, token=engine.token, disable_rollback=disable_rollback
        )
    except AwsError as error:
        if error.code not in GONE and UNDER_WAY not in str(error):
            raise
        key, name = plan.desired.key, plan.desired.name
        follow = f"`aurora-cfn events {engine.where} --stack {key} --follow` shows it"
        raise BusyError(
            f"{name}: something else was executed on it since this was approved ({follow}); "
            f"nothing of this was executed, deploy again after it: {error}"
        ) from error
