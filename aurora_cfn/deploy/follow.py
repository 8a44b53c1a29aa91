"""Watching on behalf of a run: troubles go to the listener, and who stops watching is told how to come back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from aurora_cfn.deploy.belonging import Belonging
from aurora_cfn.deploy.engine import Engine
from aurora_cfn.deploy.silence import Silence
from aurora_cfn.deploy.standing import Standing
from aurora_cfn.deploy.tree import EventTree
from aurora_cfn.deploy.watch import Watch
from aurora_cfn.errors import BusyError
from aurora_cfn.model.event import StackEvent

See = Callable[[StackEvent], None]
Round = Callable[[], None]


def follow(
    engine: Engine,
    key: str,
    stack_arn: str,
    since: str | None,
    see: See,
    rounds: Sequence[Round] = (),
    *,
    token: str = "",
    expected: Iterable[str] = (),
    past: Sequence[StackEvent] = (),
) -> StackEvent:
    """The event that ends the operation on the stack; `rounds` are called whenever nothing has ended yet.

    `token` is that of the call that began it, empty to take every event; `expected` names the resources that it
    changes, empty when nobody knows; `past` are events of it that somebody has seen already, up to `since`. Raises
    BusyError, with the command that re-attaches, and AwsError when an emulator has ended.
    """
    silence = _silence(engine, key, frozenset(expected))

    def seen(event: StackEvent) -> None:
        see(event)
        if silence is not None:
            silence.see(event)

    tree = EventTree(engine.eyes.cloudformation, stack_arn, since, seen, Belonging(token))
    tree.remember(past)
    if silence is not None:
        silence.remember(past)
    watch = Watch(
        tree,
        Standing(engine.eyes.cloudformation, engine.clock, stack_arn),
        engine.clock,
        warn=lambda text: engine.listener.warn(key, text),
        silence=silence,
        rounds=rounds,
        stopping=engine.stopping,
        stirred=engine.poller.stirred,
        local=engine.local,
    )
    try:
        return engine.poller.until_end(watch, engine.clock)
    except BusyError as error:
        command = f"aurora-cfn events {engine.where} --stack {key} --follow"
        raise BusyError(f"{key}: {error}; `{command}` shows it") from error


def _silence(engine: Engine, key: str, expected: frozenset[str]) -> Silence | None:
    databases = engine.eyes.databases
    if databases is None or engine.local:
        return None
    return Silence(databases, engine.clock, lambda text: engine.listener.step(key, text), expected)
