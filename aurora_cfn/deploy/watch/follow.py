"""Watch an operation for a run, with its time limit: an update that takes longer is cancelled.

A creation cannot be cancelled, so it is left running.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from aurora_cfn.deploy.context import Engine
from aurora_cfn.deploy.watch.events import Belonging, EventTree
from aurora_cfn.deploy.watch.operation import Standing, Watch
from aurora_cfn.deploy.watch.rds import Silence
from aurora_cfn.errors import AwsError, BusyError
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


@dataclass(slots=True)
class Limit:
    """The limit of one execution, counted from the moment that this is made; `cancelled` once AWS took that order."""

    engine: Engine
    key: str
    stack_arn: str
    cancels: bool
    cancelled: bool = False
    _heeded: bool = False
    _began: float = field(init=False)

    def __post_init__(self) -> None:
        self._began = self.engine.clock.monotonic()

    @property
    def told(self) -> str:
        """The limit in words."""
        return f"{(self.engine.choices.timeout or 0) / 60:g} minutes (--timeout)"

    @property
    def over(self) -> bool:
        """Whether the time is over; never without a limit."""
        limit = self.engine.choices.timeout
        return limit is not None and self.engine.clock.monotonic() - self._began >= limit

    def check(self) -> None:
        """Act once when the time is over. Raises BusyError when the operation is left running."""
        if self._heeded or not self.over:
            return
        if not self.cancels:
            raise BusyError(f"still running after {self.told}; a creation cannot be cancelled, so it goes on")
        self._heeded = True
        self.cancelled = cancel(self.engine, self.key, self.stack_arn, f"cancelling the update after {self.told}")


def cancel(engine: Engine, key: str, stack_arn: str, why: str) -> bool:
    """Ask for the rollback of a running update; whether AWS took the order. What it says against it is told."""
    engine.listener.step(key, why)
    try:
        engine.cloudformation.cancel_update(stack_arn, token=f"{engine.token}-cancel")
    except AwsError as error:
        engine.listener.warn(key, f"could not cancel: {error}")
        return False
    engine.poller.stir()
    return True
