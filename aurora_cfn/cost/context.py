"""The arguments of a price rule: one stack among the others, and the prices of the region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from aurora_cfn.facts.prices import PriceList, price_items
from aurora_cfn.model.cost import HOURS, Capacity, CostLine, Usage, UseLine
from aurora_cfn.model.value import Value
from aurora_cfn.template.forms import references
from aurora_cfn.template.resources import Existing, Resource
from aurora_cfn.template.side import Side

Found = CostLine | UseLine | Capacity


@dataclass(frozen=True, slots=True)
class CostedStack:
    """A stack to be priced; `needs` are the keys of the stacks that its parameters refer to."""

    key: str
    side: Side
    needs: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class StackContext:
    """One stack with its resources, those of all stacks by key, and what is known besides.

    `users` are the stacks that need one, by the key of that one.
    """

    stack: CostedStack
    resources: Existing[Resource]
    all: Mapping[str, Existing[Resource]]
    stacks: Sequence[CostedStack]
    prices: PriceList
    usage: Usage
    users: Mapping[str, Sequence[CostedStack]] = field(default_factory=dict)

    def of_type(self, kind: str) -> Iterator[Resource]:
        """The resources of that type in this stack."""
        return iter(self.resources.of_type(kind))

    def line(self, what: str, item: str, low: float, high: float | None = None) -> CostLine:
        """From `low` to `high` units of the item a month; without a price where the list does not have it."""
        price = self.prices.get(item)
        high = low if high is None else high
        if price is None:
            return CostLine(self.stack.key, what, None, None, item)
        return CostLine(self.stack.key, what, low * price.dollars, high * price.dollars, item)

    def unknown(self, what: str) -> CostLine:
        """Something that costs, and of which the size or the price is not known."""
        return CostLine(self.stack.key, what, None, None)

    def hourly(self, resource: Resource, what: str, item: str, units: float = 1) -> CostLine:
        """`units` of the item in every hour; the minimum is 0 where the resource may not exist."""
        return self.line(what, item, units * HOURS if resource.certain else 0, units * HOURS)

    def by_use(self, what: str, item: str) -> UseLine:
        """The unit price of what is paid by use."""
        price = self.prices.get(item)
        return UseLine(self.stack.key, what, price_items()[item], price.dollars if price else None, item)


def is_true(value: Value) -> bool:
    """Whether the value is surely true."""
    return value == "true"


def refers_to(value: Value, logical_id: str) -> bool:
    """Whether the value names that resource of the same stack."""
    return any(name == logical_id for name, _ in references(value))
