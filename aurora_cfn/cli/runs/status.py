"""`status`: the deployed stacks compared with the last commit and with the worktree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.branch_ends import ends_of
from aurora_cfn.cli.runs.client_target import environment_target, shown_with_others
from aurora_cfn.cli.runs.diff import Comparison
from aurora_cfn.cli.runs.function_code import swapped_code
from aurora_cfn.cli.runs.orphans import find_orphans, listed_stacks
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import write_stderr
from aurora_cfn.deploy.desired import selected
from aurora_cfn.deploy.stack_status import stack_status
from aurora_cfn.environment import load
from aurora_cfn.errors import DENIED, NO_CHANGE_SET, InputError, suppress_codes
from aurora_cfn.fleet.client_entry import client_entry, version_of, with_clients
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.model.environment_status import EnvironmentStatus, StackStatus
from aurora_cfn.model.fleet_client import CLIENT, OWN_PARAMETERS
from aurora_cfn.model.ownership import without_suffix
from aurora_cfn.model.review import StackReview
from aurora_cfn.model.stack import Stack
from aurora_cfn.operate.database_copy import copies
from aurora_cfn.project.git import Revision, head, revision
from aurora_cfn.review.deployed import exists

PLACE = ("region", "endpoint", "profile")
"""Keys of a params file that say where its stacks are."""
PREFIX = "aurora-cfn deploy --env "


def committed_template(files: Revision, entry: EnvironmentStack) -> str:
    """The template of that stack in the revision. Raises InputError when it is not in it."""
    name = entry.template_file
    if name not in files.blobs:
        raise InputError(f"{name} is not committed: it is not in {files.label}")
    return files.text(name)


def environment_status(env: str, aws: AwsOptions, keys: Sequence[str]) -> EnvironmentStatus:
    """The status of the stacks asked for. Raises InputError, AwsError."""
    worktree = Comparison(shown_with_others(environment_target(env, aws)))
    commit, dirty = head()
    committed = _committed(worktree.target) if dirty else worktree
    now, then = _by_key(worktree, keys), _by_key(committed, keys) if commit and dirty else {}
    if commit and not dirty:
        then = now
    cloudformation = worktree.target.cloudformation
    rows = []
    for entry in _entries((committed, worktree), keys):
        found = worktree.stack(entry)
        stack = found if exists(found) else None
        settled = stack is not None and stack_status(stack).move == "update"
        deployed = _origin(cloudformation, stack) if stack else ""
        sides = then.get(entry.key), now.get(entry.key)
        rows.append(StackStatus(entry.key, entry.name, stack, *sides, settled, deployed))
    target = worktree.target
    # A stack that is committed and not in the worktree has a row of its own.
    listed = () if keys else listed_stacks(target)
    orphans = find_orphans(target, [row.name for row in rows], listed)
    names = {row.name for row in target.environment.stacks}
    copied = tuple(row for row in copies(listed, target.owner) if row.of in names)
    there = {row.key: row.stack for row in rows if row.stack and target.environment.stack(row.key)}
    swapped = swapped_code(target, there)
    ends = ends_of(target, copied)
    return EnvironmentStatus(target.environment.name, commit, dirty, tuple(rows), orphans, swapped, copied, ends)


def _entries(sides: Sequence[Comparison], keys: Sequence[str]) -> list[EnvironmentStack]:
    """The stacks asked for, of the worktree or of the commit. Raises InputError for names that neither has."""
    found = {row.key: row for side in sides for row in side.target.environment.stacks}
    return list(selected(replace(sides[-1].target.environment, stacks=tuple(found.values())), keys))


def _committed(target: Target) -> Comparison:
    """The comparison with the last commit; without stacks where the params file is not committed."""
    files, path = revision("HEAD"), target.environment.path
    if path not in files.blobs:
        return Comparison(target.with_environment(replace(target.environment, stacks=())))
    here = target.environment
    environment = load(files.text(path), f"HEAD:{path}", here.name, target.templates)
    moved = [name for name in PLACE if getattr(environment, name) != getattr(here, name)]
    if moved and not target.options.region:
        named = f"{path}: {' and '.join(moved)} as in the worktree, not as committed"
        write_stderr(f"{named}: what runs there is compared with both")
    # Both are compared with the same deployed stacks, read through one session: the worktree says where they are.
    there = replace(environment, region=here.region, endpoint=here.endpoint, profile=here.profile, aliases=here.aliases)
    there = with_clients(there, here.region, _clients(target, there, files))
    return Comparison(target.with_environment(there), template=partial(committed_template, files))


def _clients(target: Target, there: Environment, files: Revision) -> Iterator[EnvironmentStack]:
    """The clients of the target as the committed fleet has them; none where it has no fleet, or no template for it."""
    fleet = there.fleet
    path = target.templates[fleet.template].path if fleet else ""
    for row in target.environment.stacks:
        if fleet and CLIENT in row.tags and path in files.blobs:
            own = {name: str(row.parameters[name]) for name in row.tags.get(OWN_PARAMETERS, "").split()}
            version = version_of(fleet, files.text(path))
            yield client_entry(there, row.tags[CLIENT], target.templates[fleet.template], own, version)


def _by_key(side: Comparison, keys: Sequence[str]) -> dict[str, StackReview]:
    known = {name for row in side.target.environment.stacks for name in (row.key, row.name)}
    wanted = [key for key in keys if side.target.environment.meant(key) in known]
    return {} if keys and not wanted else {row.key: row for row in side.review(wanted, ()).stacks}


def _origin(cloudformation: AwsCloudFormation, stack: Stack) -> str:
    """The description of the change set that was executed last; empty where it is gone or may not be read."""
    if not stack.change_set_arn:
        return ""
    with suppress_codes(DENIED, NO_CHANGE_SET):
        return without_suffix(cloudformation.change_set(stack.change_set_arn).description).removeprefix(PREFIX)
    return ""
