"""`deploy --apply` and `--discard`: execute the change sets of a plan file, or delete them."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.readiness import Ready, check_in_aws, checked_account, checked_files, desired_stacks
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.stack_work import StackWork, stack_work, warm
from aurora_cfn.cli.runs.target import Target, read_target
from aurora_cfn.cli.runs.upload import Code
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.desired import selected
from aurora_cfn.deploy.plan.apply import apply_stack, checked, delete_planned, refuse_elsewhere, refuse_moved
from aurora_cfn.deploy.plan.file import read_plan
from aurora_cfn.errors import InputError, StaleError
from aurora_cfn.model.plan import DesiredStack, StackResult
from aurora_cfn.model.plan_file import PlanFile, PlannedStack
from aurora_cfn.project.files import read_text
from aurora_cfn.project.git import head
from aurora_cfn.report.text import amount
from aurora_cfn.review.allowances import COMMAND_LINE, TRY_ANYWAY


def planned(path: Path, env: str | None, aws: AwsOptions) -> tuple[PlanFile, Target]:
    """The plan in the file and its environment. Raises InputError for a damaged file or one of another environment."""
    file = read_plan(read_text(path), str(path))
    if env and env != file.environment:
        raise InputError(f"{path} is a plan of the environment {file.environment}, not of {env}")
    return file, read_target(file.environment, aws)


def apply_plan(run: Run, choices: Choices, file: PlanFile, parallel: int) -> list[StackResult]:
    """The result of each stack.

    Before anything is executed it raises StaleError with everything that changed since the plan, and InputError for a
    plan of another endpoint, account or region.

    What the plan allows by name is in `choices`; its names were checked when the plan was made.
    """
    target = run.target
    threading.Thread(target=warm, args=(target,), daemon=True).start()
    names = {row.key: row.name for row in target.environment.stacks}
    gone = [row.key for row in file.stacks if names.get(row.key) != row.name]
    refuse_moved(file.environment, [f"the params file has no stack {key} of that name any more" for key in gone])
    _show(file)
    if not file.stacks:
        return []
    _refuse_elsewhere(file, target)
    work = stack_work(run, _ready(run, choices, file), choices)
    rows = {row.key: row for row in file.stacks}
    _check_all(work, rows)
    tasks = {key: partial(_applied, work, wanted, rows[key]) for key, wanted in work.ready.stacks.items()}
    return work.through(tasks, parallel)


def discard_plan(path: Path, env: str | None, aws: AwsOptions, log_format: str) -> None:
    """Delete what the plan left in AWS; the file stays. Raises InputError, StaleError, AwsError."""
    file, target = planned(path, env, aws)
    _refuse_elsewhere(file, target)
    run = Run(target, yes=True, log_format=log_format)
    refuse_elsewhere(file, "account", file.account, _account(file, checked_account(target, run.console.caller)))
    context = run.context()
    for row in file.stacks:
        run.console.step(row.key, delete_planned(context, row))
    if not file.stacks:
        info(f"{path} has no change set to delete")


def _ready(run: Run, choices: Choices, file: PlanFile) -> Ready:
    """The planned stacks after every check; another account is refused before AWS is asked anything else."""
    target = run.target
    chosen = selected(target.environment, [row.key for row in file.stacks])
    texts = checked_files(target, chosen, choices)
    code = Code(target, chosen)
    caller = checked_account(target, run.console.caller)
    refuse_elsewhere(file, "account", file.account, _account(file, caller))
    check_in_aws(run, chosen, texts, choices)
    return Ready(desired_stacks(target, chosen, texts, code), code, caller, choices.allow, choices.tried)


def _refuse_elsewhere(file: PlanFile, target: Target) -> None:
    """Raise InputError for another region or endpoint, without a call."""
    refuse_elsewhere(file, "region", file.region, target.environment.region)
    if file.endpoint:
        refuse_elsewhere(file, "endpoint", file.endpoint, target.endpoint)


def _account(file: PlanFile, caller: str) -> str:
    """The account in the caller's ARN; the plan's own for the emulator, which has no callers."""
    # arn:aws:sts::ACCOUNT:assumed-role/...
    return caller.split(":")[4] if caller else file.account


def _check_all(work: StackWork, rows: dict[str, PlannedStack]) -> None:
    """Raise StaleError with everything that changed in any stack, then upload the code that the plan names."""
    # Before the first upload and execution: a plan that is stale in one stack changes none.
    found = []
    for key, wanted in work.ready.stacks.items():
        try:
            checked(work.context, wanted, rows[key], work.parameters.of)
        except StaleError as error:
            found.append(str(error))
    if found:
        raise StaleError("\n".join(found))
    for key in work.ready.stacks:
        assert work.context.uploads is not None
        work.ready.code.upload(key, work.context.uploads, work.context.listener.step)


def _applied(work: StackWork, wanted: DesiredStack, row: PlannedStack) -> StackResult:
    """The result of one stack; it is checked once more, because a stack before it may have changed its inputs."""
    return work.known.noted(wanted, apply_stack(work.context, wanted, row, work.parameters.of, work.approve))


def _show(file: PlanFile) -> None:
    commit, _ = head()
    where = f" at {file.git_commit[:12]}{' with uncommitted changes' * file.dirty}" if file.git_commit else ""
    info(f"plan of {file.created}{where}: {amount(len(file.stacks), 'stack')} of {file.environment}")
    if file.git_commit and commit != file.git_commit:
        info(f"  HEAD has moved since, to {commit[:12] or 'no commit'}; what was planned is compared")
    for option, names in ((COMMAND_LINE, file.allow), (TRY_ANYWAY, file.tried)):
        if names:
            info(f"  made with {' '.join(f'{option} {name}' for name in names)}")
    for key, reason in file.deferred.items():
        info(f"  not in it: {key}: {reason}")
