"""Ten minutes in no time: a creation of a cluster and an instance, with RDS and CloudFormation's late look at it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import floor

from aurora_cfn.model.rds_database import Cluster, Instance
from tests.deploy.toys import FakeRun, changed
from tests.fakes.rds import FakeDatabases

HANDLER = 30.0
"""Seconds between two looks of CloudFormation's handler at a database (see aurora_cfn/deploy/watch/rds.py)."""
CLUSTER, WRITER = "db-dev-cluster", "db-dev-writer"


def noticed(ready: float, overhead: float) -> float:
    """Seconds after which CloudFormation calls a database complete that is ready after so many."""
    every = HANDLER + overhead
    return every * (floor(ready / every) + 1)


@dataclass(slots=True)
class TimedDatabases(FakeDatabases):
    """RDS on the clock of a fake: a database is `creating` until its moment, then `available`."""

    fake: FakeRun = field(default_factory=FakeRun)
    ready_at: dict[str, float] = field(default_factory=dict)

    def cluster(self, identifier: str) -> Cluster | None:
        found = super(TimedDatabases, self).cluster(identifier)
        return replace(found, status=self._status(identifier)) if found else None

    def instance(self, identifier: str) -> Instance | None:
        found = super(TimedDatabases, self).instance(identifier)
        return replace(found, status=self._status(identifier)) if found else None

    def _status(self, identifier: str) -> str:
        return "available" if self.fake.clock.elapsed >= self.ready_at[identifier] else "creating"


@dataclass(frozen=True, slots=True)
class Watched:
    """What a creation took, what it cost, and how long after its end that was known."""

    seconds: float
    calls: int
    late: float


def creation(cluster: float, instance: float, overhead: float = 0.0, *, asks_rds: bool = True) -> Watched:
    """A creation whose databases are ready after so many seconds each; the handler's looks take `overhead` each."""
    fake = FakeRun()
    first, second = noticed(cluster, overhead), noticed(instance, overhead)
    fake.cfn.durations = {"Cluster": first, "Writer": second}
    rds = TimedDatabases(
        clusters={CLUSTER: Cluster(CLUSTER, "arn", "", "aurora-postgresql", "17.5")},
        instances={WRITER: Instance(WRITER, "", "aurora-postgresql", "17.5", cluster=CLUSTER)},
        fake=fake,
        # The cluster begins a second after the stack.
        ready_at={CLUSTER: 1 + cluster, WRITER: 1 + first + instance},
    )
    context = changed(fake.context(), databases=rds if asks_rds else None)
    assert fake.deploy(context=context).outcome == "created"
    end = max(event.at for event in fake.listener.events)
    took = fake.clock.elapsed
    return Watched(took, len(fake.cfn.calls) + len(rds.calls), (fake.clock.now() - end).total_seconds())
