"""A snapshot before a risky change: of which databases, under which name, and how to restore it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from aurora_cfn.deploy.watch.pace import Pace
from aurora_cfn.errors import AwsError, BusyError, DeployError
from aurora_cfn.model.change_set import ChangeSet, ResourceChange
from aurora_cfn.model.rds_database import LONGEST_IDENTIFIER, Cluster, DatabaseSnapshot, EventSource, Instance
from aurora_cfn.model.resource_types import CLUSTER
from aurora_cfn.ports import Clock, Snapshots

UPGRADES = frozenset({"EngineVersion", "Engine"})
KEPT = frozenset({"Retain", "Snapshot"})
"""Deletion policies with which CloudFormation itself keeps the data, so that our snapshot would add nothing."""
DIGEST = 6
"""Characters of the hash that distinguishes databases whose names are cut."""
RESTORED = "-restored"
ENGINE = "aurora-postgresql"
"""The engine in the restore commands of a cluster that cannot be read."""
YOUNG = timedelta(minutes=10)
"""Up to this age the snapshot of a killed run is used instead of a new one: that run had not changed anything yet."""
REASON_TAG = {"aurora-cfn:reason": "before-change"}


def at_risk(change_set: ChangeSet, kind: str = CLUSTER) -> list[str]:
    """Identifiers of the databases of that type that the change set would remove, may replace, or upgrade."""
    return [
        change.physical_id
        for change in change_set.changes
        if change.type == kind and change.physical_id and _risky(change)
    ]


def _risky(change: ResourceChange) -> bool:
    if change.action in {"Add", "Import"}:
        return False
    # PolicyAction of the change set says what CloudFormation does; the template may say something else by now.
    if change.action == "Remove":
        return change.policy_action not in KEPT
    upgraded = any(detail.name in UPGRADES for detail in change.properties)
    return change.action == "Dynamic" or change.may_replace or upgraded


def snapshot_name(database: str, run: str) -> str:
    """A valid snapshot identifier with the names of the database and of the run."""
    return identifier_with(database, f"-before-{run}")


def identifier_with(database: str, tail: str) -> str:
    """A valid snapshot identifier: the database's name, cut where it is too long, and `tail`."""
    room = LONGEST_IDENTIFIER - len(tail)
    # The hash distinguishes names that differ only after the cut: each database gets a snapshot of its own.
    short = database if len(database) <= room else f"{database[: room - DIGEST - 1]}-{_digest(database)}"
    # An identifier begins with a letter and has no two hyphens in a row, nor one at its end.
    clean = re.sub(r"[^a-z0-9]+", "-", f"{short}{tail}".lower()).strip("-")
    return clean if clean[:1].isalpha() else f"s-{clean}"[:LONGEST_IDENTIFIER].rstrip("-")


def _digest(database: str) -> str:
    return sha256(database.lower().encode()).hexdigest()[:DIGEST]


def restore_commands(snapshot: DatabaseSnapshot, running: Cluster | Instance | None, region: str) -> str:
    """The commands that restore the snapshot as a new database, in the network of the `running` one."""
    name = f"{snapshot.database[: LONGEST_IDENTIFIER - len(RESTORED)].rstrip('-')}{RESTORED}"
    if snapshot.kind == "db-instance":
        return (
            f"aws rds restore-db-instance-from-db-snapshot --region {region} --db-instance-identifier {name} "
            f"--db-snapshot-identifier {snapshot.identifier}{_network(running)}"
        )
    # A restored cluster has no instances: without the second command no client could connect.
    engine = running.engine if running else ENGINE
    return (
        f"aws rds restore-db-cluster-from-snapshot --region {region} --db-cluster-identifier {name} "
        f"--snapshot-identifier {snapshot.identifier} --engine {engine}{_network(running)} "
        "--serverless-v2-scaling-configuration MinCapacity=0.5,MaxCapacity=4\n"
        f"aws rds create-db-instance --region {region} --db-instance-identifier {name}-1 "
        f"--db-cluster-identifier {name} --engine {engine} --db-instance-class db.serverless"
    )


def _network(running: Cluster | Instance | None) -> str:
    """Options for subnets and security groups; without them RDS restores into the default VPC, far from clients."""
    if running is None:
        return ""
    subnets = f" --db-subnet-group-name {running.subnet_group}" if running.subnet_group else ""
    groups = " ".join(running.security_groups)
    return f"{subnets} --vpc-security-group-ids {groups}" if groups else subnets


@dataclass(frozen=True, slots=True)
class SnapshotTask:
    """Taking one snapshot and waiting for it; `show` gets lines about its progress, `stopping` ends the wait."""

    snapshots: Snapshots
    clock: Clock
    show: Callable[[str], None]
    stopping: Callable[[], bool] = lambda: False

    def take(
        self, database: str, name: str, tags: Mapping[str, str], kind: EventSource = "db-cluster"
    ) -> DatabaseSnapshot:
        """The snapshot, once it is available.

        Raises AwsError when RDS refuses it, DeployError when it failed, BusyError when the run stops; the stack was not
        changed then.
        """
        try:
            self.snapshots.create_snapshot(database, name, tags={**tags, **REASON_TAG}, kind=kind)
        except AwsError as error:
            what = f"no snapshot of {database}, so nothing was changed (--no-snapshot continues without): {error}"
            raise AwsError(what, operation=error.operation, code=error.code) from error
        self.show(f"taking the snapshot {name} of {database}")
        return self.finished(name, kind)

    def begun(self, database: str, names: Iterable[str], kind: EventSource = "db-cluster") -> str | None:
        """The first name whose snapshot of that database is being taken or is at most YOUNG old; None without one."""
        now = self.clock.now()
        for name in names:
            found = self.snapshots.snapshot(name, kind=kind)
            # One that is still being taken may be of any age: a large database takes hours.
            young = found is not None and found.created is not None and now - found.created <= YOUNG
            usable = found is not None and (found.status == "creating" or (young and found.status == "available"))
            if found is not None and usable and found.database.casefold() == database.casefold():
                return name
        return None

    def finished(self, name: str, kind: EventSource = "db-cluster") -> DatabaseSnapshot:
        """The snapshot of that name, once it is available; raises what `take` raises."""
        pace, said = Pace(), 0
        while True:
            found = self._current(name, kind, pace)
            if found is not None and found.status != "creating":
                return _settled(found)
            # PercentProgress moves by single percents; a line for every tenth is enough.
            if found is not None and found.progress >= said + 10:
                said = found.progress
                self.show(f"snapshot {name}: {said} %")
            if self.stopping():
                raise BusyError(f"stopped before anything was changed; the snapshot {name} continues by itself")

    def _current(self, name: str, kind: EventSource, pace: Pace) -> DatabaseSnapshot | None:
        """The snapshot, after a wait; None when the call failed, which is shown."""
        self.clock.sleep(pace.after(news=False))
        try:
            found = self.snapshots.snapshot(name, kind=kind)
        except AwsError as error:
            if error.unauthenticated:
                raise
            self.show(f"{error} (asking again)")
            self.clock.sleep(pace.after_trouble())
            return None
        if found is None:
            raise DeployError(f"the snapshot {name} is gone: it was deleted meanwhile, so nothing was changed")
        return found


def _settled(found: DatabaseSnapshot) -> DatabaseSnapshot:
    if found.status != "available":
        raise DeployError(
            f"the snapshot {found.identifier} of {found.database} ended in {found.status}: nothing was changed"
        )
    return found
