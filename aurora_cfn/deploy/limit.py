"""A time limit: an update that takes longer is cancelled; a creation cannot be, so it is left running."""

from __future__ import annotations

from dataclasses import dataclass, field

from aurora_cfn.deploy.engine import Engine
from aurora_cfn.errors import AwsError, BusyError


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
