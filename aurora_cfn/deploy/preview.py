"""A change set only to look at: asked for, read to its last page, taken back."""

from __future__ import annotations

from collections.abc import Mapping

from aurora_cfn.deploy.engine import Engine
from aurora_cfn.deploy.prepare import discard, prepare
from aurora_cfn.model.change_set import ChangeSet
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import DesiredStack, StackResult
from aurora_cfn.model.stack import Stack


class Silent:
    """A listener that tells nobody; warnings are kept for whoever asks."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        self.warnings: list[str] = []

    def step(self, key: str, text: str) -> None:
        """Nothing."""

    def warn(self, key: str, text: str) -> None:
        """Keep it."""
        self.warnings.append(f"{key}: {text}")

    def started(self, key: str, resources: int) -> None:
        """Nothing."""

    def event(self, key: str, event: StackEvent) -> None:
        """Nothing."""

    def ended(self, result: StackResult) -> None:
        """Nothing."""


def previewed(
    engine: Engine, desired: DesiredStack, parameters: Mapping[str, str], before: Stack | None
) -> ChangeSet | None:
    """The change set with its property values, None when nothing would change; it is gone again when this returns.

    Raises what `prepare` raises.
    """
    plan = prepare(engine, desired, parameters, before)
    discard(engine, plan)
    return plan.change_set
