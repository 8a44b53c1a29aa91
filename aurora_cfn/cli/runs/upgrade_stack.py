"""`upgrade` of a stack: the params file names the version, and the stack is deployed; also after a switch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from aurora_cfn.cli.runs.database import deployed_databases, prove_databases
from aurora_cfn.cli.runs.deploy import deploy
from aurora_cfn.cli.runs.results import touched
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.runs.upgrade import UpgradeAnswers, UpgradeRun, refuse
from aurora_cfn.cli.terminal.messages import declined, info
from aurora_cfn.cli.terminal.prompt import named
from aurora_cfn.deploy.context import Choices
from aurora_cfn.environment import load
from aurora_cfn.errors import Complaint, DeployError, InputError
from aurora_cfn.model.change import Verdict
from aurora_cfn.model.plan import StackResult
from aurora_cfn.model.upgrade_plan import IN_PLACE, UpgradePlan
from aurora_cfn.project.files import read_text, write_text
from aurora_cfn.report.upgrade_plan import line_of, step
from aurora_cfn.review.changes import changes
from aurora_cfn.review.deployed import Wanted, sides
from aurora_cfn.yamltext import with_setting

UNCHANGED = frozenset({"declined", "refused", "skipped"})
"""Outcomes after which nothing was executed."""


def upgrade_in_place(run: UpgradeRun, plan: UpgradePlan, answers: UpgradeAnswers) -> int:
    """The exit code, after the params file was changed and the stack deployed. Raises KnownFailureError before."""
    assert plan.target is not None
    there = plan.target.version == plan.version
    if not there:
        refuse(plan, IN_PLACE)
    info(f"{plan.cluster}: {step(plan)}")
    for note in plan.notes:
        info(f"  {note}", "warning")
    if plan.target.major and not there:
        method = plan.method(IN_PLACE)
        info(f"  {'; '.join((method.interruption, *method.notes))}")
        if not named(plan.stack, answers.confirmed, "a major upgrade cannot be undone: ", "upgrade it"):
            return declined()
    return StackUpgrade(run, plan, answers).deploy()


class StackUpgrade:
    """The params file and the stack brought to the version of the plan; run again it continues where it was."""

    def __init__(self, run: UpgradeRun, plan: UpgradePlan, answers: UpgradeAnswers) -> None:
        self._run, self._plan, self._answers = run, plan, answers
        self._path = Path(plan.path)
        self._before = read_text(self._path)

    def deploy(self) -> int:
        """The exit code. The file is put back if the stack stays as it was. Raises InputError, AwsError, GuardError."""
        text = self._changed()
        target = self._target(text)
        if write_text(self._path, text):
            for row in self._plan.settings:
                info(f"{self._path}: {line_of(row)}")
        run = Run(target, yes=self._answers.yes)
        try:
            choices = Choices(yes=self._answers.yes, allow=self._allowed(target))
            results = deploy(run, choices, [self._run.place.entry.key])
        except BaseException:
            # Before the first change set is executed; one that was is a result.
            self._put_back()
            raise
        return self._ended(run, results)

    def _ended(self, run: Run, results: list[StackResult]) -> int:
        code = run.exit_code(results)
        if not code:
            if self._answers.proof:
                found = {key: deployed_databases(run.target, key, stack) for key, stack in touched(results).items()}
                prove_databases(run.target.session, found)
            self._report()
        elif all(row.outcome in UNCHANGED or row.exit_code == DeployError.exit_code for row in results):
            # A failed update was rolled back; one that is stuck has another exit code.
            self._put_back()
        else:
            info(f"{self._path} names the new version; to continue: {self._command}", "warning")
        return code

    def _report(self) -> None:
        plan, options = self._plan, self._options
        assert plan.target is not None
        info(f"{plan.stack} has {plan.engine} {plan.target.version}; commit {self._path}")
        if plan.target.major and plan.engine == "aurora-postgresql":
            info(f"  the statistics of the planner are gone: aurora-cfn sql {options} 'analyze'")
            info(f"  extensions stay at their version: aurora-cfn upgrade --plan {options}")

    @property
    def _options(self) -> str:
        return self._run.target.cli_options

    @property
    def _command(self) -> str:
        assert self._plan.target is not None
        return f"aurora-cfn upgrade {self._options} --stack {self._plan.stack} --to {self._plan.target.version}"

    def _put_back(self) -> None:
        if write_text(self._path, self._before):
            info(f"{self._path} is as it was")

    def _changed(self) -> str:
        text, key = self._before, self._run.place.entry.key
        for row in self._plan.settings:
            try:
                text = with_setting(text, ("stacks", key, "parameters", row.parameter), row.after)
            except KeyError:
                what = "is written with an anchor or an alias, which other places share"
                hint = f'write it yourself, and run this again: {row.parameter}: "{row.after}"'
                raise InputError((Complaint(what, str(self._path), row.line, row.parameter, hint),)) from None
        return text

    def _target(self, text: str) -> Target:
        """The target with the changed file. Raises InputError where the file would be wrong, such as by a pattern."""
        here = self._run.target
        environment = load(text, str(self._path), here.environment.name, here.templates)
        # The region of the command line counts, as when the target was read.
        return here.with_environment(replace(environment, region=here.environment.region))

    def _allowed(self, target: Target) -> tuple[str, ...]:
        """The consent to the upgrade in the words of `deploy`; none if the cluster would also be replaced."""
        place, cloudformation = self._run.place, target.cloudformation
        entry = target.environment.stack(place.entry.key)
        stack = cloudformation.stack(place.entry.name)
        if entry is None or stack is None:
            return ()
        wanted = Wanted(
            entry.name, target.environment.path, target.templates.text(entry.template), entry.parameters, entry.tags
        )
        both = sides(stack, cloudformation.template(stack.arn), wanted)
        for row in changes(both.before, both.after):
            if row.destroyed_id == place.logical_id and row.guarded:
                return () if row.verdict >= Verdict.REPLACE else (f"{entry.name}.{place.logical_id}",)
        return ()
