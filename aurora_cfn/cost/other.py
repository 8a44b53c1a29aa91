"""Everything beside Aurora clusters: instances, proxies, DSQL, gateways, endpoints, VPN, alarms, secrets, keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from aurora_cfn.cost.clusters import SERVERLESS, capacity
from aurora_cfn.cost.context import Found, Scene, is_true, number
from aurora_cfn.model.cost import HOURS, CostLine
from aurora_cfn.template.resources import Resource


def nat_gateway(resource: Resource, scene: Scene) -> Iterator[Found]:
    """A NAT gateway by the hour, and by the gigabyte."""
    yield scene.hourly(resource, "NAT gateway", "nat_hour")
    yield scene.by_use("NAT gateway", "nat_gb")


def address(resource: Resource, scene: Scene) -> Iterator[Found]:
    """A public IPv4 address, in use or not."""
    yield scene.hourly(resource, "public IPv4 address", "public_ipv4_hour")


def endpoint(resource: Resource, scene: Scene) -> Iterator[Found]:
    """An interface endpoint, for each of its subnets; a gateway endpoint is free."""
    if resource.properties.get("VpcEndpointType") not in {"Interface", "GatewayLoadBalancer"}:
        return
    subnets = resource.properties.get("SubnetIds")
    count = len(subnets) if isinstance(subnets, list) and subnets else 1
    service = str(resource.properties.get("ServiceName")).rpartition(".")[2]
    name = f"interface endpoint {service}" if service.isidentifier() or "-" in service else "interface endpoint"
    more = "" if isinstance(subnets, list) else " at least"
    yield scene.hourly(resource, f"{name}: {count} subnet{'s' * (count != 1)}{more}", "endpoint_hour", count)
    yield scene.by_use("interface endpoints", "endpoint_gb")


def vpn_association(resource: Resource, scene: Scene) -> Iterator[Found]:
    """A subnet associated with a Client VPN endpoint, and the connections."""
    yield scene.hourly(resource, "Client VPN, one subnet", "vpn_association_hour")
    yield scene.by_use("Client VPN connections", "vpn_connection_hour")


def alarm(resource: Resource, scene: Scene) -> Iterator[Found]:
    """An alarm, for each metric that it looks at."""
    metrics = resource.properties.get("Metrics")
    rows = metrics if isinstance(metrics, list) else []
    count = sum(isinstance(row, Mapping) and "MetricStat" in row for row in rows) or 1
    yield scene.line("CloudWatch alarm", "alarm_month", count if resource.certain else 0, count)


def dashboard(_resource: Resource, scene: Scene) -> Iterator[Found]:
    """A dashboard; the first three of an account are free, which is not known here."""
    yield scene.line("CloudWatch dashboard", "dashboard_month", 0, 1)


def secret(resource: Resource, scene: Scene) -> Iterator[Found]:
    """A secret."""
    yield scene.line("secret", "secret_month", 1 if resource.certain else 0, 1)


def key(resource: Resource, scene: Scene) -> Iterator[Found]:
    """A customer managed key, its first version."""
    yield scene.line("KMS key", "key_month", 1 if resource.certain else 0, 1)


LEAST_ACUS, LEAST_VCPUS = 8, 2
"""What a proxy is charged for at the least (RDS Proxy pricing page, 2026-07)."""
VCPUS = {"db.t4g.micro": 2, "db.t4g.small": 2, "db.t4g.medium": 2, "db.t4g.large": 2, "db.m7g.large": 2,
         "db.r7g.large": 2, "db.m7g.xlarge": 4, "db.r7g.xlarge": 4}  # fmt: skip


def instance(resource: Resource, scene: Scene) -> Iterator[Found]:
    """An instance by the hour with its disk; the serverless ones of a cluster are priced with the cluster."""
    properties, kind = resource.properties, str(resource.properties.get("DBInstanceClass"))
    if kind == SERVERLESS:
        return
    zones = 2 if is_true(properties.get("MultiAZ")) else 1
    aurora = "DBClusterIdentifier" in properties
    item = f"aurora_instance_hour:{kind}" if aurora else f"instance_hour:{kind}"
    if not aurora and properties.get("Engine") != "postgres":
        item = f"instance_hour:{properties.get('Engine')}:{kind}"
    yield scene.hourly(resource, f"{kind}{', two Availability Zones' * (zones == 2)}", item, zones)
    disk = number(properties.get("AllocatedStorage"))
    if disk is not None:
        storage = str(properties.get("StorageType") or "gp2")
        yield scene.line(f"{disk:g} GB of {storage}", f"{storage}_gb_month", disk * zones)
    if is_true(properties.get("ManageMasterUserPassword")):
        yield scene.line("secret of the master user", "secret_month", 1)


def proxy(resource: Resource, scene: Scene) -> Iterator[Found]:
    """A proxy, by the capacity of the database that it stands before."""
    found = next(_targets(scene), None)
    if found is None:
        yield CostLine(scene.stack.key, "RDS Proxy, before a database that is not known here", None, None)
        return
    unit, least, most = found
    item = "proxy_acu_hour" if unit == "ACU" else "proxy_vcpu_hour"
    floor = LEAST_ACUS if unit == "ACU" else LEAST_VCPUS
    low, high = max(floor, least), max(floor, most)
    words = f"{low:g} to {high:g}" if low != high else f"{low:g}"
    yield scene.line(f"RDS Proxy: {words} {unit}", item, low * HOURS * resource.certain, high * HOURS)


def dsql(_resource: Resource, scene: Scene) -> Iterator[Found]:
    """Aurora DSQL costs by use alone."""
    yield scene.by_use("Aurora DSQL", "dpu_million")
    yield scene.by_use("Aurora DSQL storage", "dsql_gb_month")


def _targets(scene: Scene) -> Iterator[tuple[str, float, float]]:
    """Capacity of the databases in this stack and in those that it needs: unit, least, most."""
    for stack in scene.stacks:
        if stack.key != scene.stack.key and stack.key not in scene.stack.needs:
            continue
        there = replace(scene, stack=stack, resources=scene.all[stack.key])
        for row in there.of_type("AWS::RDS::DBCluster"):
            found = capacity(row, there)
            if found:
                yield "ACU", found.instances[0] * found.floor, found.instances[1] * found.maximum
        for row in there.of_type("AWS::RDS::DBInstance"):
            vcpus = VCPUS.get(str(row.properties.get("DBInstanceClass")))
            if vcpus and "DBClusterIdentifier" not in row.properties:
                yield "vCPU", vcpus, vcpus
