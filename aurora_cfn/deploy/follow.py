"""Watching on behalf of a run: troubles go to the listener, and who stops watching is told how to come back."""

from __future__ import annotations

from collections.abc import Callable

from aurora_cfn.deploy.engine import Engine
from aurora_cfn.deploy.watch import Watcher
from aurora_cfn.errors import BusyError
from aurora_cfn.model.event import StackEvent


def follow(
    engine: Engine, key: str, stack_arn: str, since: str | None, see: Callable[[StackEvent], None]
) -> StackEvent:
    """The event that ends the operation on the stack. Raises BusyError, with the command that re-attaches."""
    watcher = Watcher(
        engine.cloudformation,
        engine.clock,
        stack_arn,
        since,
        see=see,
        trouble=lambda text: engine.listener.warn(key, f"{text} (it goes on; asking again)"),
        stopping=engine.stopping,
    )
    try:
        return watcher.until_end()
    except BusyError as error:
        command = f"aurora-cfn events --env {engine.environment} --stack {key} --follow"
        raise BusyError(f"{key}: {error}; `{command}` shows it") from error
