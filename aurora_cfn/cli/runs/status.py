"""One run of `status`: the deployed stacks beside the last commit and beside the worktree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import click

from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.diff import Differing
from aurora_cfn.cli.runs.orphans import find_orphans
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.deploy.desired import selected
from aurora_cfn.deploy.stack_status import stack_status
from aurora_cfn.environment import load
from aurora_cfn.errors import AwsError, InputError
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.environment_status import EnvironmentStatus, StackStatus
from aurora_cfn.model.owner import without_suffix
from aurora_cfn.model.review import StackReview
from aurora_cfn.model.stack import Stack
from aurora_cfn.project.git import Revision, head, revision
from aurora_cfn.review.deployed import exists

PLACE = ("region", "endpoint", "profile")
"""What in a params file says where its stacks are."""
PREFIX = "aurora-cfn deploy --env "


class Committed(Differing):
    """As Differing, with the files of a revision in place of the worktree's."""

    def __init__(self, target: Target, files: Revision) -> None:
        """Nothing is read yet."""
        super().__init__(target)
        self._files = files

    def template(self, entry: EnvironmentStack) -> str:
        """The template of that stack in the revision. Raises InputError when it has none."""
        name = entry.template_file
        if name not in self._files.blobs:
            raise InputError(f"{name} is not committed: it is not in {self._files.label}")
        return self._files.text(name)


def standing(env: str, aws: AwsOptions, keys: Sequence[str]) -> EnvironmentStatus:
    """The answer for the stacks asked for. Raises InputError, AwsError."""
    worktree = Differing.of(env, aws)
    commit, dirty = head()
    committed = _committed(worktree.target) if dirty else worktree
    now, then = _by_key(worktree, keys), _by_key(committed, keys) if commit and dirty else {}
    if commit and not dirty:
        then = now
    cloudformation = AwsCloudFormation(worktree.target.session)
    rows = [
        _row(cloudformation, worktree.stack(entry), entry, then.get(entry.key), now.get(entry.key))
        for entry in _entries((committed, worktree), keys)
    ]
    place = worktree.target
    # A stack that is committed and not in the worktree has a row of its own.
    orphans = () if keys else find_orphans(place, [row.name for row in rows])
    return EnvironmentStatus(place.environment.name, commit, dirty, tuple(rows), orphans)


def _entries(sides: Sequence[Differing], keys: Sequence[str]) -> list[EnvironmentStack]:
    """The stacks asked for, wherever they are written. Raises InputError for names that are nowhere."""
    found = {row.key: row for side in sides for row in side.target.environment.stacks}
    return list(selected(replace(sides[-1].target.environment, stacks=tuple(found.values())), keys))


def _committed(target: Target) -> Differing:
    files, path = revision("HEAD"), target.environment.path
    if path not in files.blobs:
        return Committed(target.asking_for(replace(target.environment, stacks=())), files)
    here = target.environment
    environment = load(files.text(path), f"HEAD:{path}", here.name, target.templates)
    moved = [name for name in PLACE if getattr(environment, name) != getattr(here, name)]
    if moved and not target.options.region:
        named = f"{path}: {' and '.join(moved)} as in the worktree, not as committed"
        click.echo(f"{named}: what runs there is compared with both", err=True)
    # Both are asked about the one place, and through its session: the worktree says where that is.
    there = replace(environment, region=here.region, endpoint=here.endpoint, profile=here.profile)
    return Committed(target.asking_for(there), files)


def _by_key(side: Differing, keys: Sequence[str]) -> dict[str, StackReview]:
    known = {name for row in side.target.environment.stacks for name in (row.key, row.name)}
    wanted = [key for key in keys if key in known]
    return {} if keys and not wanted else {row.key: row for row in side.review(wanted, ()).stacks}


def _row(
    cloudformation: AwsCloudFormation,
    found: Stack | None,
    entry: EnvironmentStack,
    then: StackReview | None,
    now: StackReview | None,
) -> StackStatus:
    stack = found if exists(found) else None
    settled = stack is not None and stack_status(stack).move == "update"
    deployed = _origin(cloudformation, stack) if stack else ""
    return StackStatus(entry.key, entry.name, stack, then, now, settled, deployed)


def _origin(cloudformation: AwsCloudFormation, stack: Stack) -> str:
    """What the change set that was executed last says of itself; empty where it is gone or may not be read."""
    if not stack.change_set_arn:
        return ""
    try:
        return without_suffix(cloudformation.change_set(stack.change_set_arn).description).removeprefix(PREFIX)
    except AwsError as error:
        if not (error.denied or error.no_change_set):
            raise
        return ""
