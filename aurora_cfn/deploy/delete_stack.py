"""Delete a stack and watch the deletion; by ARN, so that a new stack of the same name is never deleted."""

from __future__ import annotations

from collections.abc import Sequence

from aurora_cfn.deploy.context import Context
from aurora_cfn.deploy.failure import failed, why_failed
from aurora_cfn.deploy.stack_status import DELETED, DELETING
from aurora_cfn.deploy.watch.follow import follow
from aurora_cfn.deploy.watch.record import Record
from aurora_cfn.deploy.write_calls import ordered
from aurora_cfn.errors import GuardError
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.model.stack import Stack, StackResource


def delete_failed_creation(context: Context, desired: DesiredStack, stack: Stack) -> bool:
    """Delete the stack whose creation failed, after consent; False when it was not given.

    The question names what stays outside of the stack: the next creation creates new resources beside it. Raises
    GuardError with `--yes` alone, which never deletes a stack.
    """
    if not _agreed(context, desired, _question(stack, context.cloudformation.resources(stack.arn))):
        return False
    context.listener.step(desired.key, f"deleting {stack.name}, whose creation failed")
    # DeleteStack is refused while termination protection is on, also for a stack that was never created in full.
    if stack.protected:
        context.cloudformation.set_protection(stack.arn, on=False)
    delete(context, desired.key, stack)
    return True


def _agreed(context: Context, desired: DesiredStack, question: str) -> bool:
    *lines, last = question.splitlines()
    shown = "\n".join(lines)
    if context.choices.recreate:
        context.listener.step(desired.key, f"{shown}\n  --recreate agrees to it")
        return True
    # After --recreate, which is an answer to exactly this question.
    if context.choices.yes:
        ways = "run it on a terminal, which asks, or `deploy` with --recreate"
        raise GuardError(f"{shown}\n--yes never deletes a stack: {ways}")
    return context.consent(f"{shown}\n{last}")


def show_failed_creation(context: Context, desired: DesiredStack, stack: Stack) -> None:
    """Show the question of `delete_failed_creation` without asking it."""
    head, *kept, _ = _question(stack, context.cloudformation.resources(stack.arn)).splitlines()
    context.listener.step(desired.key, "\n".join([head, *kept]))


def delete(context: Context, key: str, stack: Stack, *, retain: Sequence[str] = ()) -> list[StackEvent]:
    """The events of the deletion, once it is complete. Raises DeployError with the first cause when it failed."""
    record = Record(context.listener, key)
    # Before the call: all later events belong to the deletion.
    since = context.cloudformation.newest_event(stack.arn)
    token, role = f"{context.token}-delete", context.role_of(stack)

    def begun() -> bool:
        # By ARN a deleted stack is still described, for 90 days; emulators forget it at once.
        found = context.cloudformation.stack(stack.arn)
        return found is None or found.status in {DELETING, DELETED}

    # AWS takes a repeated call with the same token for the same one; `begun` reads what a lost answer leaves open.
    ordered(
        context, key, stack.name,
        lambda: context.cloudformation.delete_stack(stack.arn, token=token, retain=retain, role_arn=role), begun,
    )  # fmt: skip
    end = follow(context, stack.arn, since, record, token=token)
    if end.status != DELETED:
        raise failed(end.status, why_failed(context, stack.name, end, record.events))
    return record.events


def _question(stack: Stack, resources: Sequence[StackResource]) -> str:
    head = f"{stack.name} is in {stack.status}: its creation failed, so it must be deleted and created again."
    kept = [
        f"  stays, outside of any stack: {row.logical_id} ({row.type}) {row.physical_id}"
        for row in resources
        if row.exists
    ]
    # They are no resources of the stack, so CloudFormation neither lists nor deletes them.
    made = any(row.type.startswith(("AWS::RDS::DB", "AWS::Lambda::Function")) for row in resources)
    kept += ["  stays, if there are any: final snapshots, and log groups that RDS or Lambda made themselves"] * made
    kept += ["  its termination protection is switched off for that"] if stack.protected else []
    return "\n".join([head, *kept, f"Delete {stack.name} and create it again?"])
