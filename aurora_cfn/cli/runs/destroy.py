"""`destroy`: what would be deleted and what prevents it, and the deletion after consent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from aurora_cfn.aws.account import AwsAccount
from aurora_cfn.aws.snapshots import AwsSnapshotArchive
from aurora_cfn.cli.runs.orphans import find_orphans, listed_stacks, show_orphans
from aurora_cfn.cli.runs.readiness import checked_account
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import write_stderr
from aurora_cfn.cli.terminal.prompt import named, refuse_unmeant, terminal
from aurora_cfn.deploy.desired import selected
from aurora_cfn.deploy.destroy import Deletion, DestroyPorts, destroyed, inspected, without_room
from aurora_cfn.deploy.orphans import entries
from aurora_cfn.deploy.ownership import Claims, refuse_unknown
from aurora_cfn.deploy.stack_status import UNDELETABLE
from aurora_cfn.environment.graph import dependents, needs, reversed_graph
from aurora_cfn.errors import EXIT_INTERRUPTED, EXIT_NEGATIVE, GuardError, InputError
from aurora_cfn.model.database_copy import BRANCH_PREFIX
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.stack import Stack
from aurora_cfn.operate.database_copy import copies
from aurora_cfn.report.text import amount


class DestroyRun:
    """The stacks that would be deleted, with what prevents it and what would remain."""

    def __init__(
        self,
        target: Target,
        stacks: Sequence[str],
        *,
        yes: bool,
        retain: Sequence[str] = (),
        confirmed: Sequence[str] = (),
        take_over: tuple[str, ...] = (),
        orphans: bool = False,
        events: bool = False,
        deletions: Sequence[Deletion] | None = None,
    ) -> None:
        """Read every stack, unless `deletions` are what `inspected` found just now.

        Raises GuardError where another stack needs one of them, InputError for wrong names.
        """
        self._target, self._retain, self._yes, self._confirmed = target, retain, yes, confirmed
        self._take_over, self._orphans = take_over, orphans
        checked_account(target)
        self._listed = listed_stacks(target)
        self._chosen = _orphans(target, stacks, self._listed) if orphans else selected(target.environment, stacks)
        refuse_unknown(take_over, [row.name for row in self._chosen])
        if retain and len(self._chosen) != 1:
            raise InputError("--retain needs exactly one --stack")
        self._run = Run(target, yes=yes, events=events)
        self._deletions = self._inspected() if deletions is None else deletions
        # Nothing in the params file refers to an orphan.
        if not orphans:
            self._refuse_needed()

    def preview(self) -> int:
        """Show what would be deleted; the exit code."""
        self._show()
        self._refuse_obstacles()
        return 0

    def destroy(self, parallel: int) -> int:
        """Delete them after consent; the exit code."""
        if not self._deletions:
            what = "no orphaned stack is known" if self._orphans else "none of these stacks exists"
            write_stderr(f"nothing to destroy: {what}")
            return 0
        self._show()
        refuse_unmeant(self._confirmed, [row.name for row in self._chosen])
        self._refuse_obstacles()
        if not self._agreed():
            write_stderr("declined: nothing was deleted")
            return EXIT_INTERRUPTED if self._run.interrupted else EXIT_NEGATIVE
        context = self._run.context()
        deletions = {row.key: row for row in self._deletions}
        # A stack is deleted after those that read its outputs.
        waits = reversed_graph(needs([row.entry for row in self._deletions]))
        work = {key: partial(destroyed, context, row, self._retain) for key, row in deletions.items()}
        because = "needed by {}, still there"
        results = self._run.work_through(waits, work, context, parallel, skipped_because=because)
        return self._run.exit_code(results)

    def _inspected(self) -> Sequence[Deletion]:
        ports = destroy_ports(self._target, [row.name for row in self._chosen])
        found = [inspected(ports, entry, self._retain) for entry in self._chosen]
        return [row for row in found if row is not None]

    def _refuse_needed(self) -> None:
        """Raise GuardError for a stack whose outputs another deployed stack of the environment reads."""
        environment = self._target.environment
        leaving = {row.key for row in self._chosen}
        others = [key for key in dependents(needs(environment.stacks), leaving) if key not in leaving]
        names = {row.key: row.name for row in environment.stacks}
        there = [key for key in others if self._run.cloudformation.stack(names[key]) is not None]
        if there:
            names_there = ", ".join(there)
            raise GuardError(
                f"these stacks read outputs of what would be deleted: {names_there}; destroy them too, or first"
            )

    def _refuse_obstacles(self) -> None:
        obstacles = [line for row in self._deletions for line in row.obstacles]
        kept = AwsSnapshotArchive(self._target.session).kept_backups
        obstacles += without_room(self._deletions, self._target.databases, kept)
        if obstacles and self._orphans:
            back = f"write it back into {self._target.environment.path} and deploy"
            obstacles.append(f"no deployment reaches an orphan: {back}, or switch its protection off with the AWS CLI")
        obstacles += [] if self._orphans else self._not_ours()
        wrong = [row.stack.name for row in self._deletions if self._retain and row.stack.status != UNDELETABLE]
        obstacles += [f"{name}: AWS takes --retain only after a deletion that failed" for name in wrong]
        there = {resource.logical_id for row in self._deletions for resource in row.resources}
        obstacles += [f"--retain {one}: no such resource is there" for one in self._retain if one not in there]
        if obstacles:
            raise GuardError("\n".join(["nothing was deleted:", *obstacles]))

    def _not_ours(self) -> list[str]:
        """Why each stack of another owner is left alone."""
        claims = Claims(self._run.cloudformation, self._target.owner, self._take_over, "destroy")
        found = []
        for row in self._deletions:
            try:
                claims.of(row.stack)
            except GuardError as error:
                found.append(str(error))
        return found

    def _show(self) -> None:
        for row in self._deletions:
            write_stderr(f"{row.stack.name}: {amount(len(row.resources), 'resource')} in the stack")
            for line in row.survivors or ("all of it is deleted",):
                write_stderr(f"  {line}")
        self._show_copies()

    def _show_copies(self) -> None:
        """Name the copies of these databases, which are stacks of their own and still cost money."""
        names, env = {row.stack.name for row in self._deletions}, self._target.environment.name
        for copy in copies(self._listed, self._target.owner):
            if copy.of in names and copy.stack.name not in names:
                branch = copy.suffix.removeprefix(BRANCH_PREFIX)
                delete = f"branch delete {branch}" if copy.kind == "branch" else f"restore --delete {copy.suffix}"
                write_stderr(f"{copy.stack.name}, {copy.words}, is not deleted: aurora-cfn {delete} --env {env}")

    def _agreed(self) -> bool:
        whole = self._target.environment.protect
        guarded = [row.stack.name for row in self._deletions if whole or row.entry.protect]
        if not all(named(name, self._confirmed) for name in guarded):
            return False
        said = {*self._confirmed, *guarded}
        unnamed = [row.stack.name for row in self._deletions if row.stack.name not in said]
        if self._yes or not unnamed:
            return True
        if not terminal():
            raise GuardError(
                f"nothing was deleted: not confirmed: {', '.join(unnamed)}; add --confirm for each, or --yes"
            )
        return self._run.questions.agreed("Delete all of this?")


def destroy_ports(target: Target, leaving: Iterable[str]) -> DestroyPorts:
    """What a deletion reads beforehand; `leaving` are the names of the stacks that would be deleted together."""
    return DestroyPorts(target.cloudformation, target.databases, AwsAccount(target.session), frozenset(leaving))


def _orphans(target: Target, names: Sequence[str], listed: Sequence[Stack]) -> tuple[EnvironmentStack, ...]:
    """The orphans of the environment, or those named, also of environments without a file. Raises InputError.

    `listed` are all stacks of the account.
    """
    found = find_orphans(target, listed=listed)
    unknown = [name for name in names if name not in {row.name for row in found}]
    if unknown:
        known = ", ".join(row.name for row in found) or "none is known"
        raise InputError(f"--stack {', '.join(unknown)}: no such orphaned stack; {known}")
    chosen = [row for row in found if row.name in names or (not names and row.file_exists)]
    show_orphans(target, [row for row in found if row not in chosen])
    return entries(chosen)
