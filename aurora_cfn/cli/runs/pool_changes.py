"""`clients create` and `delete` in a pool: claims around databases, roles and secrets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.rds import AwsSnapshots
from aurora_cfn.cli.runs.pool import PoolRun
from aurora_cfn.cli.terminal.messages import declined, info
from aurora_cfn.cli.terminal.prompt import confirmed, named
from aurora_cfn.deploy.snapshots import SnapshotTask, identifier_with
from aurora_cfn.errors import InputError
from aurora_cfn.fleet.pool import PoolCluster
from aurora_cfn.fleet.pool_state import role_name
from aurora_cfn.fleet.quotas import refuse_full
from aurora_cfn.model.fleet_client import PoolClient
from aurora_cfn.operate.access.role_password import secret_name
from aurora_cfn.report.text import amount

KEPT = "only a snapshot of the whole cluster keeps it: "
LOST = "no snapshot is taken: "


def create_in_pool(pool: PoolRun, names: Sequence[str], own: Mapping[str, str], *, yes: bool) -> int:
    """Create the databases of the clients that have none, and run the migrations; the exit code.

    Raises InputError, before anything is claimed, for names, and a region that is full or another one.
    """
    fleet = pool.fleet.fleet
    if own:
        raise InputError("--parameter: a client of a pool has no stack, and so no parameters of its own")
    region = pool.fleet.region or fleet.regions[0]
    wanted = [name for name in dict.fromkeys(names) if role_name(fleet.name, name)]
    listed = pool.clients()
    # By the claims: the region of the command line hides clients of others.
    refuse_elsewhere(pool.claimed(), wanted, region)
    known = {row.name: row for row in listed if row.region == region}
    cluster, migrations = pool.cluster(region), pool.migrations
    for name in wanted:
        cluster.refuse_taken(name)
    new = [name for name in wanted if name not in known or known[name].database is None]
    refuse_full(fleet, region, sum(row.database is not None for row in known.values()), len(new), {}, {})
    unfinished = [name for name in wanted if name in new or not _is_complete(cluster, known[name])]
    for name in wanted:
        if name not in unfinished:
            again = "" if known[name].claimed else ", and its name is claimed again"
            pool.fleet.directory.claim(name, region)
            info(f"{name} is there{again}: nothing to create")
    what = f"Create {amount(len(unfinished), 'database')} in {cluster.database.stack} in {region}?"
    if unfinished and not yes and not confirmed(what):
        return declined("nothing was created")
    for name in unfinished:
        pool.fleet.directory.claim(name, region)
        before = known.get(name)
        cluster.create(name, before.database if before else None)
        ran = cluster.migrate(name, migrations)
        cluster.set_version(name, pool.version)
        info(f"{name}: database {role_name(fleet.name, name)} in {cluster.database.stack}, {amount(ran, 'migration')}")
    return 0


def delete_from_pool(pool: PoolRun, names: Sequence[str], confirm: Sequence[str], *, snapshot: bool) -> int:
    """Drop the clients' databases and roles after consent by name, and free their names; the exit code.

    Before that a snapshot of each shared cluster is taken: a database alone cannot be brought back.
    """
    clients = [pool.one(name) for name in dict.fromkeys(names)]
    for client in clients:
        name = role_name(pool.fleet.fleet.name, client.name)
        if client.database and not named(name, confirm, KEPT if snapshot else LOST):
            return declined("nothing was deleted")
    held = {row.name: pool.fleet.directory.held(row.name) for row in clients if row.claimed == row.region}
    for region in dict.fromkeys(row.region for row in clients if row.database) if snapshot else ():
        _take_snapshot(pool, region, [row for row in clients if row.region == region])
    for client in clients:
        pool.cluster(client.region).drop(client.name, client.database)
        # Last: until then no other create can take the name, and a killed run is seen in `clients check`.
        if client.name in held and pool.fleet.directory.release(client.name, held[client.name]):
            info(f"{client.name} is dropped, and its name is free again")
    return 0


def _is_complete(cluster: PoolCluster, client: PoolClient) -> bool:
    """Whether the client has its database, its role and its secret."""
    there = client.database
    return bool(there and there.there and cluster.secrets.secret_state(secret_name(cluster.database, there.name)))


def _take_snapshot(pool: PoolRun, region: str, clients: Sequence[PoolClient]) -> None:
    cluster, clock = pool.cluster(region), SystemClock()
    label = clients[0].name if len(clients) == 1 else f"{len(clients)}-clients"
    name = identifier_with(cluster.database.identifier, f"-without-{label}-{clock.now():%Y%m%d-%H%M%S}")
    task = SnapshotTask(AwsSnapshots(pool.fleet.in_region(region).session), clock, info)
    task.take(cluster.database.identifier, name, {**cluster.tags, **cluster.owner.tags})


def refuse_elsewhere(regions: Mapping[str, str], wanted: Iterable[str], region: str) -> None:
    """Raise InputError for wanted clients that have another region in `regions`."""
    other = [name for name in wanted if regions.get(name, region) != region]
    if other:
        what = "the client {} has its database in {}, so none is created in {}"
        raise InputError("\n".join(what.format(name, regions[name], region) for name in other))
