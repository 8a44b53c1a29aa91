"""What stands around a database: gateways, endpoints, VPN, alarms, secrets, keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aurora_cfn.cost.scene import Found, Scene
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


def dashboard(resource: Resource, scene: Scene) -> Iterator[Found]:
    """A dashboard; the first three of an account are free, which nobody can see from here."""
    yield scene.line("CloudWatch dashboard", "dashboard_month", 0, 1)
    del resource


def secret(resource: Resource, scene: Scene) -> Iterator[Found]:
    """A secret."""
    yield scene.line("secret", "secret_month", 1 if resource.certain else 0, 1)


def key(resource: Resource, scene: Scene) -> Iterator[Found]:
    """A customer managed key, its first version."""
    yield scene.line("KMS key", "key_month", 1 if resource.certain else 0, 1)
