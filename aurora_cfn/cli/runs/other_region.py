"""Stacks that would be created although they run in another region, where the params file put them before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.cli.runs.orphans import CREATE_BESIDE
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.deploy.stack_status import is_created
from aurora_cfn.errors import AwsError, GuardError
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.ownership import Ownership, ownership_of
from aurora_cfn.model.stack import Stack
from aurora_cfn.ports import CloudFormation
from aurora_cfn.project.earlier_regions import earlier_regions


def refuse_other_region(
    target: Target, chosen: Iterable[EnvironmentStack], listed: Iterable[Stack], beside: Collection[str]
) -> None:
    """Raise GuardError if stacks would be created that run in a region which the params file names, or named before.

    Most deployments create nothing, and then nothing is read. `listed` are the stacks of the account here, `beside`
    those that may be created anyway. A region that cannot be read is a warning.
    """
    fleet = target.environment.fleet
    if fleet and target.environment.region in fleet.regions:
        # Clients refer to the stacks of their own region, so each region of the fleet has them.
        return
    there = {row.name for row in listed if row.exists}
    missing = [row.name for row in chosen if row.name not in there and row.name not in beside]
    here = target.environment.region
    regions = [each for each in earlier_regions(target.environment.path) if each != here] if missing else []
    if not regions:
        return
    # Where the stacks may not be listed, none is in `listed`.
    missing = [name for name in missing if target.cloudformation.stack(name) is None]
    for region in regions if missing else ():
        try:
            cloudformation = AwsCloudFormation(target.session.in_region(region))
            found = [name for name in missing if _is_ours(cloudformation, name, target.owner)]
        except AwsError as error:
            info(_unseen(target, missing, region, error), "warning")
            continue
        if found:
            raise GuardError(_refusal(target, found, region))


def _is_ours(cloudformation: CloudFormation, name: str, mine: Ownership) -> bool:
    """Whether the stack runs and is not of another owner; stacks of older versions have no tags."""
    stack = cloudformation.stack(name)
    return stack is not None and is_created(stack) and ownership_of(stack.tags) in {None, mine}


def _refusal(target: Target, names: Sequence[str], region: str) -> str:
    here, path, option = target.environment.region, target.environment.path, target.options.region
    them = "them" if len(names) > 1 else "it"
    back = f"leave out --region {option}" if option else f"put `region: {region}` back into {path}"
    created = " ".join(f"{CREATE_BESIDE} {name}" for name in names)
    return (
        f"{path}: {', '.join(names)} would be created in {here}, new and empty, and run{'s' * (len(names) == 1)} in "
        f"{region}, where {path} put {them}. Nothing was changed. To work on {them}, {back}; to have them twice, "
        f"write a params file for {here}; to create {them} here anyway, add {created}"
    )


def _unseen(target: Target, names: Sequence[str], region: str, error: AwsError) -> str:
    return (
        f"{target.environment.path} put its stacks into {region} before. Whether {', '.join(names)} "
        f"run{'s' * (len(names) == 1)} there cannot be seen ({error.code or error}); what is created in "
        f"{target.environment.region} is new and empty"
    )
