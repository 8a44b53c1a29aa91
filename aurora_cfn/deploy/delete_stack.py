"""Deleting a stack and watching it go; by ARN, so that a new stack of that name is never meant."""

from __future__ import annotations

from collections.abc import Sequence

from aurora_cfn.deploy.context import Engine
from aurora_cfn.deploy.failure import failed, why_failed
from aurora_cfn.deploy.orders import ordered
from aurora_cfn.deploy.stack_status import DELETED, DELETING
from aurora_cfn.deploy.watch.follow import follow
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.model.stack import Stack, StackResource


def clear_away(engine: Engine, desired: DesiredStack, stack: Stack) -> bool:
    """Delete what a failed creation left of the stack, after consent; False when it was not given.

    Names everything that survives outside of the stack, because the next creation makes new ones.
    """
    if not engine.consent(_question(stack, _survivors(engine, stack))):
        return False
    engine.listener.step(desired.key, f"deleting {stack.name}, which never came up")
    if stack.protected:
        engine.cloudformation.set_protection(stack.arn, on=False)
    delete(engine, desired.key, stack)
    return True


def foretell_clearing(engine: Engine, desired: DesiredStack, stack: Stack) -> None:
    """Tell what `clear_away` would ask."""
    head, *kept, _ = _question(stack, _survivors(engine, stack)).splitlines()
    engine.listener.step(desired.key, "\n".join([head, *kept]))


def delete(engine: Engine, key: str, stack: Stack, *, retain: Sequence[str] = ()) -> list[StackEvent]:
    """The events of the deletion, once it is complete. Raises DeployError with the first cause when it failed."""
    events: list[StackEvent] = []

    def see(event: StackEvent) -> None:
        events.append(event)
        engine.listener.event(key, event)

    since = engine.cloudformation.newest_event(stack.arn)
    token, role = f"{engine.token}-delete", engine.role_of(stack)

    def begun() -> bool:
        found = engine.cloudformation.stack(stack.arn)
        return found is None or found.status in {DELETING, DELETED}

    ordered(
        engine, key, stack.name,
        lambda: engine.cloudformation.delete_stack(stack.arn, token=token, retain=retain, role_arn=role), begun,
    )  # fmt: skip
    end = follow(engine, key, stack.arn, since, see, token=token)
    if end.status != DELETED:
        raise failed(end.status, why_failed(engine, stack.name, end, events))
    return events


def _survivors(engine: Engine, stack: Stack) -> list[StackResource]:
    return [row for row in engine.cloudformation.resources(stack.arn) if row.exists]


def _question(stack: Stack, survivors: Sequence[StackResource]) -> str:
    head = f"{stack.name} is in {stack.status}: its creation failed, so it must be deleted and created again."
    kept = [f"  stays, outside of any stack: {row.logical_id} ({row.type}) {row.physical_id}" for row in survivors]
    kept += ["  its termination protection is switched off for that"] if stack.protected else []
    return "\n".join([head, *kept, f"Delete {stack.name} and create it again?"])
