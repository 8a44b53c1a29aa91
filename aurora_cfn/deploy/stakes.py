"""What is at stake: how much a database holds that a change would replace, remove or upgrade, and the ways back to it.

Template and change set say that data could go; only RDS knows how much there is and how old the newest copy is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from aurora_cfn.deploy.engine import Engine
from aurora_cfn.deploy.snapshot import CLUSTER, INSTANCE, UPGRADES
from aurora_cfn.errors import AwsError
from aurora_cfn.model.change_set import ResourceChange
from aurora_cfn.model.database import Holding
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.ports import Holdings

UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")


def stakes(engine: Engine, plan: StackPlan) -> tuple[str, ...]:
    """A line for each database that the change set endangers; what cannot be read is said, and never in the way."""
    if engine.holdings is None or plan.change_set is None or plan.creates:
        return ()
    return tuple(_lines(engine.holdings, plan.change_set.changes, engine.clock.now()))


def endangers(change: ResourceChange) -> bool:
    """Whether the change touches a database as a whole: it goes, it may be replaced, or its engine becomes another."""
    if change.type not in {CLUSTER, INSTANCE} or not change.physical_id:
        return False
    if change.action in {"Add", "Import"}:
        return False
    upgraded = any(detail.name in UPGRADES for detail in change.properties)
    return change.action in {"Remove", "Dynamic"} or change.may_replace or upgraded


def holding_text(holding: Holding, now: datetime) -> str:
    """`12.4 GiB, deletion protection on, restorable to 2 min ago, newest snapshot x (3 days old)`."""
    parts = [size_text(holding.size), f"deletion protection {'on' if holding.protected else 'off'}"]
    if holding.restorable_to is not None:
        parts.append(f"restorable to {age_text(now - holding.restorable_to)} ago")
    if holding.snapshot_at is not None:
        parts.append(f"newest snapshot {holding.snapshot} ({age_text(now - holding.snapshot_at)} old)")
    elif "rds:DescribeDBClusterSnapshots" not in holding.untold and "rds:DescribeDBSnapshots" not in holding.untold:
        parts.append("no snapshot")
    parts += [f"{action} is refused" for action in holding.untold]
    return ", ".join(parts)


def size_text(size: int | None) -> str:
    """Bytes as a person says them, in binary units."""
    if size is None:
        return "size unknown"
    amount, unit = float(size), 0
    while amount >= 1024 and unit < len(UNITS) - 1:
        amount, unit = amount / 1024, unit + 1
    return f"{amount:.1f} {UNITS[unit]} of data" if unit else f"{size} bytes of data"


def age_text(age: timedelta) -> str:
    """`40 s`, `5 min`, `3 h`, `12 days`: as rough as one says it."""
    seconds = max(0, int(age.total_seconds()))
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 7200:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 172_800 else f"{seconds // 86_400} days"


def _lines(holdings: Holdings, changes: tuple[ResourceChange, ...], now: datetime) -> Iterator[str]:
    for change in filter(endangers, changes):
        try:
            holding = _held(holdings, change)
        except AwsError as error:
            yield f"{change.logical_id} ({change.physical_id}): what it holds is not known: {error}"
            continue
        if holding is not None:
            yield f"{change.logical_id} is {change.physical_id}: {holding_text(holding, now)}"


def _held(holdings: Holdings, change: ResourceChange) -> Holding | None:
    if change.type == CLUSTER:
        return holdings.cluster_holding(change.physical_id)
    return holdings.instance_holding(change.physical_id)
