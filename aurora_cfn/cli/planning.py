"""One run of `deploy --plan`: change sets that stay in AWS, and the file that says which they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from shlex import quote

from aurora_cfn import __version__
from aurora_cfn.cli.deploying import Deploying
from aurora_cfn.cli.project import read_text, write_text
from aurora_cfn.cli.revisions import head
from aurora_cfn.cli.target import Target
from aurora_cfn.cli.terminal import terminal
from aurora_cfn.cli.voice import say
from aurora_cfn.deploy.engine import Choices, Engine
from aurora_cfn.deploy.foresight import lacking
from aurora_cfn.deploy.plan_file import plan_json, planned_stack, read_plan
from aurora_cfn.deploy.planning import deferred, plan_stack
from aurora_cfn.deploy.prepare import discard
from aurora_cfn.errors import InputError
from aurora_cfn.model.maker import PLAN
from aurora_cfn.model.plan import DesiredStack, StackPlan, StackResult
from aurora_cfn.model.plan_file import PlanFile


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
                say(f"no plan was written, and its change sets were taken back: {path}")
        if written:
            _summarize(path, results, self.target.options.spelled)
        self.tell_needless(results)
        return results

    @cached_property
    def engine(self) -> Engine:
        """As for a deployment, but its change sets say that they are to outlive this process."""
        return replace(super().engine, mark=PLAN)

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
    say(f"plan of {count} stack{'s' * (count != 1)} written to {path}")
    for row in results:
        if row.outcome == "deferred":
            say(f"  not in it: {row.key}: {row.cause}")
    say(f"execute it with: aurora-cfn deploy --apply {quote(str(path))}{way}")
