"""`branch`: clones of an environment's database, made, isolated, masked, compared and deleted."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from aurora_cfn.aws.attachments import AwsCloneGroups
from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.cli.runs.branch_ends import branches_of, needed_ends, stack_ends
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.database_copy import deploy_copy, original_of, target_of_copy
from aurora_cfn.cli.runs.destroy import DestroyRun
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.runs.wake import may_wake
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.errors import InputError
from aurora_cfn.model.branch import KEPT_OF, Branch
from aurora_cfn.model.database_copy import CopySource, DatabaseCopy, entry_of_copy
from aurora_cfn.model.database_schema import SchemaChange
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.branches.expiry import Expiry, shown
from aurora_cfn.operate.branches.isolate import isolate
from aurora_cfn.operate.branches.low_cost import MOST_CAPACITY, branch_parameters, chain_warning
from aurora_cfn.operate.branches.overview import clone_source, schedule_name, suffix_of
from aurora_cfn.operate.database_copy import Original, copy_key, with_data_of
from aurora_cfn.operate.schema.compare import compare
from aurora_cfn.operate.schema.read import read_schema
from aurora_cfn.ports.stack_operations import StackEnds
from aurora_cfn.project.files import read_text
from aurora_cfn.report.text import amount
from aurora_cfn.sql.run import Script, run
from aurora_cfn.sql.split import Statement, split
from aurora_cfn.sql.stack_databases import engine_in

PROVISIONAL = timedelta(hours=4)
"""The end of a branch until it is masked: what a killed command leaves behind holds the data as they are."""
MASKED = "aurora-cfn:masked"
"""Tag of the stack of a branch: how many mask files it was made with."""


@dataclass(frozen=True, slots=True)
class BranchPlan:
    """How a branch is made; without `expiry` it gets no end.

    `source` is the name of the branch to clone, `cluster` the identifier of the cluster that an existing branch is of.
    """

    stack: str | None = None
    source: str = ""
    cluster: str = ""
    expiry: Expiry | None = None
    masks: tuple[Path, ...] = ()
    max_capacity: float = MOST_CAPACITY
    keep_logins: bool = False
    no_wake: bool = False


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A branch that can be made: everything that a file or an option says was checked."""

    copy: DatabaseCopy
    original: Original
    masks: Sequence[tuple[Path, tuple[Statement, ...]]]
    ends: StackEnds | None
    end: datetime | None
    keep_logins: bool


@dataclass(frozen=True)
class BranchRun:
    """The branches of one environment."""

    access: DatabaseAccess
    clock: SystemClock = field(default_factory=SystemClock)

    @property
    def target(self) -> Target:
        """The environment."""
        return self.access.target

    @cached_property
    def found(self) -> tuple[Branch, ...]:
        """The branches that there are."""
        return branches_of(self.target)

    def branch(self, name: str) -> Branch:
        """The branch of that name. Raises InputError when there is none, or one of each of several databases."""
        found = [row for row in self.found if row.name == name]
        if not found:
            there = ", ".join(row.name for row in self.found) or "none"
            raise InputError(f"{self.target.environment.name} has no branch {name}; there are: {there}")
        if len(found) > 1:
            names = ", ".join(row.stack.name for row in found)
            raise InputError(f"{len(found)} databases have a branch {name}: {names}; use --stack with sql and connect")
        return found[0]

    def create(self, name: str, plan: BranchPlan, *, yes: bool) -> int:
        """Make the branch; the exit code. Raises InputError before anything is sent."""
        suffix_of(name)
        self._refuse_taken(name, "`branch reset` makes it again")
        return self._make(name, self._prepared(name, plan), yes=yes)

    def reset(self, name: str, plan: BranchPlan, *, yes: bool, preserve: str = "") -> int:
        """Delete the branch and make it again; it keeps its end unless the plan has one.

        Before that its state is cloned into the branch `preserve`, if that is given. Raises InputError before anything
        is changed.
        """
        row = self.branch(name)
        if row.kept_of:
            what = f"{name} has the state of {row.kept_of} before its reset, which cannot be made again"
            raise InputError(f"{what}: delete it, or create another branch")
        if row.stack.tags.get(MASKED, "0") != "0" and not plan.masks:
            raise InputError(f"{name} was masked: give its mask files again, --mask FILE")
        kept = row.end in {"scheduled", "never"} and plan.expiry is None
        cluster = row.stack.parameters.get("SourceDBClusterIdentifier", "")
        wanted = replace(plan, stack=row.of, cluster=cluster, expiry=Expiry(at=row.ends) if kept else plan.expiry)
        prepared = self._prepared(name, wanted)
        if preserve:
            if code := self._make(preserve, self._preserved(preserve, row, no_wake=plan.no_wake), yes=yes):
                return code
            info(f"{preserve} has the state of {name} before the reset")
        code = self.delete(name, yes=yes)
        # The consent to the deletion covers the new one.
        return code or self._make(name, prepared, yes=True)

    def delete(self, name: str, *, yes: bool) -> int:
        """Delete the branch after consent, and then its schedule; the exit code."""
        row = self.branch(name)
        code = self._destroy(self.target, row.stack.name, yes=yes)
        ends = stack_ends(self.target)
        if not code and ends:
            ends.remove_end(schedule_name(row.stack.name))
        return code

    def set_expiration(self, name: str, expiry: Expiry) -> None:
        """Move the end of the branch. Raises InputError where nothing deletes branches."""
        row, ends = self.branch(name), needed_ends(self.target)
        end = expiry.moment(self.clock.now())
        ends.set_end(schedule_name(row.stack.name), stack_arn=row.stack.arn, at=end)
        self._say(name, end, scheduled=True)

    def differences(self, name: str, base: str, *, no_wake: bool) -> tuple[SchemaChange, ...]:
        """What differs between the schema of the branch and that of its source, or of the branch `base`.

        Raises DeclinedError with `no_wake` if one of the two is paused, or may be.
        """
        row = self.branch(name)
        first = self.branch(base).stack.name if base else row.of
        databases = [self.access.database(stack) for stack in (first, row.stack.name)]
        for database in databases if no_wake else databases[:1]:
            may_wake(self.access, database, no_wake=no_wake)
        before, after = (read_schema(self.access.api(database), database) for database in databases)
        return compare(before, after, databases[0].engine)

    def _prepared(self, name: str, plan: BranchPlan) -> _Prepared:
        """Everything that can be wrong is found before a copy of the data exists, or a branch is deleted."""
        suffix = suffix_of(name)
        key, original = original_of(self.access, plan.stack)
        engine = engine_in(self.target.templates.text(self.target.environment.entry(key).template))
        masks = [(path, split(read_text(path), engine or "postgresql", path=str(path))) for path in plan.masks]
        ends = needed_ends(self.target) if plan.expiry else stack_ends(self.target)
        end = plan.expiry.moment(self.clock.now()) if plan.expiry else None
        source = original.cluster
        if plan.source:
            row = self.branch(plan.source)
            source, original = self._identifier(row), with_data_of(row.stack, original)
        elif plan.cluster:
            source = clone_source(plan.cluster, original.cluster, self.found)
        if plan.no_wake:
            may_wake(self.access, Database("", "", "", identifier=source), no_wake=True)
        copy = DatabaseCopy(
            key, suffix, "branch", CopySource(cluster=source, clone=True), own_secret=True,
            overrides=branch_parameters(original.cluster, suffix, plan.max_capacity),
            tags={MASKED: str(len(masks))},
        )  # fmt: skip
        return _Prepared(copy, original, masks, ends, end, keep_logins=plan.keep_logins)

    def _preserved(self, name: str, row: Branch, *, no_wake: bool) -> _Prepared:
        """A clone of the branch that keeps its state, with its logins, masks and end."""
        suffix = suffix_of(name)
        self._refuse_taken(name, "keep the state under another name")
        if row.end == "overdue":
            raise InputError(f"{row.name} is past its end: move it first, with branch set-expiration {row.name}")
        end = Expiry(at=row.ends).moment(self.clock.now())
        key, original = original_of(self.access, row.of)
        most = float(row.stack.parameters.get("MaxCapacity", MOST_CAPACITY))
        source = self._identifier(row)
        if no_wake:
            may_wake(self.access, Database("", "", "", identifier=source), no_wake=True)
        copy = DatabaseCopy(
            key, suffix, "branch", CopySource(cluster=source, clone=True), own_secret=True,
            overrides=branch_parameters(original.cluster, suffix, most),
            tags={MASKED: row.stack.tags.get(MASKED, "0"), KEPT_OF: row.name},
        )  # fmt: skip
        original = with_data_of(row.stack, original)
        target_of_copy(self.target, copy, original)  # its names are checked
        # What was masked stays so, and logins that are there now were made for the branch.
        return _Prepared(copy, original, (), stack_ends(self.target), end, keep_logins=True)

    def _identifier(self, row: Branch) -> str:
        return self.access.one_in_rds(row.stack.name).identifier

    def _refuse_taken(self, name: str, advice: str) -> None:
        if any(row.name == name for row in self.found):
            raise InputError(f"there is a branch {name} already: {advice}")

    def _make(self, name: str, prepared: _Prepared, *, yes: bool) -> int:
        copy, ends = prepared.copy, prepared.ends
        source = copy.source.cluster
        clones = AwsCloneGroups(self.target.session).clones_beside(source)
        if warning := chain_warning(source, clones):
            info(warning, "warning")
        info(f"clone of {source} (copy-on-write) beside {amount(clones, 'other')}; a paused source is resumed for it")
        there, code, results = deploy_copy(self.target, copy, prepared.original, yes=yes)
        made = results[0].stack
        if code or made is None:
            self._left(name, prepared)
            return code
        schedule = schedule_name(made.name)
        try:
            if ends:
                ends.set_end(schedule, stack_arn=made.arn, at=self.clock.now() + PROVISIONAL)
            self._isolate(there, copy_key(copy), prepared)
            if ends:
                ends.set_end(schedule, stack_arn=made.arn, at=prepared.end)
        except BaseException:
            what = "it was not isolated and masked in full, and holds the data of its source"
            info(f"{name} is deleted again: {what}", "error")
            if not self._destroy(there, made.name, yes=True) and ends:
                ends.remove_end(schedule)
            raise
        self._say(name, prepared.end, scheduled=ends is not None)
        info(f"to connect: aurora-cfn connect --env {self.target.environment.name} --branch {name}")
        return 0

    def _left(self, name: str, prepared: _Prepared) -> None:
        """After Ctrl-C CloudFormation continues with the stack: say what it will hold, and have it deleted soon."""
        stack = self.target.cloudformation.stack(f"{prepared.original.stack.name}-{prepared.copy.suffix}")
        if stack is None or not stack.exists:
            return
        soon = ""
        if prepared.ends:
            end = self.clock.now() + PROVISIONAL
            prepared.ends.set_end(schedule_name(stack.name), stack_arn=stack.arn, at=end)
            soon = f"; a schedule deletes it at {shown(end)}"
        what = f"{stack.name} is in {stack.status}, and is neither isolated nor masked"
        info(f"{what}: run branch reset, or branch delete, {name}{soon}", "warning")

    def _isolate(self, there: Target, key: str, prepared: _Prepared) -> None:
        """Cut the branch off from production, then run the masks, each file in one transaction."""
        keep = prepared.keep_logins
        access = DatabaseAccess(there)
        database = access.database(key)
        if not database.has_data_api:
            raise InputError(f"{database.stack} has no Data API: a branch is isolated and masked over it")
        isolate(access.data_api, database, keep_logins=keep)
        info(f"isolated: {'logins kept' if keep else 'no login but the new one of the master user'}, no jobs")
        for path, statements in prepared.masks:
            script = Script(statements, transaction=True, path=str(path))
            with closing(run(access.data_api, database, script)) as results:
                changed = sum(rows.affected for rows in results)
            info(f"{path}: {amount(len(statements), 'statement')}, {amount(changed, 'row')} changed")

    def _destroy(self, there: Target, stack: str, *, yes: bool) -> int:
        """Delete the stack of a branch, as the only one of the environment: nothing of production can be meant."""
        environment = there.environment
        entry = next((row for row in environment.stacks if row.name == stack), None)
        entry = entry or entry_of_copy(environment, there.cloudformation.stack(stack))
        assert entry is not None
        alone = there.with_environment(replace(environment, stacks=(entry,), protect=False))
        return DestroyRun(alone, [entry.key], yes=yes).destroy(1)

    def _say(self, name: str, end: datetime | None, *, scheduled: bool) -> None:
        if end:
            info(f"{name} is deleted at {shown(end)}, by a schedule in AWS")
        elif scheduled:
            info(f"{name} stays until it is deleted")
        else:
            info(f"{name} has no end: nothing deletes it by itself", "note")
