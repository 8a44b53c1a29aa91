"""Stacks that run although the params file says otherwise: orphaned, renamed, or in another region."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.cli.runs.secret_ids import deployed_template
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.deploy.orphans import orphans
from aurora_cfn.deploy.stack_status import is_created
from aurora_cfn.errors import DENIED, UNSUPPORTED, AwsError, GuardError, suppress_codes
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.environment_status import Orphan
from aurora_cfn.model.ownership import Ownership, ownership_of
from aurora_cfn.model.stack import Stack
from aurora_cfn.ports import CloudFormation
from aurora_cfn.project.earlier_regions import earlier_regions
from aurora_cfn.project.files import environment_names
from aurora_cfn.report.environment_status import orphan_text
from aurora_cfn.review.renamed import alike
from aurora_cfn.template.side import Side, template_of
from aurora_cfn.yamltext import read_template

CREATE_BESIDE = "--create-beside"


def listed_stacks(target: Target) -> tuple[Stack, ...]:
    """The stacks of the account, without nested ones; none where the caller may not list them.

    Other commands do not fail for that.
    """
    return all_stacks(target) or ()


def all_stacks(target: Target) -> tuple[Stack, ...] | None:
    """The stacks of the account, without nested ones; None where the caller may not list them."""
    with suppress_codes(DENIED, UNSUPPORTED):
        return tuple(AwsCloudFormation(target.session).root_stacks())
    return None


def find_orphans(
    target: Target, names: Collection[str] = (), listed: Iterable[Stack] | None = None
) -> tuple[Orphan, ...]:
    """The orphans of the environment; `names` are stacks that count besides those of the params file.

    `listed` are all stacks of the account, which are read without it.
    """
    stacks = listed_stacks(target) if listed is None else listed
    known = {*names, *(row.name for row in target.environment.stacks)}
    found = orphans(stacks, target.owner, known, environment_names())
    if target.local:
        return found
    cloudformation = AwsCloudFormation(target.session)
    return tuple(replace(row, costs=_costs(target, cloudformation, row)) for row in found)


def show_orphans(target: Target, found: Iterable[Orphan]) -> None:
    """A warning on stderr for each of them."""
    for row in found:
        info(orphan_text(row, target.environment.name, target.options.spelled), "warning")


def refuse_renamed(
    target: Target, chosen: Iterable[EnvironmentStack], found: Iterable[Orphan], beside: Collection[str]
) -> None:
    """Raise GuardError for a stack that would be created although it runs already, under the name it had before.

    The second one would have an empty database, or fail on a name that is taken. `beside` are the stacks that may be
    created anyway.
    """
    cloudformation = AwsCloudFormation(target.session)
    mine = [row for row in found if row.environment == target.environment.name]
    # Without an orphan of this environment nothing can be renamed, and no call is made.
    for entry in (row for row in chosen if row.name not in beside) if mine else ():
        stack = cloudformation.stack(entry.name)
        if stack and stack.exists:
            continue
        path = entry.template_file
        new = Side(template_of(read_template(target.templates.text(entry.template), path), path))
        for row in mine:
            old = _deployed(cloudformation, row)
            if old is not None and alike(old, new):
                raise GuardError(_renamed(entry, row, target.environment.path))


def _renamed(entry: EnvironmentStack, row: Orphan, path: str) -> str:
    return (
        f"{path}:{entry.line}: stacks.{entry.key}: {entry.name} does not exist, and {row.name}, which no params file "
        f"has any more, is the same stack under another name. Nothing was changed. To keep it and its data, write "
        f"`name: {row.name}` under {entry.key}; to create a second one beside it, deploy it with "
        f"{CREATE_BESIDE} {entry.name}"
    )


def _costs(target: Target, cloudformation: AwsCloudFormation, row: Orphan) -> str:
    # Imported here: there are seldom orphans.
    from aurora_cfn.cost import CostedStack, estimate
    from aurora_cfn.facts.prices import price_list
    from aurora_cfn.report.cost import about

    side = _deployed(cloudformation, row)
    if side is None:
        return ""
    return about(estimate([CostedStack(row.name, side)], price_list(target.environment.region)))


def _deployed(cloudformation: AwsCloudFormation, row: Orphan) -> Side | None:
    """The deployed template with its values; None where it may not be read, or cannot be."""
    template, stack = deployed_template(cloudformation, row.stack), row.stack
    if template is None:
        return None
    return Side(template, parameters=stack.parameters, stack=row.name, region=stack.region)


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
