"""Before and after: which lines of an estimate a change moves."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from aurora_cfn.cost.estimation import estimate
from aurora_cfn.cost.scene import CostedStack
from aurora_cfn.facts.prices import PriceList
from aurora_cfn.model.cost import CostChange, CostLine, Estimate, Usage


def cost_change(
    before: Sequence[CostedStack],
    after: Sequence[CostedStack],
    prices: PriceList,
    usage: Usage | None = None,
    *,
    only: Collection[str] | None = None,
) -> CostChange:
    """What the same stacks, or those with the keys `only`, cost on both sides.

    A line that only changed its amount or words is one pair.
    """
    old, new = estimate(before, prices, usage, only=only), estimate(after, prices, usage, only=only)
    return CostChange(old, new, tuple(_pairs(old, new)))


def _pairs(old: Estimate, new: Estimate) -> list[tuple[CostLine | None, CostLine | None]]:
    before, after = _named(old), _named(new)
    names = [*after, *(name for name in before if name not in after)]
    pairs = [(before.get(name), after.get(name)) for name in names]
    return [pair for pair in pairs if pair[0] != pair[1]]


def _named(found: Estimate) -> dict[tuple[str, str, int], CostLine]:
    """Lines by stack and by the first word of what they are, so that `2 to 4 ACU` pairs with `2 to 8 ACU`."""
    named: dict[tuple[str, str, int], CostLine] = {}
    for line in found.lines:
        kind = line.what.partition(" x ")[2] or line.what
        name = (line.stack, kind.partition(":")[0])
        count = sum(key[:2] == name for key in named)
        named[(*name, count)] = line
    return named
