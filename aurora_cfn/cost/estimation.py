"""Stacks to an estimate: every resource goes to the rule of its type, and what has none is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date

from aurora_cfn.cost import databases, other
from aurora_cfn.cost.clusters import cluster
from aurora_cfn.cost.io_choice import io_choice
from aurora_cfn.cost.scene import CostedStack, Found, Scene
from aurora_cfn.facts.prices import PriceList, is_free, used_by
from aurora_cfn.model.cost import Capacity, CostLine, Estimate, Usage, UseLine
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.resources import Resource, resources

RULES: dict[str, Callable[[Resource, Scene], Iterator[Found]]] = {
    "AWS::CloudWatch::Alarm": other.alarm,
    "AWS::CloudWatch::Dashboard": other.dashboard,
    "AWS::DSQL::Cluster": databases.dsql,
    "AWS::EC2::ClientVpnTargetNetworkAssociation": other.vpn_association,
    "AWS::EC2::EIP": other.address,
    "AWS::EC2::NatGateway": other.nat_gateway,
    "AWS::EC2::VPCEndpoint": other.endpoint,
    "AWS::KMS::Key": other.key,
    "AWS::RDS::DBCluster": cluster,
    "AWS::RDS::DBInstance": databases.instance,
    "AWS::RDS::DBProxy": databases.proxy,
    "AWS::SecretsManager::Secret": other.secret,
}


def estimate(
    stacks: Sequence[CostedStack],
    prices: PriceList,
    usage: Usage | None = None,
    *,
    only: Collection[str] | None = None,
) -> Estimate:
    """What the stacks cost a month, or those with the keys `only`; equal lines of a stack are added up."""
    usage = usage or Usage()
    everything = {stack.key: resources(Evaluator(stack.side)) for stack in stacks}
    found: list[Found] = []
    unpriced: Counter[str] = Counter()
    for stack in stacks:
        if only is not None and stack.key not in only:
            continue
        scene = Scene(stack, everything[stack.key], everything, stacks, prices, usage)
        for row in scene.resources.values():
            found += _priced(row, scene)
            unpriced[row.type] += not (row.type in RULES or used_by(row.type) or is_free(row.type))
    capacities = tuple(row for row in found if isinstance(row, Capacity))
    return Estimate(
        region=prices.region,
        lines=tuple(_added(row for row in found if isinstance(row, CostLine))),
        uses=tuple(dict.fromkeys(row for row in found if isinstance(row, UseLine))),
        capacities=capacities,
        unpriced={kind: count for kind, count in unpriced.items() if count},
        notes=tuple(dict.fromkeys(io_choice(row, prices, usage) for row in capacities)),
        oldest=_oldest(found, prices),
    )


def _oldest(found: Sequence[Found], prices: PriceList) -> date | None:
    """The day of the oldest price that was used."""
    used = (prices.get(row.item) for row in found if not isinstance(row, Capacity))
    return min((price.day for price in used if price), default=None)


def _priced(row: Resource, scene: Scene) -> Iterator[Found]:
    if row.type in RULES:
        yield from RULES[row.type](row, scene)
        return
    use = used_by(row.type)
    if use:
        yield UseLine(scene.stack.key, row.type, use)


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
