"""`diff`: each stack as it is deployed and as it is written, also as CloudFormation's change set sees it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path, PurePath
from secrets import token_hex
from typing import TypeAlias

import click

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.cli.runs.orphans import find_orphans
from aurora_cfn.cli.runs.readiness import check_account
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.runs.upload import Code, uploads
from aurora_cfn.cli.terminal.messages import write_stderr
from aurora_cfn.cost import CostedStack
from aurora_cfn.deploy.context import Choices, Context, RunEnvironment, RunId
from aurora_cfn.deploy.desired import Inputs, selected
from aurora_cfn.deploy.nested_stacks import DeployedNested
from aurora_cfn.deploy.preview import WarningsOnly, previewed
from aurora_cfn.deploy.uploads import Uploads
from aurora_cfn.errors import InputError
from aurora_cfn.model.change import Change
from aurora_cfn.model.environment import EnvironmentStack, EnvRef, ParameterValue, SsmRef, StackRef
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.model.review import Compared, Panel, Review, StackReview
from aurora_cfn.model.stack import Stack
from aurora_cfn.project.files import read_text
from aurora_cfn.project.local_files import Artifact
from aurora_cfn.project.packaged_nested import PackagedNested
from aurora_cfn.project.process import is_dead, this_process
from aurora_cfn.project.review.costs import cost_moved
from aurora_cfn.project.user_cache import offered
from aurora_cfn.report.environment_status import orphan_text
from aurora_cfn.review.added_and_removed import placed
from aurora_cfn.review.allowances import needless
from aurora_cfn.review.change_set import reconciled
from aurora_cfn.review.changes import changes
from aurora_cfn.review.consent import Consent
from aurora_cfn.review.deployed import Sides, Wanted, exists, protection_change, sides
from aurora_cfn.review.guard import unused
from aurora_cfn.review.imports import Import, imports
from aurora_cfn.review.nested import seen_inside
from aurora_cfn.review.not_judged import blind_spots

Live: TypeAlias = Callable[
    [AwsCloudFormation, Code, DesiredStack, Wanted, Stack | None, tuple[Change, ...], frozenset[str]],
    tuple[Change, ...],
]
"""From the changes between templates to those that CloudFormation reports; it makes a change set (`diff --live`)."""


def worktree_template(entry: EnvironmentStack) -> str:
    """The template of that stack in the worktree. Raises InputError when it cannot be read."""
    return read_text(Path(entry.template_file))


class Comparison:
    """The deployed stacks of an environment compared with the written ones; `template` reads a written template.

    `live` asks CloudFormation too, by a change set. `orphans` adds a note for each orphaned stack. Each deployed
    stack is read once.
    """

    def __init__(
        self,
        target: Target,
        *,
        live: Live | None = None,
        orphans: bool = False,
        template: Callable[[EnvironmentStack], str] = worktree_template,
    ) -> None:
        self.target = target
        self._orphans = orphans
        self.live = live
        self.template = template
        self._stacks: dict[str, Stack | None] = {}
        self._costed: list[tuple[CostedStack, CostedStack]] = []

    def review(self, keys: Sequence[str], allow: Sequence[str], tried: Sequence[str] = ()) -> Review:
        """All stacks asked for. Raises InputError, AwsError."""
        environment = self.target.environment
        check_account(self.target)
        consent = Consent(allow, tried, datetime.now(UTC).date())
        found = []
        for entry in selected(environment, keys):
            changed, compared, notes = self._compared(entry)
            changed = placed(changed, f"--env {environment.name}{self.target.options.spelled}", entry.key)
            lines = entry.allow_replace
            notes += [f"allow_replace {one.logical_id}: nothing needs it any more" for one in unused(changed, lines)]
            refused = consent.refusals(changed, (entry.name, entry.key), lines)
            path = entry.template_file
            found.append(
                StackReview(
                    entry.name,
                    path,
                    changed,
                    refused,
                    environment.name,
                    compared=compared,
                    notes=tuple(notes),
                    key=entry.key,
                )
            )
        notes = [f"--allow-replace {one}: nothing of that name needs it" for one in needless(allow, found)]
        name = environment.name
        orphans = () if keys or not self._orphans else find_orphans(self.target)
        notes += [orphan_text(row, name, self.target.options.spelled) for row in orphans]
        panels = () if keys else tuple(self._costs())
        return Review(f"{name} as deployed", f"{name} as written", tuple(found), tuple(notes), panels)

    def _costs(self) -> Iterator[Panel]:
        """What the differences cost a month, of all stacks: a proxy in one keeps the database of another awake."""
        if not self.target.local:
            before, after = ([pair[side] for pair in self._costed] for side in (0, 1))
            yield from cost_moved(before, after, self.target.environment.region, self.target.environment.name)

    @cached_property
    def _code(self) -> Code:
        return Code(self.target, self.target.environment.stacks)

    def _compared(self, entry: EnvironmentStack) -> tuple[tuple[Change, ...], Compared, list[str]]:
        stack = self.stack(entry)
        wanted, missing = self._wanted(entry)
        pair = self._sides(entry, stack, wanted)
        needs = entry.depends_on()
        self._costed.append((CostedStack(entry.key, pair.before, needs), CostedStack(entry.key, pair.after, needs)))
        found = changes(pair.before, pair.after)
        # The imports of other stacks are read only where an output changes: that is two calls for each stack.
        if any(change.section == "Outputs" and change.kind != "add" for change in found):
            found = changes(pair.before, pair.after, self._imported(entry))
        found += protection_change(stack, wanted)
        notes = [*pair.notes, *missing, *(() if self.live else blind_spots(pair.before, pair.after))]
        if self.live and exists(stack) and not missing:
            row = self.target.desired(entry, wanted.template)
            seen = seen_inside(pair.before, pair.after)
            found = self.live(self.target.cloudformation, self._code, row, wanted, stack, found, seen)
            return found, "change set", notes
        if self.live:
            notes.append(
                "no change set was made, because " + ("a value is missing" if missing else "there is no stack")
            )
        return found, "deployed template", notes

    def stack(self, entry: EnvironmentStack) -> Stack | None:
        """The deployed stack, read once; None when there is none."""
        if entry.key not in self._stacks:
            self._stacks[entry.key] = self.target.cloudformation.stack(entry.name)
        return self._stacks[entry.key]

    def _sides(self, entry: EnvironmentStack, stack: Stack | None, wanted: Wanted) -> Sides:
        text = self.target.cloudformation.template(entry.name) if exists(stack) else ""
        return sides(stack, text, wanted, DeployedNested(self.target.cloudformation, entry.name))

    def _imported(self, entry: EnvironmentStack) -> list[Import]:
        """What the other deployed stacks of the environment import."""
        found: list[Import] = []
        for other in self.target.environment.stacks:
            stack = self.stack(other)
            if other.key != entry.key and exists(stack):
                pair = self._sides(other, stack, self._wanted(other)[0])
                found += imports(pair.before, other.name)
        return found

    def _wanted(self, entry: EnvironmentStack) -> tuple[Wanted, list[str]]:
        """The stack as written; a value that cannot be read stays a reference, with a note."""
        environment, path = self.target.environment, entry.template_file
        text, notes, artifacts = self._packaged(entry)
        row = self.target.desired(entry, text)
        values, more = self._values(row)
        secrets = frozenset(name for name, one in entry.parameters.items() if isinstance(one, SsmRef | EnvRef))
        place = (environment.region, environment.account)
        nested = PackagedNested(artifacts)
        wanted = Wanted(entry.name, path, text, values, row.tags, *place, row.protect, secrets, offered(), nested)
        return wanted, list(dict.fromkeys([*notes, *more]))

    def _packaged(self, entry: EnvironmentStack) -> tuple[str, list[str], Sequence[Artifact]]:
        """The template as it would be sent, and its files; with a note, local paths that cannot be packaged stay."""
        text = self.template(entry)
        try:
            # Another revision's template is compared as it is written: its files are not in the worktree.
            found = self._code.packaged.get(entry.key)
            if found is None or text != worktree_template(entry):
                return text, [], ()
            return found.text, [], found.artifacts
        except InputError as error:
            return text, [f"not known yet: {complaint}" for complaint in error.complaints], ()

    def _values(self, row: DesiredStack) -> tuple[Mapping[str, ParameterValue], list[str]]:
        environment = self.target.environment
        entries = {entry.key: entry for entry in environment.stacks}
        inputs = Inputs(
            environment,
            self.target.templates,
            lambda key: self.stack(entries[key]),
            self.target.ssm_parameters,
            os.environ,
        )
        try:
            return {**inputs.of(row), **self._code.parameters(row.key)}, []
        except InputError as error:
            names = {entry.key: entry.name for entry in environment.stacks}
            given = row.entry.parameters.items()
            values = {name: names[one.stack] if isinstance(one, StackRef) else one for name, one in given}
            return values, [f"not known yet: {complaint}" for complaint in error.complaints]


def live_changes(target: Target) -> Live:
    """A function that finds the changes of a stack with a change set; it makes no bucket for a large template.

    The function raises what `prepare` raises, and DeclinedError where the bucket is missing.
    """
    return partial(_with_change_set, uploads(target, lambda _: False))


def _with_change_set(
    bucket: Uploads,
    cloudformation: AwsCloudFormation,
    code: Code,
    desired: DesiredStack,
    wanted: Wanted,
    stack: Stack | None,
    found: tuple[Change, ...],
    seen: frozenset[str],
) -> tuple[Change, ...]:
    """The changes found, corrected and completed by those of a change set, but inside of the nested stacks `seen`."""
    listener = WarningsOnly()
    context = Context(
        cloudformation,
        SystemClock(),
        listener,
        RunId(f"diff-{token_hex(4)}", owner=this_process().suffix, owner_is_dead=is_dead),
        RunEnvironment(PurePath(desired.path).stem),
        choices=Choices(dry_run=True),
        uploads=bucket,
    )
    # CloudFormation reads nested templates and included parts while it makes the change set.
    code.upload(desired.key, bucket, listener.step, only_early=True)
    given = {name: value for name, value in wanted.parameters.items() if isinstance(value, str)}
    change_set = previewed(context, desired, given, stack)
    for warning in listener.warnings:
        write_stderr(f"{click.style('warning:', fg='yellow')} {warning}")
    secrets = {given[name] for name in wanted.secrets if name in given}
    return found if change_set is None else reconciled(found, change_set, secrets, seen)
