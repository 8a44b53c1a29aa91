"""Whether an upgrade can be made in place and by a blue/green deployment: what of the configuration prevents it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from aurora_cfn.facts.blue_green import first_version, replication_parameter, switchover_timeout
from aurora_cfn.facts.versions import read_version
from aurora_cfn.model.inspection import Inspected
from aurora_cfn.model.rds_database import USABLE, Cluster
from aurora_cfn.model.upgrade_plan import BLUE_GREEN, IN_PLACE, BlueGreen, Method, UpgradeTarget
from aurora_cfn.operate.attached import Attached
from aurora_cfn.operate.upgrade.database_checks import blocked
from aurora_cfn.operate.upgrade.settings import family_of

MINOR = "the instances restart: sessions end, seconds to a few minutes without service"
MAJOR = "minutes without service, longer with many tables; only a snapshot leads back"


@dataclass(frozen=True, slots=True)
class UpgradeState:
    """What the methods depend on: the cluster, what is attached to it, checks of its data, a deployment that exists.

    `family_faults` say why the parameter groups of the template would not have the family of the target.
    """

    cluster: Cluster
    attached: Attached = field(default_factory=Attached)
    checks: Sequence[Inspected] = ()
    family_faults: Sequence[str] = ()
    deployment: BlueGreen | None = None
    local: bool = False


def methods(target: UpgradeTarget, found: UpgradeState) -> tuple[Method, ...]:
    """Both methods, the simpler one first."""
    return in_place(target, found), blue_green(found)


def in_place(target: UpgradeTarget, found: UpgradeState) -> Method:
    """The upgrade of the cluster itself, by a deployment of its stack."""
    refusals = [*_state(found), *_in_global_database(found)]
    if found.deployment and not found.deployment.switched:
        refusals.append(f"the blue/green deployment {found.deployment.name} exists: --switch or --abandon it")
    if target.major:
        refusals += [*found.family_faults, *blocked(found.checks, IN_PLACE)]
    notes = ["a snapshot is taken first"]
    wanted = family_of(found.cluster.engine, target.version)
    if target.major and wanted:
        notes.append(f"new parameter group of the family {wanted}")
    if target.major and found.cluster.replicas:
        notes.append("the replica clusters in other regions are not upgraded with it")
    return Method(IN_PLACE, MAJOR if target.major else MINOR, tuple(refusals), tuple(notes))


def blue_green(found: UpgradeState) -> Method:
    """The upgrade of a copy that RDS keeps in step, and a switch to it."""
    refusals = [
        *(["the emulator has no blue/green deployments: RDS alone makes them"] if found.local else ()),
        *_state(found),
        *_of_copies(found),
        *blocked(found.checks, BLUE_GREEN),
    ]
    notes = ["two clusters run, and are paid for, until the old one is deleted; the old one does not pause meanwhile"]
    if found.attached.proxies:
        notes.append(f"RDS Proxy {', '.join(found.attached.proxies)} follows the switch")
    limit = switchover_timeout()
    interruption = f"usually under a minute at the switch, which RDS rolls back after {limit} s"
    return Method(BLUE_GREEN, interruption, tuple(refusals), tuple(notes))


def _state(found: UpgradeState) -> Iterator[str]:
    cluster = found.cluster
    if cluster.mode == "serverless":
        yield "it is Aurora Serverless v1, which is not upgraded but replaced by v2"
    if cluster.status and cluster.status not in USABLE:
        yield f"the cluster is {cluster.status}"


def _in_global_database(found: UpgradeState) -> Iterator[str]:
    if member := found.attached.global_database(found.cluster):
        yield f"it belongs to the global database {member[0]}, whose clusters are upgraded together: upgrade that"


def _of_copies(found: UpgradeState) -> Iterator[str]:
    cluster, attached = found.cluster, found.attached
    if cluster.endpoint.secret_arn:
        yield "RDS manages its master password: give it a secret of your own first (DBMaster in our templates)"
    for name in attached.integrations:
        yield f"zero-ETL integration {name}: delete it first, and create it again after the switch"
    if cluster.replicas or cluster.replica_of:
        yield "it has, or is, a replica in another region"
    yield from _in_global_database(found)
    first = first_version(cluster.engine, cluster.version)
    oldest, running = read_version(cluster.engine, first), read_version(cluster.engine, cluster.version)
    if oldest and running and running.numbers < oldest.numbers:
        yield f"{cluster.version} has none: upgrade in place to {first} or later first"
    yield from _replication(cluster, attached)


def _replication(cluster: Cluster, attached: Attached) -> Iterator[str]:
    wanted = replication_parameter(cluster.engine)
    if wanted is None:
        return
    name, value = wanted
    now = attached.parameters.get(name, "")
    # MySQL replicates in every format; MIXED and STATEMENT are only not advised.
    switched_on = now == value if cluster.engine == "aurora-postgresql" else now not in {"", "OFF"}
    if not switched_on:
        yield f"{name} = {value} is needed in {cluster.parameter_group}, with a reboot; then the cluster does not pause"


def default_group(engine: str, version: str) -> str:
    """RDS's own cluster parameter group for the version, which always exists; empty if its family is not known."""
    name = family_of(engine, version)
    return f"default.{name}" if name else ""
