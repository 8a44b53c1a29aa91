"""Databases beside Aurora clusters: RDS instances, proxies, DSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aurora_cfn.cost.clusters import SERVERLESS, capacity
from aurora_cfn.cost.scene import Found, Scene, is_true, number
from aurora_cfn.model.cost import HOURS, CostLine
from aurora_cfn.template.resources import Resource

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


def dsql(resource: Resource, scene: Scene) -> Iterator[Found]:
    """Aurora DSQL costs by use alone."""
    del resource
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
