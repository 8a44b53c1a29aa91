"""The exchange of two clusters: its steps, that it ends the same wherever it is interrupted, and what prevents it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from aurora_cfn.errors import BusyError, GuardError
from aurora_cfn.model.rds_database import Cluster, Endpoint, EventSource, Instance
from aurora_cfn.model.stack import Output, Stack, StackResource
from aurora_cfn.operate.swap import (
    LONGEST_WAIT,
    Side,
    changing_exports,
    check_alike,
    check_importers,
    exchange,
    swap_of,
)
from aurora_cfn.operate.swap_steps import GOAL, Pair, begun, exchanged, last_steps, members, take
from tests.fakes.clock import FakeClock
from tests.fakes.rds import FakeDatabases

ROLE = "arn:aws:iam::1:role/x/"
TYPES = {
    "DBCluster": "AWS::RDS::DBCluster",
    "Writer": "AWS::RDS::DBInstance",
    "Group": "AWS::EC2::SecurityGroup",
    "Parameters": "AWS::RDS::DBClusterParameterGroup",
    "Role": "AWS::IAM::Role",
    "Logs": "AWS::Logs::LogGroup",
}


class KilledError(Exception):
    """The process ended here."""


@dataclass
class TwoClusters:
    """RDS with two clusters; a new name is seen after `late` reads, and the process ends before call `dies`."""

    late: int = 0
    dies: int = 10**6
    calls: list[str] = field(default_factory=list)
    rds: FakeDatabases = field(default_factory=FakeDatabases)
    _owed: list[tuple[int, EventSource, str, Cluster | Instance]] = field(default_factory=list)
    _reads: int = 0

    def __post_init__(self) -> None:
        for name, group in (("db", "live"), ("db-r1", "copy")):
            arn = f"arn:aws:rds:eu-west-1:1:cluster:{name}"
            self.rds.clusters[name] = Cluster(
                name, arn, "available", "aurora-postgresql", "17.7", protected=group == "live",
                security_groups=(f"sg-{group}", "sg-else"), resource_id=f"id-{group}", parameter_group=f"pg-{group}",
            )  # fmt: skip
            instance = Instance(f"{name}-1", "available", "aurora-postgresql", "17.7", cluster=name)
            self.rds.instances[f"{name}-1"] = replace(
                instance, arn=f"arn:instance:{group}", monitoring_role=f"{ROLE}role-{group}"
            )

    def cluster(self, identifier: str) -> Cluster | None:
        self._catch_up()
        return self.rds.clusters.get(identifier)

    def instance(self, identifier: str) -> Instance | None:
        self._catch_up()
        return self.rds.instances.get(identifier)

    def rename(self, kind: EventSource, identifier: str, new: str) -> None:
        self._called(f"rename {identifier} {new}")
        store = self._store(kind)
        assert new not in store, f"{new} is taken"
        found = store.pop(identifier)
        self._owed.append((self._reads + self.late, kind, new, replace(found, identifier=new)))

    def attach(self, cluster: str, *, groups: Sequence[str], parameter_group: str, protected: bool) -> None:
        self._called(f"attach {cluster}")
        found = self.rds.clusters[cluster]
        self.rds.clusters[cluster] = replace(
            found, security_groups=tuple(groups), parameter_group=parameter_group, protected=protected
        )

    def monitor(self, instance: str, role: str) -> None:
        self._called(f"monitor {instance}")
        self.rds.instances[instance] = replace(self.rds.instances[instance], monitoring_role=role)

    def tag(self, arn: str, tags: Mapping[str, str]) -> None:
        self._called(f"tag {arn}")
        self._tags(arn, lambda old: {**old, **tags})

    def untag(self, arn: str, keys: Sequence[str]) -> None:
        self._called(f"untag {arn}")
        self._tags(arn, lambda old: {key: value for key, value in old.items() if key not in keys})

    def _tags(self, arn: str, change: Callable[[Mapping[str, str]], dict[str, str]]) -> None:
        for name, cluster in self.rds.clusters.items():
            if cluster.arn == arn:
                self.rds.clusters[name] = replace(cluster, tags=change(cluster.tags))
        for name, one in self.rds.instances.items():
            if one.arn == arn:
                self.rds.instances[name] = replace(one, tags=change(one.tags))

    def _store(self, kind: EventSource) -> dict[str, Cluster | Instance]:
        return self.rds.clusters if kind == "db-cluster" else self.rds.instances  # type: ignore[return-value]

    def _catch_up(self) -> None:
        self._reads += 1
        for row in [row for row in self._owed if row[0] < self._reads]:
            self._owed.remove(row)
            self._store(row[1])[row[2]] = row[3]

    def _called(self, what: str) -> None:
        if len(self.calls) == self.dies:
            raise KilledError
        self.calls.append(what)


def side(name: str, which: str, cluster: str) -> Side:
    names = {"DBCluster": cluster, "Writer": f"{cluster}-1", "Group": f"sg-{which}", "Parameters": f"pg-{which}"}
    names |= {"Role": f"role-{which}", "Logs": f"/logs/{which}"}
    rows = [StackResource(key, TYPES[key], "CREATE_COMPLETE", physical) for key, physical in names.items()]
    outputs = (Output("ClusterResourceId", f"id-{which}", export=f"{name}-Id"), Output("Port", "5432", export="p"))
    return Side(Stack("arn", name, "CREATE_COMPLETE", outputs=outputs, parameters={"DeletionProtection": "true"}), rows)


LIVE, COPY = side("db-dev", "live", "db"), side("db-dev-r1", "copy", "db-r1")
SWAP = swap_of(LIVE, COPY)


def run(fake: TwoClusters, *, clean: bool = True) -> None:
    exchange(SWAP, fake, fake, FakeClock(), lambda _: None)  # type: ignore[arg-type] # no other call is made
    if clean:
        for step in last_steps(members(fake, SWAP.pairs)):  # type: ignore[arg-type]
            take(fake, step)


def state(fake: TwoClusters) -> tuple[object, object]:
    return fake.rds.clusters, fake.rds.instances


def finished() -> TwoClusters:
    fake = TwoClusters()
    run(fake)
    return fake


def test_the_two_change_places_and_each_gets_the_groups_of_its_new_stack() -> None:
    fake = finished()
    live, old = fake.rds.clusters["db"], fake.rds.clusters["db-r1"]
    assert (live.resource_id, live.security_groups, live.parameter_group) == (
        "id-copy", ("sg-live", "sg-else"), "pg-live",
    )  # fmt: skip
    assert (old.resource_id, old.security_groups, old.parameter_group) == (
        "id-live", ("sg-copy", "sg-else"), "pg-copy",
    )  # fmt: skip
    # The old one is kept as it was protected.
    assert (live.protected, old.protected) == (True, True)
    assert (fake.rds.instances["db-1"].arn, fake.rds.instances["db-1"].monitoring_role) == (
        "arn:instance:copy", f"{ROLE}role-live",
    )  # fmt: skip
    assert not [row for row in fake.rds.clusters.values() if GOAL in row.tags]
    assert not [row for row in fake.rds.instances.values() if GOAL in row.tags]


def test_clients_are_shut_out_before_anything_is_renamed_and_the_cluster_gets_its_name_last() -> None:
    calls = finished().calls
    first = next(number for number, call in enumerate(calls) if call.startswith("rename"))
    assert "attach db" in calls[:first]
    assert [call for call in calls if call.startswith("rename")] == [
        "rename db-1 db-r1-1-swap",
        "rename db-r1-1 db-1",
        "rename db-r1-1-swap db-r1-1",
        "rename db db-r1-swap",
        "rename db-r1 db",
        "rename db-r1-swap db-r1",
    ]


@pytest.mark.parametrize("late", [0, 3])
@pytest.mark.parametrize("dies", range(20))
def test_killed_before_any_call_it_ends_the_same_when_it_is_run_again(dies: int, late: int) -> None:
    fake = TwoClusters(late, dies)
    try:
        run(fake)
    except KilledError:
        fake.dies = 10**6
        # A run that was killed while tags were removed has nothing to rename.
        run(fake)
    assert state(fake) == state(finished())
    assert len(fake.calls) == len(finished().calls)


def test_run_once_more_it_is_undone() -> None:
    fake = finished()
    run(fake)
    assert {name: row.resource_id for name, row in fake.rds.clusters.items()} == {"db": "id-live", "db-r1": "id-copy"}
    assert fake.rds.clusters["db"].security_groups == ("sg-live", "sg-else")


def test_the_tags_stay_until_the_stacks_know() -> None:
    fake = TwoClusters()
    assert not begun(members(fake, SWAP.pairs))  # type: ignore[arg-type]
    run(fake, clean=False)
    found = members(fake, SWAP.pairs)  # type: ignore[arg-type]
    assert (begun(found), exchanged(found)) == (True, True)


@pytest.mark.parametrize("status", ["renaming", "modifying", "stopped"])
def test_it_waits_for_rds_and_gives_up_in_words(status: str) -> None:
    fake, clock = TwoClusters(), FakeClock()
    fake.rds.clusters["db"] = replace(fake.rds.clusters["db"], status=status)
    with pytest.raises(BusyError, match=f"db is {status}.*again to continue"):
        exchange(SWAP, fake, fake, clock, lambda _: None)  # type: ignore[arg-type]
    assert clock.monotonic() > LONGEST_WAIT
    assert not fake.calls


def test_stopped_it_ends_between_two_steps() -> None:
    fake = TwoClusters()
    with pytest.raises(BusyError, match="run the same command again"):
        exchange(SWAP, fake, fake, FakeClock(), lambda _: None, lambda: len(fake.calls) == 3)  # type: ignore[arg-type]
    assert len(fake.calls) == 3


@pytest.mark.parametrize(
    ("copy", "spare"),
    [("db-r1", "db-r1-swap"), ("a" * 63, "a" * 58 + "-swap"), ("a" * 57 + "-bcdef", "a" * 57 + "-swap")],
)
def test_the_third_name_is_one_that_rds_takes(copy: str, spare: str) -> None:
    assert Pair("db-cluster", "db", copy).spare == spare


def without(which: Side, logical_id: str) -> Side:
    return Side(which.stack, [row for row in which.resources if row.logical_id != logical_id])


@pytest.mark.parametrize(
    ("live", "copy", "said"),
    [
        (LIVE, without(COPY, "Writer"), "only one of them has Writer"),
        (without(LIVE, "Writer"), COPY, "only one of them has Writer"),
        (without(LIVE, "DBCluster"), without(COPY, "DBCluster"), "has 0 clusters"),
    ],
)
def test_stacks_that_differ_cannot_change_places(live: Side, copy: Side, said: str) -> None:
    with pytest.raises(GuardError, match=said):
        swap_of(live, copy)


@pytest.mark.parametrize(
    ("change", "said"),
    [({}, ""), ({"version": "16.11"}, "engine version"), ({"subnet_group": "other"}, "subnet group")],
)
def test_clusters_that_differ_cannot_change_places(change: dict[str, str], said: str) -> None:
    fake = TwoClusters()
    live, copy = fake.rds.clusters["db"], replace(fake.rds.clusters["db-r1"], **change)  # type: ignore[arg-type]
    if not said:
        check_alike(live, copy)
        return
    with pytest.raises(GuardError, match=said):
        check_alike(live, copy)


def test_an_export_that_would_change_may_not_be_imported() -> None:
    cluster = replace(TwoClusters().rds.clusters["db"], endpoint=Endpoint(secret_arn="arn:secret"))
    assert changing_exports(LIVE, cluster) == ["db-dev-Id"]

    class Account:
        def importers(self, export: str) -> Sequence[str]:
            return ["api-dev"] if export == "db-dev-Id" else []

    check_importers(Account(), ["other"])  # type: ignore[arg-type] # one call is made
    with pytest.raises(GuardError, match="db-dev-Id is imported by api-dev"):
        check_importers(Account(), ["db-dev-Id"])  # type: ignore[arg-type]
