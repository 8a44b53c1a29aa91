"""Stacks to an estimate, two estimates to a comparison, and the cost over active hours a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from aurora_cfn.cost import other
from aurora_cfn.cost.clusters import cluster, io_choice
from aurora_cfn.cost.context import CostedStack, Found, StackContext
from aurora_cfn.facts.prices import PriceList, is_free, used_by
from aurora_cfn.model.cost import DAYS, Capacity, CostChange, CostLine, CurvePoint, Estimate, Usage, UseLine
from aurora_cfn.template.entries import Entry
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.resources import Resource, resources
from aurora_cfn.template.sharing import shared

RULES: dict[str, Callable[[Resource, StackContext], Iterator[Found]]] = {
    "AWS::CloudWatch::Alarm": other.alarm,
    "AWS::CloudWatch::Dashboard": other.dashboard,
    "AWS::DSQL::Cluster": other.dsql,
    "AWS::EC2::ClientVpnTargetNetworkAssociation": other.vpn_association,
    "AWS::EC2::EIP": other.address,
    "AWS::EC2::NatGateway": other.nat_gateway,
    "AWS::EC2::VPCEndpoint": other.endpoint,
    "AWS::KMS::Key": other.key,
    "AWS::RDS::DBCluster": cluster,
    "AWS::RDS::DBInstance": other.instance,
    "AWS::RDS::DBProxy": other.proxy,
    "AWS::SecretsManager::Secret": other.secret,
}
ALONE = frozenset(RULES) - {"AWS::RDS::DBCluster", "AWS::RDS::DBProxy"}
"""Types whose costs follow from the resource itself; the others also look at their neighbours."""


def estimate(
    stacks: Sequence[CostedStack],
    prices: PriceList,
    usage: Usage | None = None,
    *,
    only: Collection[str] | None = None,
) -> Estimate:
    """What the stacks cost a month, or those with the keys `only`; equal lines of a stack are added up."""
    usage = usage or Usage()
    evaluators = {stack.key: Evaluator(stack.side) for stack in stacks}
    everything = {key: resources(evaluator) for key, evaluator in evaluators.items()}
    users: dict[str, list[CostedStack]] = {}
    for stack in stacks:
        for key in stack.needs:
            users.setdefault(key, []).append(stack)
    found: list[Found] = []
    unpriced: Counter[str] = Counter()
    for stack in stacks:
        if only is not None and stack.key not in only:
            continue
        context = StackContext(stack, everything[stack.key], everything, stacks, prices, usage, users)
        alone = _alone(context, evaluators[stack.key])
        types = context.resources.entries.types
        for entry in _with_a_price(types):
            found += alone(entry) if entry.type in ALONE else _priced(entry, context)
        for kind, rows in types.items():
            if not (kind in RULES or used_by(kind) or is_free(kind)):
                unpriced[kind] += len(rows)
    capacities = tuple(row for row in found if isinstance(row, Capacity))
    return Estimate(
        region=prices.region,
        lines=tuple(_added(row for row in found if isinstance(row, CostLine))),
        uses=tuple(dict.fromkeys(row for row in found if isinstance(row, UseLine))),
        capacities=capacities,
        unpriced=dict(unpriced),
        notes=tuple(dict.fromkeys(io_choice(row, prices, usage) for row in capacities)),
        oldest=_oldest(found, prices),
    )


def _oldest(found: Sequence[Found], prices: PriceList) -> date | None:
    """The day of the oldest price that was used."""
    used = map(prices.get, {row.item for row in found if not isinstance(row, Capacity)})
    return min((price.day for price in used if price), default=None)


def _with_a_price(types: Mapping[str, Sequence[Entry]]) -> list[Entry]:
    """Entries that a rule prices, and one of each type that is paid by use, in the order of the template."""
    found = [entry for kind, rows in types.items() if kind in RULES for entry in rows]
    found += [rows[0] for kind, rows in types.items() if kind not in RULES and used_by(kind)]
    return sorted(found, key=lambda entry: entry.position)


def _alone(context: StackContext, evaluator: Evaluator) -> Callable[[Entry], tuple[Found, ...]]:
    """What a resource costs by itself, shared by all stacks of one key in which it has the same values."""

    def priced(_evaluator: Evaluator, entry: Entry) -> tuple[Found, ...]:
        return tuple(_priced(entry, context))

    return shared(evaluator, ("cost", context.stack.key, context.prices), priced)


def _priced(entry: Entry, context: StackContext) -> Iterator[Found]:
    if entry.type in RULES:
        yield from RULES[entry.type](context.resources[entry.name], context)
        return
    use = used_by(entry.type)
    if use:
        yield UseLine(context.stack.key, entry.type, use)


def _added(lines: Iterable[CostLine]) -> Iterator[CostLine]:
    alike: dict[tuple[str, str], list[CostLine]] = {}
    for line in lines:
        alike.setdefault((line.stack, line.what), []).append(line)
    for (stack, what), rows in alike.items():
        words = f"{len(rows)} x {what}" if len(rows) > 1 else what
        yield CostLine(stack, words, _sum(row.low for row in rows), _sum(row.high for row in rows), rows[0].item)


def _sum(amounts: Iterable[float | None]) -> float | None:
    known = list(amounts)
    return None if None in known else sum(amount for amount in known if amount is not None)


def cost_change(
    before: Sequence[CostedStack],
    after: Sequence[CostedStack],
    prices: PriceList,
    *,
    only: Collection[str] | None = None,
) -> CostChange:
    """What the same stacks, or those with the keys `only`, cost on both sides.

    A line that only changed its amount or words is one pair.
    """
    old, new = estimate(before, prices, only=only), estimate(after, prices, only=only)
    return CostChange(old, new, tuple(_pairs(old, new)))


def _pairs(old: Estimate, new: Estimate) -> list[tuple[CostLine | None, CostLine | None]]:
    before, after = _named(old), _named(new)
    names = [*after, *(name for name in before if name not in after)]
    pairs = [(before.get(name), after.get(name)) for name in names]
    return [pair for pair in pairs if pair[0] != pair[1]]


def _named(found: Estimate) -> dict[tuple[str, str, int], CostLine]:
    """Lines by stack and by the first word of what they are, so that `2 to 4 ACU` pairs with `2 to 8 ACU`."""
    named: dict[tuple[str, str, int], CostLine] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for line in found.lines:
        # `2 x NAT gateway` pairs with `NAT gateway`.
        kind = line.what.partition(" x ")[2] or line.what
        name = (line.stack, kind.partition(":")[0])
        named[(*name, counts[name])] = line
        counts[name] += 1
    return named


DAY = 24  # hours


def curve(found: Estimate) -> tuple[CurvePoint, ...]:
    """A point for each number of active hours from 0 to 24; empty when the price of an ACU-hour is unknown.

    Active hours are counted as one stretch a day. Active capacity is the minimum (low) or the maximum (high).
    Otherwise a cluster waits at its minimum capacity until it pauses, and one that never pauses stays there.
    """
    if not found.capacities or any(row.dollars is None for row in found.capacities):
        return ()
    # What does not depend on the hours: the whole sum without the capacity that it contains.
    at_rest = sum(_month(row, 0, row.floor, 0) for row in found.capacities)
    at_most = sum(_month(row, DAY, row.maximum, 1) for row in found.capacities)
    low, high = found.low - at_rest, found.high - at_most
    return tuple(
        CurvePoint(
            hours,
            low + sum(_month(row, hours, row.floor, 0) for row in found.capacities),
            high + sum(_month(row, hours, row.maximum, 1) for row in found.capacities),
        )
        for hours in range(DAY + 1)
    )


def _month(row: Capacity, hours: int, active: float, side: int) -> float:
    idle = DAY - hours
    waiting = idle if row.pause_hours is None else min(row.pause_hours, idle) if hours else 0
    return row.instances[side] * (row.dollars or 0) * DAYS * (hours * active + waiting * row.floor)
