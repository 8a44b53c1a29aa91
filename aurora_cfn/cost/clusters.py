"""Aurora clusters: capacity from minimum to maximum, what prevents a pause, storage and I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aurora_cfn.cost.context import Found, StackContext, is_true, refers_to
from aurora_cfn.facts.prices import PriceList
from aurora_cfn.model.cost import HOURS, Capacity, Usage
from aurora_cfn.model.rds_database import DEFAULT_PAUSE_AFTER
from aurora_cfn.model.resource_types import SERVERLESS
from aurora_cfn.model.value import member
from aurora_cfn.template.forms import number_of
from aurora_cfn.template.resources import Resource


def cluster(resource: Resource, context: StackContext) -> Iterator[Found]:
    """The capacity of an Aurora cluster, its managed secret, and what it costs by use; of another one, its name."""
    engine, kind = resource.properties.get("Engine"), resource.properties.get("DBClusterInstanceClass")
    if not isinstance(engine, str):
        yield context.unknown("a cluster of an engine that is not known here")
        return
    if not engine.lower().startswith("aurora"):
        yield context.unknown(f"Multi-AZ DB cluster{f' of {kind}' if isinstance(kind, str) else ''} with its disks")
        return
    found = capacity(resource, context)
    if resource.properties.get("EngineMode") == "serverless":
        yield context.unknown("Aurora Serverless v1")
    elif found is None and _serverless(resource, context):
        yield context.unknown("Aurora Serverless v2, of a capacity that is not known here")
    if found:
        yield found
        yield context.line(_capacity_words(found), _acu_item(optimized=found.optimized), *_acu_hours(found))
        yield from _insights(resource, context, found)
    if is_true(resource.properties.get("ManageMasterUserPassword")):
        yield context.line("secret of the master user", "secret_month", 1)
    yield from _storage(resource, context)
    if is_true(resource.properties.get("EnableHttpEndpoint")):
        yield context.by_use("Data API", "data_api_million")


def capacity(resource: Resource, context: StackContext) -> Capacity | None:
    """The serverless capacity; None when the cluster has no such instance, or its limits are not known yet."""
    instances = _serverless(resource, context)
    scaling = resource.properties.get("ServerlessV2ScalingConfiguration")
    minimum, maximum = number_of(member(scaling, "MinCapacity")), number_of(member(scaling, "MaxCapacity"))
    if not instances or minimum is None or maximum is None:
        return None
    # I/O-Optimized: ACU-hours and storage cost more, requests nothing.
    optimized = resource.properties.get("StorageType") == "aurora-iopt1"
    price = context.prices.get(_acu_item(optimized=optimized))
    awake = why_awake(resource, context) if minimum == 0 else ""
    seconds = number_of(member(scaling, "SecondsUntilAutoPause"))
    pauses = (DEFAULT_PAUSE_AFTER if seconds is None else seconds) / 3600 if minimum == 0 and not awake else None
    return Capacity(
        stack=context.stack.key,
        # At least those whose condition is known to hold, at most all.
        instances=(sum(row.certain for row in instances), len(instances)),
        minimum=minimum,
        maximum=maximum,
        dollars=price.dollars if price else None,
        pause_hours=pauses,
        awake=awake,
        optimized=optimized,
    )


def _serverless(resource: Resource, context: StackContext) -> list[Resource]:
    return [row for row in members(resource, context) if row.properties.get("DBInstanceClass") == SERVERLESS]


def members(resource: Resource, context: StackContext) -> list[Resource]:
    """The instances of the cluster in its stack."""
    rows = context.of_type("AWS::RDS::DBInstance")
    return [row for row in rows if refers_to(row.properties.get("DBClusterIdentifier"), resource.logical_id)]


def why_awake(resource: Resource, context: StackContext) -> str:
    """What keeps a cluster with a minimum of 0 from pausing (Aurora user guide, auto-pause, 2026-11); else empty."""
    targets = context.of_type("AWS::RDS::DBProxyTargetGroup")
    if any(refers_to(row.properties.get("DBClusterIdentifiers"), resource.logical_id) for row in targets):
        return "its proxy keeps a connection open"
    for stack in context.users.get(context.stack.key, ()):
        if context.all[stack.key].entries.types.get("AWS::RDS::DBProxyTargetGroup"):
            return f"the proxy of {stack.key} keeps a connection open"
    if "GlobalClusterIdentifier" in resource.properties:
        return "it belongs to a global database"
    for kind, key, why in _SOURCES:
        if any(refers_to(row.properties.get(key), resource.logical_id) for row in context.of_type(kind)):
            return why
    if any(row.properties.get("DBInstanceClass") != SERVERLESS for row in members(resource, context)):
        return "it has an instance that is not serverless"
    return ""


_SOURCES = (
    ("AWS::RDS::GlobalCluster", "SourceDBClusterIdentifier", "it belongs to a global database"),
    ("AWS::RDS::Integration", "SourceArn", "it is the source of a zero-ETL integration"),
)


def _acu_hours(found: Capacity) -> tuple[float, float]:
    # Minimum: the cluster is paused all month.
    idle = 0.0 if found.pause_hours is not None else found.floor
    return found.instances[0] * idle * HOURS, found.instances[1] * found.maximum * HOURS


def _acu_item(*, optimized: bool) -> str:
    return "acu_hour_io_optimized" if optimized else "acu_hour"


def _capacity_words(found: Capacity) -> str:
    few, many = found.instances
    count = f"{many} instance{'s' * (many != 1)}" if few == many else f"{few} to {many} instances"
    words = f"Aurora Serverless v2: {count}, {found.minimum:g} to {found.maximum:g} ACU"
    if found.pause_hours is not None:
        return f"{words}, paused after {found.pause_hours * 60:g} min idle"
    return f"{words}, never pauses ({found.awake})" if found.awake else words


def _insights(resource: Resource, context: StackContext, found: Capacity) -> Iterator[Found]:
    if resource.properties.get("DatabaseInsightsMode") == "advanced":
        yield context.line("Database Insights, advanced", "insights_acu_hour", *_acu_hours(found))


def _storage(resource: Resource, context: StackContext) -> Iterator[Found]:
    optimized = resource.properties.get("StorageType") == "aurora-iopt1"
    item = "storage_gb_month_io_optimized" if optimized else "storage_gb_month"
    uses: Sequence[tuple[str, str, float | None]] = [("storage", item, context.usage.storage_gb)]
    if not optimized:
        uses = [*uses, ("I/O", "io_million", context.usage.io_millions)]
    for what, name, amount in uses:
        yield context.by_use(what, name) if amount is None else context.line(f"{what}: {amount:g}", name, amount)
    yield context.by_use("backups", "backup_gb_month")


_ITEMS = ("acu_hour", "acu_hour_io_optimized", "storage_gb_month", "storage_gb_month_io_optimized", "io_million")


def io_choice(capacity: Capacity, prices: PriceList, usage: Usage) -> str:
    """A sentence with the number of I/O requests a month at which both cost the same.

    Counted for the minimum and the maximum capacity around the clock, with the storage given.
    """
    missing = [item for item in _ITEMS if prices.get(item) is None]
    if missing:
        return f"{capacity.stack}: Standard and I/O-Optimized are not compared: no price in {prices.region} for " + (
            ", ".join(missing)
        )
    low = _even(prices, capacity.instances[0] * capacity.floor, usage)
    high = _even(prices, capacity.instances[1] * capacity.maximum, usage)
    now = "is chosen; it" if capacity.optimized else "would be"
    verb = " is" if capacity.optimized else ""
    gigabytes = f" with {usage.storage_gb:g} GB" if usage.storage_gb else ""
    return (
        f"{capacity.stack}: I/O-Optimized {now}{verb} cheaper from {low:,.0f} million I/O a month at minimum capacity"
        f"{gigabytes}, from {high:,.0f} million at maximum capacity"
    )


def _even(prices: PriceList, acus: float, usage: Usage) -> float:
    standard, optimized, storage, storage_optimized, requests = (_dollars(prices, item) for item in _ITEMS)
    more = (optimized - standard) * acus * HOURS + (storage_optimized - storage) * (usage.storage_gb or 0)
    return max(0.0, more / requests)


def _dollars(prices: PriceList, item: str) -> float:
    price = prices.get(item)
    assert price is not None
    return price.dollars
