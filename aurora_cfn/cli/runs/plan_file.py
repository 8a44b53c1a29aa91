"""`deploy --plan`, `--apply` and `--discard`: write a plan file, apply its change sets, or delete them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from shlex import quote

from aurora_cfn import __version__
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.deploy import Deploying
from aurora_cfn.cli.runs.readiness import checked_account
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.target import Target, target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.cli.terminal.prompt import terminal
from aurora_cfn.deploy.context import Choices, Engine
from aurora_cfn.deploy.plan.apply import apply_stack, checked, refuse_elsewhere, refuse_moved, take_back
from aurora_cfn.deploy.plan.file import deferred, plan_json, plan_stack, planned_stack, read_plan
from aurora_cfn.deploy.prepare import discard
from aurora_cfn.deploy.preview import lacking
from aurora_cfn.errors import InputError, StaleError
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.owner import PLAN_SUFFIX
from aurora_cfn.model.plan import DesiredStack, StackPlan, StackResult
from aurora_cfn.model.plan_file import PlanFile
from aurora_cfn.project.files import read_text, write_text
from aurora_cfn.project.git import head


class Planning(Deploying):
    """As Deploying, up to the approval."""

    executes = False

    def __init__(self, goal: Target, choices: Choices, *, yes: bool, log_format: str) -> None:
        """Nothing is called yet, but for a client that is made meanwhile."""
        super().__init__(goal, choices, yes=yes, log_format=log_format)
        self._plans: dict[str, StackPlan] = {}

    def plan(self, path: Path, stacks: Sequence[str], *, with_dependencies: bool, parallel: int) -> list[StackResult]:
        """What came of each stack; the file is written when all went well, else every change set is taken back."""
        _refuse_other_file(path)
        wanted = self.ready(stacks, with_dependencies=with_dependencies)
        written = False
        try:
            results = self.work_through(wanted, parallel)
            if all(row.good for row in results) and not self.run.interrupted:
                write_text(path, plan_json(self._file(results)))
                written = True
        finally:
            if not written:
                self._take_back()
                info(f"no plan was written, and its change sets were taken back: {path}")
        if written:
            _summarize(path, results, self.target.options.spelled)
        self.tell_needless(results)
        return results

    @cached_property
    def engine(self) -> Engine:
        """As for a deployment, but its change sets say that they are to outlive this process."""
        return replace(super().engine, mark=PLAN_SUFFIX)

    def work(self, wanted: DesiredStack) -> StackResult:
        """What came of one stack; one that needs what only this plan makes or adds is left for later."""
        awaits = wanted.entry.depends_on() & self.pending.keys()
        missing = lacking(wanted, self.deployed, self.pending) if awaits else []
        if missing:
            reason = f"it needs {' and '.join(missing)}: apply this plan, then plan again"
            return self.noted(wanted, deferred(self.engine, wanted, reason))
        result = plan_stack(
            self.engine, wanted, lambda row: self.inputs(row) | self.code.parameters(row.key), self._keep
        )
        return self.noted(wanted, result)

    def bucket_consent(self, engine: Engine) -> Callable[[str], bool]:
        """The person, if there is one: a plan is also made where nobody can be asked."""
        return engine.consent if self.run.yes or terminal() else lambda _: False

    def _keep(self, plan: StackPlan) -> None:
        self._plans[plan.desired.key] = plan

    def _take_back(self) -> None:
        for plan in self._plans.values():
            discard(self.engine, plan)

    def _file(self, results: Sequence[StackResult]) -> PlanFile:
        commit, dirty = head()
        environment = self.target.environment
        plans = [self._plans[row.key] for row in results if row.key in self._plans]
        stacks = tuple(planned_stack(plan, self.reviews.get(plan.desired.key)) for plan in plans)
        return PlanFile(
            environment=environment.name,
            region=environment.region,
            account=next((row.arn.split(":")[4] for row in stacks), environment.account or ""),
            git_commit=commit,
            dirty=dirty,
            created=self.run.clock.now().isoformat(timespec="seconds"),
            tool=f"aurora-cfn {__version__}",
            allow=self.run.choices.allow,
            stacks=stacks,
            deferred={row.key: row.cause for row in results if row.outcome == "deferred"},
        )


def _refuse_other_file(path: Path) -> None:
    """Only an older plan is written over, so that a slip of the hand costs nobody a params file."""
    if path.exists() or path.is_symlink():
        try:
            read_plan(read_text(path), str(path))
        except InputError:
            raise InputError(f"{path} exists and is no plan of this version: choose another name") from None


def _summarize(path: Path, results: Sequence[StackResult], way: str) -> None:
    count = sum(row.outcome == "planned" for row in results)
    info(f"plan of {count} stack{'s' * (count != 1)} written to {path}")
    for row in results:
        if row.outcome == "deferred":
            info(f"  not in it: {row.key}: {row.cause}")
    info(f"execute it with: aurora-cfn deploy --apply {quote(str(path))}{way}")


class Applying(Deploying):
    """As Deploying, with the change sets of the file in place of new ones."""

    def __init__(
        self, path: Path, env: str | None, aws: AwsOptions, choices: Choices, *, yes: bool, log_format: str
    ) -> None:
        """Read the file and its environment. Raises InputError when the file is damaged or of another environment."""
        self.file: PlanFile = read_plan(read_text(path), str(path))
        if env and env != self.file.environment:
            raise InputError(f"{path} is a plan of the environment {self.file.environment}, not of {env}")
        goal = target(self.file.environment, aws)
        super().__init__(goal, replace(choices, allow=self.file.allow), yes=yes, log_format=log_format)
        self._planned = {row.key: row for row in self.file.stacks}

    def apply(self, parallel: int) -> list[StackResult]:
        """What came of each stack. Raises StaleError, with everything that moved, before anything is executed."""
        self._check_stacks()
        self._tell()
        if not self._planned:
            return []
        self._check_region()
        wanted = self.ready(list(self._planned), with_dependencies=False)
        self._check_all(wanted)
        return self.work_through(wanted, parallel)

    def work(self, wanted: DesiredStack) -> StackResult:
        """What came of one stack, which is checked once more: a stack before it may have changed its inputs."""
        result = apply_stack(self.engine, wanted, self._planned[wanted.key], self._inputs)
        return self.noted(wanted, result)

    def _check_names(self, chosen: Sequence[EnvironmentStack], texts: Mapping[str, str]) -> None:
        """They were checked when the plan was made."""

    def _inputs(self, wanted: DesiredStack) -> dict[str, str]:
        return self.inputs(wanted) | self.code.parameters(wanted.key)

    def _check_stacks(self) -> None:
        names = {row.key: row.name for row in self.target.environment.stacks}
        gone = [row.key for row in self.file.stacks if names.get(row.key) != row.name]
        refuse_moved(
            self.file.environment, [f"the params file has no stack {key} of that name any more" for key in gone]
        )

    def _check_region(self) -> None:
        refuse_elsewhere(self.file, "region", self.file.region, self.target.environment.region)

    def _look_ahead(self, chosen: Sequence[EnvironmentStack], texts: Mapping[str, str]) -> None:
        """The caller is known by now: another account's is refused before anything else is asked."""
        account = self.caller.split(":")[4] if self.caller else self.file.account
        refuse_elsewhere(self.file, "account", self.file.account, account)
        super()._look_ahead(chosen, texts)

    def _check_all(self, wanted: dict[str, DesiredStack]) -> None:
        found = []
        for key, row in wanted.items():
            try:
                checked(self.engine, row, self._planned[key], self._inputs)
            except StaleError as error:
                found.append(str(error))
        if found:
            raise StaleError("\n".join(found))
        for key in wanted:
            assert self.engine.uploads is not None
            self.code.upload(key, self.engine.uploads, self.engine.listener.step)

    def _tell(self) -> None:
        commit, _ = head()
        file = self.file
        where = f" at {file.git_commit[:12]}{' with uncommitted changes' * file.dirty}" if file.git_commit else ""
        count = len(file.stacks)
        info(f"plan of {file.created}{where}: {count} stack{'s' * (count != 1)} of {file.environment}")
        if file.git_commit and commit != file.git_commit:
            info(f"  HEAD has moved since, to {commit[:12] or 'no commit'}; what was planned is compared")
        for key, reason in file.deferred.items():
            info(f"  not in it: {key}: {reason}")


def discard_plan(path: Path, env: str | None, aws: AwsOptions, log_format: str) -> None:
    """Take back what the plan left in AWS; the file stays. Raises InputError, StaleError, AwsError."""
    file = read_plan(read_text(path), str(path))
    if env and env != file.environment:
        raise InputError(f"{path} is a plan of the environment {file.environment}, not of {env}")
    goal = target(file.environment, aws)
    refuse_elsewhere(file, "region", file.region, goal.environment.region)
    run = Run(goal, Choices(), yes=True, log_format=log_format)
    caller = checked_account(goal, run.console.caller)
    refuse_elsewhere(file, "account", file.account, caller.split(":")[4] if caller else file.account)
    engine = run.engine()
    for row in file.stacks:
        run.console.step(row.key, take_back(engine, row))
    if not file.stacks:
        info(f"{path} has no change set to take back")
