"""A copy of a database deleted with its stack."""

from __future__ import annotations

from collections.abc import Collection

from aurora_cfn.aws.database_swap import AwsDatabaseChanges
from aurora_cfn.aws.rds import AwsDatabases
from aurora_cfn.cli.runs.database_copy import target_with_stack
from aurora_cfn.cli.runs.destroy import DestroyRun
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.cli.terminal.prompt import named
from aurora_cfn.errors import EXIT_NEGATIVE, GuardError
from aurora_cfn.model.database_copy import CopyStack
from aurora_cfn.model.resource_types import CLUSTER
from aurora_cfn.operate.swap import Side
from aurora_cfn.operate.swap_steps import GOAL


def delete_copy(target: Target, copy: CopyStack, confirmed: Collection[str]) -> int:
    """The exit code of the deletion of the copy's stack, after its name was typed; a final snapshot of it stays.

    Raises GuardError without a terminal to type it on, and in the middle of a swap.
    """
    name = copy.stack.name
    info(f"{name} is {copy.words}")
    session = target.session
    side = Side(copy.stack, target.cloudformation.resources(copy.stack.arn))
    clusters = [row for one in side.ids(CLUSTER).values() if (row := AwsDatabases(session).cluster(one))]
    if any(GOAL in row.tags for row in clusters):
        raise GuardError(f"nothing was deleted: {name} is being swapped; run restore --swap {copy.suffix} to its end")
    if not named(name, confirmed, "a copy is deleted with its data: "):
        info("declined: nothing was deleted")
        return EXIT_NEGATIVE
    for row in clusters:
        # After a swap the old cluster still has the protection of the original.
        if row.protected:
            info(f"switching the deletion protection of {row.identifier} off")
            AwsDatabaseChanges(session).attach(
                row.identifier, groups=row.security_groups, parameter_group=row.parameter_group, protected=False
            )
    return DestroyRun(target_with_stack(target, copy), [name], retain=(), yes=True, confirmed=[name]).destroy(1)
