"""What a special function is given: one difference and its resource on both sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from aurora_cfn.facts.offered import NOTHING_OFFERED, Offered
from aurora_cfn.model.change import Effect
from aurora_cfn.review.compare import Difference
from aurora_cfn.template.resources import Resource


@dataclass(frozen=True, slots=True)
class Context:
    """One difference in the properties of one resource, the resource on both sides, and what RDS offers."""

    before: Resource
    after: Resource
    difference: Difference
    offered: Offered = NOTHING_OFFERED

    @property
    def type(self) -> str:
        """The resource type, the same on both sides."""
        return self.after.type


Special: TypeAlias = Callable[[Context], Effect | None]
