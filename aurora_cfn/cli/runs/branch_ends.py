"""The branches of an environment with their ends, and the schedules that delete them."""

from __future__ import annotations

from collections.abc import Collection

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.stack_ends import AwsStackEnds
from aurora_cfn.cli.runs.database_copy import found_copies
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.errors import DENIED, UNSUPPORTED, InputError, suppress_codes
from aurora_cfn.model.branch import Branch
from aurora_cfn.model.database_copy import CopyStack
from aurora_cfn.operate.branches.overview import branches

JANITOR = "branch-janitor"
"""The template of the stack with the schedules."""


def stack_ends(target: Target) -> AwsStackEnds | None:
    """The schedules of the environment; None where its params file has no such stack, or it is not deployed."""
    for entry in target.environment.stacks:
        if entry.template == JANITOR and (stack := target.cloudformation.stack(entry.name)) and stack.exists:
            group, role = stack.output("ScheduleGroupName"), stack.output("RoleArn")
            if group and role:
                return AwsStackEnds(target.session, group, role)
    return None


def needed_ends(target: Target) -> AwsStackEnds:
    """The schedules of the environment. Raises InputError with what to write where there are none."""
    found = stack_ends(target)
    if found is None:
        environment = target.environment
        entry = next((row for row in environment.stacks if row.template == JANITOR), None)
        first = f"`janitor: {{template: {JANITOR}}}` under `stacks:` in {environment.path}"
        write = "" if entry else f"write {first}, then "
        key = entry.key if entry else "janitor"
        raise InputError(
            f"nothing in {environment.name} deletes a branch at its end: {write}"
            f"run: aurora-cfn deploy --env {environment.name} --stack {key}"
        )
    return found


def branches_of(target: Target) -> tuple[Branch, ...]:
    """The branches of the environment. Raises AwsError where stacks or schedules may not be read."""
    return branches(found_copies(target), stack_ends(target), SystemClock().now())


def ends_of(target: Target, copies: Collection[CopyStack]) -> dict[str, str]:
    """When each branch among the copies ends, in words by its stack; none where the schedules may not be read."""
    # Most environments have no branch: then no call is made.
    if not any(copy.kind == "branch" for copy in copies):
        return {}
    with suppress_codes(DENIED, UNSUPPORTED):
        found = branches(copies, stack_ends(target), SystemClock().now())
        return {row.stack.name: row.words for row in found}
    return {}
