"""`aurora-cfn drift`: are the real resources as the template says?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, stack_option
from aurora_cfn.cli.terminal.prompt import need_terminal
from aurora_cfn.errors import EXIT_DIFFERENCES

if TYPE_CHECKING:
    from aurora_cfn.cli.runs.target import Target
    from aurora_cfn.model.plan import DesiredStack
    from aurora_cfn.model.resource_drift import DriftReport


@click.command()
@environment_option
@stack_option
@click.option("--exit-code", is_flag=True, help="End with 8 when something drifted.")
@click.option(
    "--ignore", metavar="ID[/PROPERTY]", multiple=True, help="Do not count this resource or property; repeatable."
)
@click.option(
    "--timeout", type=click.IntRange(1), default=600, show_default=True, help="Seconds to wait for AWS at most."
)
@click.option("--revert", is_flag=True, help="Take the drift back, with a change set that is shown and approved.")
@click.option("--yes", "-y", is_flag=True, help="With --revert: do not ask.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@aws_options
@click.pass_context
def command(
    ctx: click.Context,
    env: str,
    stacks: tuple[str, ...],
    exit_code: bool,
    ignore: tuple[str, ...],
    timeout: int,
    revert: bool,
    yes: bool,
    form: str,
    aws: AwsOptions,
) -> None:
    """Compare the real resources of an environment's stacks with their deployed templates.

    What AWS chooses by itself (windows, zones, keys behind aliases, minor versions where the template names only the
    major version) is listed as ignored and not counted.

    With --revert, CloudFormation sets the drifted resources back to what the deployed template says (a change set of
    the mode REVERT_DRIFT); properties that cannot be changed after creation stay as they are.

    Exit codes: 0 in sync, or shown, or reverted, 1 declined, 4 AWS refused, 5 the revert failed, 6 data would be
    lost, 7 still being detected, or busy, 8 drifted, with --exit-code, 10 the stack is stuck.

    \b
    Examples:
      aurora-cfn drift --env production --exit-code
      aurora-cfn drift --env dev --ignore DBCluster/BackupRetentionPeriod
      aurora-cfn drift --env staging --stack aurora-serverless --revert
    """
    if revert and not yes:
        need_terminal("add --yes to revert without being asked")
    from aurora_cfn.aws.sts import StsCaller
    from aurora_cfn.cli.runs.readiness import check_account
    from aurora_cfn.cli.runs.target import target
    from aurora_cfn.report.drift_report import drift_json, drift_text

    goal = target(env, aws)
    if not goal.local:
        check_account(goal.environment, StsCaller(goal.session))
    reports = _reports(goal, stacks, ignore, timeout)
    click.echo(drift_json(reports) if form == "json" else "".join(map(drift_text, reports)), nl=False)
    if revert:
        ctx.exit(_reverted(goal, [row.key for row in reports if row.drifted], yes=yes))
    ctx.exit(EXIT_DIFFERENCES if exit_code and any(row.drifted for row in reports) else 0)


def _reports(goal: Target, stacks: Sequence[str], ignore: Sequence[str], timeout: int) -> list[DriftReport]:
    """One report a deployed stack, in the order of the file; they are detected side by side."""
    from concurrent.futures import ThreadPoolExecutor

    from aurora_cfn.aws.clock import SystemClock
    from aurora_cfn.aws.cloudformation import AwsCloudFormation, AwsDrifts
    from aurora_cfn.deploy.desired import selected
    from aurora_cfn.deploy.drift import Detection

    cloudformation = AwsCloudFormation(goal.session)
    detection = Detection(AwsDrifts(goal.session), SystemClock(), float(timeout))
    chosen = [(row.key, cloudformation.stack(row.name)) for row in selected(goal.environment, stacks)]
    there = [(key, stack) for key, stack in chosen if stack is not None and not stack.in_review]
    missing = [key for key, _ in chosen if key not in dict(there)]
    if missing:
        click.echo(f"not deployed: {', '.join(missing)}", err=True)
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda row: detection.run(row[0], row[1], ignore), there))


def _reverted(goal: Target, keys: Sequence[str], *, yes: bool) -> int:
    """The exit code, that of the worst stack; each is shown and asked for."""
    from functools import partial

    from aurora_cfn.cli.runs.approval import Approval
    from aurora_cfn.cli.runs.results import exit_code
    from aurora_cfn.cli.runs.run import Run
    from aurora_cfn.deploy.drift import revert

    run = Run(goal, yes=yes)
    approval = Approval(run.cloudformation, run.console, goal.environment.name, run.clock.now().date())
    context, approve = run.context(), run.questions.approving(approval.show)
    work = {key: partial(revert, context, _desired(goal, key), approve) for key in keys}
    results = run.side_by_side(context, work)
    return exit_code(results, interrupted=run.interrupted)


def _desired(goal: Target, key: str) -> DesiredStack:
    from aurora_cfn.deploy.desired import desired

    entry = goal.environment.stack(key)
    assert entry is not None
    return desired(goal.environment, entry, goal.templates[entry.template], "")
