"""`drift`: detect the drift of an environment's stacks, and revert it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.drifts import AwsDrifts
from aurora_cfn.cli.runs.approval import Approval
from aurora_cfn.cli.runs.function_code import swapped_code
from aurora_cfn.cli.runs.readiness import check_account
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import write_stderr
from aurora_cfn.deploy.desired import selected
from aurora_cfn.deploy.drift import Detection, revert
from aurora_cfn.model.resource_drift import DriftReport
from aurora_cfn.model.stack import Stack, StackResource
from aurora_cfn.report.drift_report import without_secrets

PARALLEL = 8
"""Detections at once: each is a few calls and a wait of minutes."""


def detected(
    target: Target, stacks: Sequence[str], ignore: Sequence[str], timeout: int
) -> tuple[list[DriftReport], tuple[str, ...]]:
    """One report a deployed stack, in the order of the file, and a line for each function with other code.

    `timeout` in seconds. Raises InputError, AwsError.
    """
    check_account(target)
    cloudformation = target.cloudformation
    detection = Detection(AwsDrifts(target.session), SystemClock(), float(timeout))
    chosen = [(row.key, cloudformation.stack(row.name)) for row in selected(target.environment, stacks)]
    # A stack in review has no resources yet, and DetectStackDrift refuses it.
    there = [(key, stack) for key, stack in chosen if stack is not None and not stack.in_review]
    missing = [key for key, _ in chosen if key not in dict(there)]
    if missing:
        write_stderr(f"not deployed: {', '.join(missing)}")
    with ThreadPoolExecutor(PARALLEL) as pool:
        reports = list(pool.map(lambda row: detection.run(row[0], row[1], ignore), there))
    shown = [_masked(target, stack, report) for (_, stack), report in zip(there, reports, strict=True)]
    return shown, swapped_code(target, dict(there))


def _masked(target: Target, stack: Stack, report: DriftReport) -> DriftReport:
    """The report without the values of properties that hold a secret; names made of one are masked from then on."""
    cloudformation, rows = target.cloudformation, (*report.drifted, *report.blind)
    ids = [StackResource(row.logical_id, row.type, row.status, row.physical_id) for row in rows]
    target.secret_ids.listed(cloudformation, stack.arn, ids)
    return without_secrets(report, target.secret_ids.of(cloudformation, stack.arn).fills)


def reverted(target: Target, keys: Sequence[str], *, yes: bool) -> int:
    """The exit code, that of the worst stack; the revert of each is shown and asked for."""
    run = Run(target, yes=yes)
    approval = Approval(run.cloudformation, run.console, target.environment.name, run.clock.now().date())
    context, approve = run.context(), run.questions.approving(approval.show)
    drifted = [row for row in target.environment.stacks if row.key in keys]
    # Without a template: `revert` takes the deployed one.
    work = {row.key: partial(revert, context, target.desired(row), approve) for row in drifted}
    return run.exit_code(run.in_parallel(context, work))
