"""Everything besides Aurora clusters: instances, proxies, DSQL, gateways, endpoints, VPN, alarms, secrets, keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from aurora_cfn.cost.clusters import capacity
from aurora_cfn.cost.context import Found, StackContext, is_true
from aurora_cfn.facts.prices import vcpus
from aurora_cfn.model.cost import HOURS
from aurora_cfn.model.resource_types import SERVERLESS
from aurora_cfn.model.value import Value
from aurora_cfn.template.forms import number_of, references
from aurora_cfn.template.resources import Resource


def nat_gateway(resource: Resource, context: StackContext) -> Iterator[Found]:
    """A NAT gateway by the hour, and by the gigabyte."""
    yield context.hourly(resource, "NAT gateway", "nat_hour")
    yield context.by_use("NAT gateway", "nat_gb")


def address(resource: Resource, context: StackContext) -> Iterator[Found]:
    """A public IPv4 address, in use or not."""
    yield context.hourly(resource, "public IPv4 address", "public_ipv4_hour")


def endpoint(resource: Resource, context: StackContext) -> Iterator[Found]:
    """An interface endpoint, for each of its subnets; a gateway endpoint is free."""
    if resource.properties.get("VpcEndpointType") not in {"Interface", "GatewayLoadBalancer"}:
        return
    subnets = resource.properties.get("SubnetIds")
    # One network interface in each subnet, and each is charged; an unknown list has at least one.
    count = len(subnets) if isinstance(subnets, list) and subnets else 1
    service = str(resource.properties.get("ServiceName")).rpartition(".")[2]
    name = f"interface endpoint {service}" if service.isidentifier() or "-" in service else "interface endpoint"
    more = "" if isinstance(subnets, list) else " at least"
    yield context.hourly(resource, f"{name}: {count} subnet{'s' * (count != 1)}{more}", "endpoint_hour", count)
    yield context.by_use("interface endpoints", "endpoint_gb")


def vpn_association(resource: Resource, context: StackContext) -> Iterator[Found]:
    """A subnet associated with a Client VPN endpoint, and the connections."""
    yield context.hourly(resource, "Client VPN, one subnet", "vpn_association_hour")
    yield context.by_use("Client VPN connections", "vpn_connection_hour")


def alarm(resource: Resource, context: StackContext) -> Iterator[Found]:
    """An alarm, for each metric that it looks at."""
    metrics = resource.properties.get("Metrics")
    # Metric math uses several metrics in one alarm; an alarm without the list has one.
    rows = metrics if isinstance(metrics, list) else []
    count = sum(isinstance(row, Mapping) and "MetricStat" in row for row in rows) or 1
    # An alarm with a period under a minute is of high resolution, which costs more (CloudWatch pricing page, 2026-11).
    period = number_of(resource.properties.get("Period"))
    fast = period is not None and period < _MINUTE
    what, item = ("high-resolution alarm", "fast_alarm_month") if fast else ("CloudWatch alarm", "alarm_month")
    yield context.line(what, item, count if resource.certain else 0, count)


def dashboard(_resource: Resource, context: StackContext) -> Iterator[Found]:
    """A dashboard; the first three of an account are free, which is not known here."""
    yield context.line("CloudWatch dashboard", "dashboard_month", 0, 1)


def secret(resource: Resource, context: StackContext) -> Iterator[Found]:
    """A secret, by the month, and each of its replicas in other regions."""
    copies = resource.properties.get("ReplicaRegions")
    count = 1 + (len(copies) if isinstance(copies, list) else 0)
    yield context.line("secret", "secret_month", count if resource.certain else 0, count)


def key(resource: Resource, context: StackContext) -> Iterator[Found]:
    """A customer managed key, its first version."""
    yield context.line("KMS key", "key_month", 1 if resource.certain else 0, 1)


_MINUTE = 60
LEAST_ACUS, LEAST_VCPUS = 8, 2
"""The minimum that a proxy is charged for (RDS Proxy pricing page, 2026-07)."""


def instance(resource: Resource, context: StackContext) -> Iterator[Found]:
    """An instance by the hour with its disk; the serverless ones of a cluster are priced with the cluster."""
    properties, kind = resource.properties, resource.properties.get("DBInstanceClass")
    if kind == SERVERLESS:
        if not any(references(properties.get("DBClusterIdentifier"))):
            yield context.unknown("db.serverless, in a cluster that is not in this stack")
        return
    # A Multi-AZ instance has a standby, which costs as much again, and so does its disk.
    zones = 2 if is_true(properties.get("MultiAZ")) else 1
    if isinstance(kind, str):
        yield context.hourly(
            resource, f"{kind}{', two Availability Zones' * (zones == 2)}", _hours(properties, kind), zones
        )
    else:
        yield context.unknown("an instance of a class that is not known here")
    if "DBClusterIdentifier" not in properties:
        yield from _disk(properties, zones, context)
    if is_true(properties.get("ManageMasterUserPassword")):
        yield context.line("secret of the master user", "secret_month", 1)


_INCLUDED_IOPS, _STRIPED_FROM, _STRIPED_IOPS = 3000, 400, 12000
"""What gp3 has in its price, and from which size on four times that (RDS User Guide, gp3 storage)."""


def _disk(properties: Mapping[str, Value], zones: int, context: StackContext) -> Iterator[Found]:
    """The storage of an instance, and the I/O rate that is paid beside it."""
    size, storage = number_of(properties.get("AllocatedStorage")), str(properties.get("StorageType") or "gp2")
    if size is None:
        yield context.unknown("a disk of a size that is not known here")
    else:
        yield context.line(f"{size:g} GB of {storage}", f"{storage}_gb_month", size * zones)
    rate = number_of(properties.get("Iops")) or 0
    included = (_STRIPED_IOPS if (size or 0) >= _STRIPED_FROM else _INCLUDED_IOPS) if storage == "gp3" else 0
    if rate > included:
        yield context.line(f"{rate:g} IOPS of {storage}", f"{storage}_iops_month", (rate - included) * zones)


def _hours(properties: Mapping[str, Value], kind: str) -> str:
    """The item of an hour of that instance class."""
    if "DBClusterIdentifier" in properties:
        return f"aurora_instance_hour:{kind}"
    # RDS takes the engine's name in capitals too.
    engine = str(properties.get("Engine")).lower()
    return f"instance_hour:{kind}" if engine == "postgres" else f"instance_hour:{engine}:{kind}"


def proxy(resource: Resource, context: StackContext) -> Iterator[Found]:
    """A proxy, by the capacity of the database behind it."""
    found = next(_targets(context), None)
    if found is None:
        yield context.unknown("RDS Proxy, before a database that is not known here")
        return
    unit, least, most = found
    item = "proxy_acu_hour" if unit == "ACU" else "proxy_vcpu_hour"
    floor = LEAST_ACUS if unit == "ACU" else LEAST_VCPUS
    low, high = max(floor, least), max(floor, most)
    words = f"{low:g} to {high:g}" if low != high else f"{low:g}"
    yield context.line(f"RDS Proxy: {words} {unit}", item, low * HOURS * resource.certain, high * HOURS)


def dsql(_resource: Resource, context: StackContext) -> Iterator[Found]:
    """Aurora DSQL costs by use alone."""
    yield context.by_use("Aurora DSQL", "dpu_million")
    yield context.by_use("Aurora DSQL storage", "dsql_gb_month")


def _targets(context: StackContext) -> Iterator[tuple[str, float, float]]:
    """Capacity of the databases in this stack and in those that it needs: unit, minimum, maximum."""
    for stack in context.stacks:
        if stack.key != context.stack.key and stack.key not in context.stack.needs:
            continue
        there = replace(context, stack=stack, resources=context.all[stack.key])
        for row in there.of_type("AWS::RDS::DBCluster"):
            found = capacity(row, there)
            if found:
                yield "ACU", found.instances[0] * found.floor, found.instances[1] * found.maximum
        for row in there.of_type("AWS::RDS::DBInstance"):
            count = vcpus(str(row.properties.get("DBInstanceClass")))
            if count and "DBClusterIdentifier" not in row.properties:
                yield "vCPU", count, count
