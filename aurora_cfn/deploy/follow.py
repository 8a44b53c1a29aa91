"""Watching on behalf of a run: troubles go to the listener, and who stops watching is told how to come back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aurora_cfn.deploy.engine import Engine
from aurora_cfn.deploy.silence import Silence
from aurora_cfn.deploy.watch import Watcher
from aurora_cfn.errors import BusyError
from aurora_cfn.model.event import StackEvent

See = Callable[[StackEvent], None]
Round = Callable[[], None]


def follow(
    engine: Engine, key: str, stack_arn: str, since: str | None, see: See, rounds: Sequence[Round] = ()
) -> StackEvent:
    """The event that ends the operation on the stack; `rounds` are called whenever nothing has ended yet.

    Raises BusyError, with the command that re-attaches.
    """
    silence = _silence(engine, key)

    def seen(event: StackEvent) -> None:
        see(event)
        if silence is not None:
            silence.see(event)

    def quiet() -> None:
        for one in (*rounds, *([silence.look] if silence is not None else [])):
            one()

    watcher = Watcher(
        engine.cloudformation,
        engine.clock,
        stack_arn,
        since,
        see=seen,
        trouble=lambda text: engine.listener.warn(key, f"{text} (it goes on; asking again)"),
        stopping=engine.stopping,
        quiet=quiet,
        crowd=engine.crowd,
    )
    try:
        with engine.crowd.joined():
            return watcher.until_end()
    except BusyError as error:
        command = f"aurora-cfn events {engine.where} --stack {key} --follow"
        raise BusyError(f"{key}: {error}; `{command}` shows it") from error


def _silence(engine: Engine, key: str) -> Silence | None:
    if engine.databases is None:
        return None
    return Silence(engine.databases, engine.clock, lambda text: engine.listener.step(key, text))
