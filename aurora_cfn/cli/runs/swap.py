"""`restore --swap` and `--delete`: a stack and its copy exchange their clusters, or the copy is deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial

from aurora_cfn.aws.account import AwsAccount
from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.database_swap import AwsDatabaseChanges
from aurora_cfn.cli.runs.database_copy import target_with_stack
from aurora_cfn.cli.runs.destroy import DestroyRun
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import declined, info
from aurora_cfn.cli.terminal.prompt import named
from aurora_cfn.deploy.as_deployed import with_tags
from aurora_cfn.deploy.prepare import refuse_unready
from aurora_cfn.errors import BusyError, GuardError
from aurora_cfn.model.database_copy import COPY, HOLDS, CopyStack
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.rds_database import Cluster
from aurora_cfn.model.resource_types import CLUSTER
from aurora_cfn.model.stack import Stack
from aurora_cfn.operate.swap import Side, changing_exports, check_alike, check_importers, exchange, swap_of
from aurora_cfn.operate.swap_steps import GOAL, begun, last_steps, members, take, waits_for


class SwapRun:
    """The exchange of one copy with its original; run again after an interruption, it continues where that was."""

    def __init__(self, target: Target, entry: EnvironmentStack, copy: CopyStack) -> None:
        """Read both stacks. Raises GuardError where they cannot change places."""
        self._target = target_with_stack(target, copy)
        self._run = Run(self._target, yes=True)
        self._context = self._run.context()
        self._copy = copy
        self._entries = (entry, self._target.environment.stacks[-1])
        self._live = self._side(entry.name)
        self._other = self._side(copy.stack.name)
        self._swap = swap_of(self._live, self._other)
        self._rds = target.databases
        self._changes = AwsDatabaseChanges(target.session)

    def swap(self, confirmed: Collection[str]) -> int:
        """The exit code, after the name of the original was typed. Raises GuardError, BusyError, AwsError."""
        found = members(self._rds, self._swap.pairs)
        if begun(found):
            info(f"the swap of {self._live.stack.name} and {self._other.stack.name} was begun: it is continued")
        else:
            self._check(waits_for(self._swap, found))
            self._explain()
        if not named(self._live.stack.name, confirmed, "databases change places: ", "swap it"):
            return declined()
        # Ctrl-C and signals are seen between two steps, each of which the same command continues from.
        with self._run.stop.watching():
            exchange(self._swap, self._rds, self._changes, SystemClock(), info, self._run.stop)
        code = self._update_stacks()
        if code:
            info("the databases have changed places; run the same command again to update the stacks", "warning")
            return code
        for step in last_steps(members(self._rds, self._swap.pairs)):
            take(self._changes, step)
        self._report()
        return 0

    def _side(self, name: str) -> Side:
        stack = self._target.cloudformation.stack(name)
        if stack is None or not stack.exists:
            raise GuardError(f"{name} is not deployed")
        return Side(stack, self._target.cloudformation.resources(stack.arn))

    def _check(self, busy: str) -> None:
        """What prevents a swap, before anything is changed; a swap that was begun is not checked again."""
        for entry, side in zip(self._entries, (self._live, self._other), strict=True):
            refuse_unready(self._context, self._target.desired(entry), side.stack)
        if busy:
            raise BusyError(f"nothing was changed: {busy}")
        live, copy = self._clusters()
        check_alike(live, copy)
        exports = [*changing_exports(self._live, live), *changing_exports(self._other, copy)]
        check_importers(AwsAccount(self._target.session), exports)

    def _clusters(self) -> tuple[Cluster, Cluster]:
        pair = self._swap.pairs[0]
        live, copy = self._rds.cluster(pair.live), self._rds.cluster(pair.copy)
        if live is None or copy is None:
            raise BusyError(f"RDS does not show {pair.live} and {pair.copy}")
        return live, copy

    def _explain(self) -> None:
        live, copy = self._live.stack.name, self._other.stack.name
        pair = self._swap.pairs[0]
        what = "the data from before the last swap" if self._copy.kind == "previous" else f"the data of {copy}"
        info(f"{live} gets {what}; {copy} keeps what {live} has now, until you delete it by name")
        info(f"  RDS renames {len(self._swap.pairs)} resources on each side: {pair.live} <-> {pair.copy}")
        info("  no service from the first step to the last, some minutes; sessions end, endpoints stay the same")
        info("  the secret and the cluster's resource id change with the data: outputs, IAM policies that name them")
        info("  writes to the original after the copy was made are only in the old database")

    def _update_stacks(self) -> int:
        """The exit code of the updates after which the stacks know what they have."""
        live, copy = self._clusters()
        tags = ({HOLDS: live.resource_id}, {HOLDS: copy.resource_id, COPY: "previous"})
        work = {
            entry.key: partial(with_tags, self._context, self._target.desired(entry), more, lambda _: True, "restore")
            for entry, more in zip(self._entries, tags, strict=True)
        }
        # CloudFormation reads each resource again to which it passes a tag on, so the outputs get their new values.
        results = self._run.in_parallel(self._context, work)
        return self._run.exit_code(results)

    def _report(self) -> None:
        environment = self._target.cli_options
        live, copy = self._live.stack.name, self._other.stack.name
        for line in self._stale():
            info(line, "warning")
        info(f"{live} has the restored data; {copy} has what was there before, and `status` lists it")
        info(f"  undo:            aurora-cfn restore {environment} --swap {self._copy.suffix}")
        info(f"  delete the old:  aurora-cfn restore {environment} --delete {self._copy.suffix}")
        info(f"  stacks that read outputs of {live}: aurora-cfn deploy {environment}")

    def _stale(self) -> Iterator[str]:
        """Outputs that CloudFormation did not read again."""
        live, _ = self._clusters()
        stack: Stack | None = self._target.cloudformation.stack(self._live.stack.arn)
        values = stack.output_values if stack else {}
        wanted = {"SecretArn": live.endpoint.secret_arn, "ClusterResourceId": live.resource_id}
        for key, value in wanted.items():
            if value and key in values and values[key] != value and values[key].rpartition(":")[2]:
                yield f"the output {key} of {self._live.stack.name} is still {values[key]}, but RDS has {value}"


def delete_copy(target: Target, copy: CopyStack, confirmed: Collection[str]) -> int:
    """The exit code of the deletion of the copy's stack, after its name was typed; a final snapshot of it stays.

    Raises GuardError without a terminal to type it on, and in the middle of a swap.
    """
    name = copy.stack.name
    info(f"{name} is {copy.words}")
    side = Side(copy.stack, target.cloudformation.resources(copy.stack.arn))
    clusters = [row for one in side.ids(CLUSTER).values() if (row := target.databases.cluster(one))]
    if any(GOAL in row.tags for row in clusters):
        raise GuardError(f"nothing was deleted: {name} is being swapped; run restore --swap {copy.suffix} to its end")
    if not named(name, confirmed, "a copy is deleted with its data: "):
        return declined("nothing was deleted")
    for row in clusters:
        # After a swap the old cluster still has the protection of the original.
        if row.protected:
            info(f"switching the deletion protection of {row.identifier} off")
            AwsDatabaseChanges(target.session).attach(
                row.identifier, groups=row.security_groups, parameter_group=row.parameter_group, protected=False
            )
    return DestroyRun(target_with_stack(target, copy), [name], yes=True, confirmed=[name]).destroy(1)
