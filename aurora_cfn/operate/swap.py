"""The exchange of two clusters: what is checked before it, and its steps until RDS shows the wanted names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aurora_cfn.deploy.watch.pace import Pace
from aurora_cfn.errors import BusyError, GuardError
from aurora_cfn.model.rds_database import Cluster
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE
from aurora_cfn.model.stack import Stack, StackResource
from aurora_cfn.operate.swap_steps import Pair, Swap, members, next_step, take, waits_for
from aurora_cfn.ports import Account, Clock, Databases
from aurora_cfn.ports.database_changes import DatabaseChanges

ATTACHED = frozenset({"AWS::EC2::SecurityGroup", "AWS::RDS::DBClusterParameterGroup", "AWS::IAM::Role"})
"""Types whose resources a cluster or an instance is attached to, and that can be exchanged later."""
LONGEST_WAIT = 3600.0
"""Seconds without progress until the exchange is left as it is. RDS renames in minutes, and a restart is among them."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two stacks with its resources."""

    stack: Stack
    resources: Sequence[StackResource]

    def ids(self, *types: str) -> dict[str, str]:
        """Physical ids by logical id, of resources of these types that exist."""
        return {row.logical_id: row.physical_id for row in self.resources if row.type in types and row.exists}


def swap_of(live: Side, copy: Side) -> Swap:
    """What changes places. Raises GuardError where the stacks do not have the same clusters and instances."""
    pairs = tuple(_pairs(live, copy))
    groups, others = live.ids(*ATTACHED), copy.ids(*ATTACHED)
    both = groups.keys() & others.keys()
    counterparts = {groups[name]: others[name] for name in both} | {others[name]: groups[name] for name in both}
    protect = live.stack.parameters.get("DeletionProtection") == "true"
    return Swap(pairs, counterparts, frozenset(groups.values()), protect)


def _pairs(live: Side, copy: Side) -> Iterator[Pair]:
    mine, others = live.ids(CLUSTER, INSTANCE), copy.ids(CLUSTER, INSTANCE)
    if mine.keys() != others.keys():
        odd = ", ".join(sorted(mine.keys() ^ others.keys()))
        what = f"{live.stack.name} and {copy.stack.name} do not have the same databases: only one of them has {odd}"
        raise GuardError(f"{what}; deploy one of them with the parameters of the other (Readers) first")
    if len(live.ids(CLUSTER)) != 1:
        raise GuardError(f"{live.stack.name} has {len(live.ids(CLUSTER))} clusters: only one can be exchanged")
    (cluster,) = live.ids(CLUSTER)
    yield Pair("db-cluster", mine[cluster], others[cluster])
    for name in live.ids(INSTANCE):
        yield Pair("db-instance", mine[name], others[name])


def check_alike(live: Cluster, copy: Cluster) -> None:
    """Raise GuardError where the stack in use would not describe the restored cluster."""
    for what, mine, other in (
        ("engine", live.engine, copy.engine),
        ("engine version", live.version, copy.version),
        ("subnet group", live.subnet_group, copy.subnet_group),
    ):
        if mine != other:
            raise GuardError(
                f"nothing was changed: the {what} of {live.identifier} is {mine}, of {copy.identifier} {other}; "
                "make the copy again with what is deployed now"
            )


def changing_exports(side: Side, cluster: Cluster) -> list[str]:
    """Exports of the stack whose values change with the data: those of the resource id and of a managed secret."""
    values = {cluster.resource_id, cluster.endpoint.secret_arn} - {""}
    return [row.export for row in side.stack.outputs if row.export and row.value in values]


def check_importers(account: Account, exports: Sequence[str]) -> None:
    """Raise GuardError where another stack imports such an export: CloudFormation does not change it then."""
    users: Mapping[str, Sequence[str]] = {name: account.importers(name) for name in exports}
    lines = [f"  {name} is imported by {', '.join(sorted(who))}" for name, who in users.items() if who]
    if lines:
        why = "CloudFormation cannot change an export that another stack imports, and these change with the data:"
        remedy = "destroy those stacks, or deploy them without the import; deploy them again after the swap"
        raise GuardError("\n".join(["nothing was changed:", f"  {why}", *lines, f"  what to do: {remedy}"]))


def exchange(
    swap: Swap,
    rds: Databases,
    changes: DatabaseChanges,
    clock: Clock,
    show: Callable[[str], None],
    stopping: Callable[[], bool] = lambda: False,
) -> None:
    """Make every step that is not made yet, each after RDS has finished the one before; `show` gets a line for each.

    Raises BusyError when it is stopped between two steps, or when RDS does not get on; run again it continues from
    there. Raises AwsError.
    """
    last: tuple[str, str, str] | None = None
    pace, since = Pace(), clock.monotonic()
    while True:
        found = members(rds, swap.pairs)
        busy = waits_for(swap, found)
        step = None if busy else next_step(swap, found)
        if step is None and not busy:
            return
        if stopping():
            raise BusyError("stopped between two steps; run the same command again to continue")
        if step is None or step.call == last:
            # The same step again: RDS has taken the call, and does not show it yet.
            if clock.monotonic() - since > LONGEST_WAIT:
                raise BusyError(f"RDS makes no progress ({busy or step}); run the same command again to continue")
            clock.sleep(pace.after(news=False))
            continue
        show(str(step))
        take(changes, step)
        last, since = step.call, clock.monotonic()
        pace.start_again()
