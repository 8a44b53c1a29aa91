"""`deploy --plan`: change sets that stay in AWS, and the file that names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from shlex import quote

from aurora_cfn.cli.runs.deploy import checked, show_needless
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.stack_work import StackWork, stack_work
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.cli.terminal.prompt import terminal
from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.plan.file import plan_json, planned_stack, read_plan
from aurora_cfn.deploy.plan.make import deferred, plan_stack
from aurora_cfn.deploy.prepare import discard
from aurora_cfn.deploy.preview import missing_prerequisites
from aurora_cfn.errors import InputError
from aurora_cfn.model.ownership import PLAN_SUFFIX
from aurora_cfn.model.plan import DesiredStack, StackPlan, StackResult
from aurora_cfn.model.plan_file import PlanFile
from aurora_cfn.project.files import read_text, write_text
from aurora_cfn.project.git import head
from aurora_cfn.report.text import amount


def write_plan(
    run: Run, choices: Choices, path: Path, stacks: Sequence[str], *, with_dependencies: bool, parallel: int
) -> list[StackResult]:
    """The result of each stack; the file is written when all went well, else every change set is deleted."""
    _refuse_other_file(path)
    ready = checked(run, choices, stacks, with_dependencies=with_dependencies)
    questions = run.questions
    # A plan is also made where nothing can be asked; the owner says that its change sets outlive this process.
    bucket = questions.consent if questions.yes or terminal() else lambda _: False
    allowed = replace(choices, allow=ready.allow, tried=ready.tried)
    work = stack_work(run, ready, allowed, executes=False, bucket_consent=bucket, owner=PLAN_SUFFIX)
    plans: dict[str, StackPlan] = {}
    written = False
    try:
        tasks = {key: partial(_planned, work, row, plans) for key, row in ready.stacks.items()}
        results = work.through(tasks, parallel)
        if all(row.good for row in results) and not run.interrupted:
            write_text(path, plan_json(_plan_file(work, results, plans)))
            written = True
    finally:
        # After an error and Ctrl-C too: no file would name these change sets.
        if not written:
            for plan in plans.values():
                discard(work.context, plan)
            info(f"no plan was written, and its change sets were deleted: {path}")
    if written:
        _summarize(path, results, run.target.options.spelled)
    show_needless(work, results)
    return results


def _planned(work: StackWork, wanted: DesiredStack, plans: dict[str, StackPlan]) -> StackResult:
    """The result of one stack, called in a thread of its own; its plan is in `plans` then.

    A stack that needs what only this plan creates or adds is left for a later plan.
    """
    known = work.known
    awaits = wanted.entry.depends_on() & known.pending.keys()
    missing = missing_prerequisites(wanted, known.deployed, known.pending) if awaits else []
    if missing:
        reason = f"it needs {' and '.join(missing)}: apply this plan, then plan again"
        return known.noted(wanted, deferred(work.context, wanted, reason))

    def keep(plan: StackPlan) -> None:
        plans[plan.desired.key] = plan

    parameters = work.parameters.uploading(work.context, only_early=True)
    return known.noted(wanted, plan_stack(work.context, wanted, parameters, work.approve, keep))


def _plan_file(work: StackWork, results: Sequence[StackResult], plans: Mapping[str, StackPlan]) -> PlanFile:
    commit, dirty = head()
    environment, run = work.run.target.environment, work.run
    made = [plans[row.key] for row in results if row.key in plans]
    stacks = tuple(planned_stack(plan, work.approval.reviews.get(plan.desired.key)) for plan in made)
    return PlanFile(
        environment=environment.name,
        region=environment.region,
        # arn:aws:cloudformation:REGION:ACCOUNT:stack/...
        account=next((row.arn.split(":")[4] for row in stacks), environment.account or ""),
        git_commit=commit,
        dirty=dirty,
        created=run.clock.now().isoformat(timespec="seconds"),
        allow=work.context.choices.allow,
        tried=work.context.choices.tried,
        stacks=stacks,
        deferred={row.key: row.cause for row in results if row.outcome == "deferred"},
        endpoint=run.target.endpoint,
    )


def _refuse_other_file(path: Path) -> None:
    """Raise InputError for a file that is not a plan: a mistyped name must not overwrite a params file."""
    if path.exists() or path.is_symlink():
        try:
            read_plan(read_text(path), str(path))
        except InputError:
            raise InputError(f"{path} exists and is no plan of this version: choose another name") from None


def _summarize(path: Path, results: Sequence[StackResult], cli_options: str) -> None:
    count = sum(row.outcome == "planned" for row in results)
    info(f"plan of {amount(count, 'stack')} written to {path}")
    for row in results:
        if row.outcome == "deferred":
            info(f"  not in it: {row.key}: {row.cause}")
    info(f"execute it with: aurora-cfn deploy --apply {quote(str(path))}{cli_options}")
