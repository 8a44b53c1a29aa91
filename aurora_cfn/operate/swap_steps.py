"""The next step of exchanging two clusters with their instances, decided by what RDS shows alone.

Each resource gets a tag with the identifier that it shall have, all of them before the first is renamed. So every run
finds the same work, wherever the one before it was ended: tag what has no tag, attach the groups, rename the instances
and then the clusters over a third name. A resource that has its wanted name keeps the tag until both stacks know it.

Clients are shut out first: sessions that stay open while names change would continue to write into the old cluster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from aurora_cfn.model.rds_database import LONGEST_IDENTIFIER, USABLE, Cluster, EventSource, Instance
from aurora_cfn.ports import Databases
from aurora_cfn.ports.database_changes import DatabaseChanges

GOAL = "aurora-cfn:swap-to"
"""Tag of a cluster or instance while it is exchanged: the identifier that it shall have."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The identifiers that two clusters, or two instances, exchange."""

    kind: EventSource
    live: str
    copy: str

    @property
    def spare(self) -> str:
        """The third name, which one of them has in between."""
        # 5: the length of `-swap`. RDS takes no two hyphens in a row.
        return f"{self.copy[: LONGEST_IDENTIFIER - 5].rstrip('-')}-swap"


@dataclass(frozen=True, slots=True)
class Member:
    """A cluster or instance as RDS shows it; `goal` is the identifier that it shall have, empty without the tag."""

    kind: EventSource
    identifier: str
    arn: str
    status: str
    goal: str = ""
    groups: tuple[str, ...] = ()
    parameter_group: str = ""
    protected: bool = False
    role: str = ""


@dataclass(frozen=True, slots=True)
class Swap:
    """Two stacks whose databases change places.

    `pairs` has the cluster first. `counterparts` leads from the physical id of each group and role of either stack to
    that of the other, and `protect` says whether the stack in use wants deletion protection.
    """

    pairs: tuple[Pair, ...]
    counterparts: Mapping[str, str]
    live_ids: frozenset[str]
    protect: bool

    def wanted(self, one: Member) -> Member:
        """The member with the groups, the role and the protection that go with its goal.

        The old cluster keeps its protection: only `restore --delete` takes it away.
        """
        live = one.goal in {pair.live for pair in self.pairs}
        # The instances of a cluster have no protection of their own.
        guarded = live and one.kind == "db-cluster" and self.protect
        head, slash, role = one.role.rpartition("/")
        return replace(
            one,
            groups=tuple(self._of(live, group) for group in one.groups),
            parameter_group=self._of(live, one.parameter_group),
            role=f"{head}{slash}{self._of(live, role)}",
            protected=one.protected or guarded,
        )

    def _of(self, live: bool, name: str) -> str:
        """The name of this side's resource, where it is the other's; what neither stack made stays."""
        other = self.counterparts.get(name, name)
        return other if name in self.counterparts and (name in self.live_ids) != live else name


@dataclass(frozen=True, slots=True)
class Step:
    """One change: `value` is the tag's value or the new identifier."""

    action: Literal["tag", "attach", "monitor", "rename", "untag"]
    member: Member
    value: str = ""

    @property
    def call(self) -> tuple[str, str, str]:
        """The identity of the call, whatever the status of the resource is by now."""
        return self.action, self.member.identifier, self.value

    def __str__(self) -> str:
        """`rename the cluster db to db-r1-swap`."""
        what = f"{'cluster' if self.member.kind == 'db-cluster' else 'instance'} {self.member.identifier}"
        match self.action:
            case "tag":
                return f"tag the {what}: it shall be {self.value}"
            case "attach":
                return f"exchange the security and parameter groups of the {what}"
            case "monitor":
                return f"exchange the monitoring role of the {what}"
            case "rename":
                return f"rename the {what} to {self.value}"
            case "untag":
                return f"remove the tag of the exchange from the {what}"


def members(rds: Databases, pairs: Sequence[Pair]) -> list[Member]:
    """What has one of the names of the pairs now. Raises AwsError."""
    found = []
    for pair in pairs:
        for name in (pair.live, pair.copy, pair.spare):
            row = rds.cluster(name) if pair.kind == "db-cluster" else rds.instance(name)
            if row is not None:
                found.append(_member(row))
    return found


def _member(row: Cluster | Instance) -> Member:
    goal = row.tags.get(GOAL, "")
    if isinstance(row, Instance):
        return Member("db-instance", row.identifier, row.arn, row.status, goal, role=row.monitoring_role)
    groups = row.security_groups
    return Member(
        "db-cluster", row.identifier, row.arn, row.status, goal, groups, row.parameter_group, row.protected
    )  # fmt: skip


def waits_for(swap: Swap, found: Sequence[Member]) -> str:
    """What RDS still works on, so that no step can be decided; empty when all are there and usable.

    While it is renamed, a resource may be under neither name for a moment.
    """
    busy = [f"{one.identifier} is {one.status}" for one in found if one.status not in USABLE]
    for kind, noun in (("db-cluster", "clusters"), ("db-instance", "instances")):
        pairs = sum(pair.kind == kind for pair in swap.pairs)
        there = sum(one.kind == kind for one in found)
        if there != 2 * pairs:
            busy.append(f"{there} of {2 * pairs} {noun} are there")
    return ", ".join(busy)


def begun(found: Sequence[Member]) -> bool:
    """Whether an exchange was begun and has not ended: some of them have the tag."""
    return any(one.goal for one in found)


def exchanged(found: Sequence[Member]) -> bool:
    """Whether all that have the tag have their wanted names."""
    return begun(found) and all(one.goal in {"", one.identifier} for one in found)


def next_step(swap: Swap, found: Sequence[Member]) -> Step | None:
    """The first step that is not done yet; None once every resource has its name, groups and role."""
    return next(_steps(swap, found), None)


def _steps(swap: Swap, found: Sequence[Member]) -> Iterator[Step]:
    by_name = {(one.kind, one.identifier): one for one in found}
    if exchanged(found):
        return
    # All tags before the first rename: after that, names no longer say which resource is which.
    for pair in swap.pairs:
        for mine, other in ((pair.live, pair.copy), (pair.copy, pair.live)):
            one = by_name.get((pair.kind, mine))
            if one is not None and not one.goal:
                yield Step("tag", one, other)
    for one in found:
        wanted = swap.wanted(one)
        if (wanted.groups, wanted.parameter_group, wanted.protected) != (
            one.groups, one.parameter_group, one.protected,
        ):  # fmt: skip
            yield Step("attach", wanted)
        if wanted.role != one.role:
            yield Step("monitor", wanted)
    # The cluster last: with its name the endpoint moves, and then all of it is ready.
    for pair in (*swap.pairs[1:], swap.pairs[0]):
        yield from _renames(pair, by_name)


def _renames(pair: Pair, by_name: Mapping[tuple[EventSource, str], Member]) -> Iterator[Step]:
    """Three renames, as two resources cannot have one name: old to spare, restored to live, old to the copy's name."""
    there = {one.goal: one for name in (pair.live, pair.copy, pair.spare) if (one := by_name.get((pair.kind, name)))}
    old, restored = there.get(pair.copy), there.get(pair.live)
    if old is not None and old.identifier == pair.live:
        yield Step("rename", old, pair.spare)
    if restored is not None and restored.identifier == pair.copy:
        yield Step("rename", restored, pair.live)
    if old is not None and old.identifier == pair.spare:
        yield Step("rename", old, pair.copy)


def last_steps(found: Sequence[Member]) -> list[Step]:
    """The removal of the tags, once both stacks know what they have."""
    return [Step("untag", one) for one in found if one.goal]


def take(changes: DatabaseChanges, step: Step) -> None:
    """Make the change. Raises AwsError."""
    one = step.member
    match step.action:
        case "tag":
            changes.tag(one.arn, {GOAL: step.value})
        case "attach":
            changes.attach(
                one.identifier,
                groups=one.groups,
                parameter_group=one.parameter_group,
                protected=one.protected,
            )
        case "monitor":
            changes.monitor(one.identifier, one.role)
        case "rename":
            changes.rename(one.kind, one.identifier, step.value)
        case "untag":
            changes.untag(one.arn, [GOAL])
