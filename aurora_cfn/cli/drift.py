"""`aurora-cfn drift`: are the real resources as the template says?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, stack_option

if TYPE_CHECKING:
    from aurora_cfn.cli.target import Target
    from aurora_cfn.model.drift import DriftReport

EXIT_DIFFERENT = 8


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
    form: str,
    aws: AwsOptions,
) -> None:
    """Compare the real resources of an environment's stacks with their deployed templates.

    \b
    What AWS chooses by itself (windows, zones, keys behind aliases, minor versions under a bare major) is
    listed as ignored and not counted.

    \b
    Exit codes: 0 in sync or only told, 4 AWS refused, 7 still being detected, 8 drifted, with --exit-code.

    \b
    Examples:
      aurora-cfn drift --env production --exit-code
      aurora-cfn drift --env dev --ignore DBCluster/BackupRetentionPeriod
    """
    from aurora_cfn.cli.target import target
    from aurora_cfn.report.drift import drift_json, drift_text

    goal = target(env, aws)
    reports = _reports(goal, stacks, ignore, timeout)
    click.echo(drift_json(reports) if form == "json" else "".join(map(drift_text, reports)), nl=False)
    ctx.exit(EXIT_DIFFERENT if exit_code and any(row.drifted for row in reports) else 0)


def _reports(goal: Target, stacks: Sequence[str], ignore: Sequence[str], timeout: int) -> list[DriftReport]:
    """One report a deployed stack, in the order of the file; they are detected side by side."""
    from concurrent.futures import ThreadPoolExecutor

    from aurora_cfn.aws.clock import SystemClock
    from aurora_cfn.aws.cloudformation import AwsCloudFormation
    from aurora_cfn.aws.drift import AwsDrifts
    from aurora_cfn.deploy.drift import Detection
    from aurora_cfn.deploy.selection import selected

    cloudformation = AwsCloudFormation(goal.session)
    detection = Detection(AwsDrifts(goal.session), SystemClock(), float(timeout))
    chosen = [(row.key, cloudformation.stack(row.name)) for row in selected(goal.environment, stacks)]
    there = [(key, stack) for key, stack in chosen if stack is not None and stack.status != "REVIEW_IN_PROGRESS"]
    missing = [key for key, _ in chosen if key not in dict(there)]
    if missing:
        click.echo(f"not deployed: {', '.join(missing)}", err=True)
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda row: detection.run(row[0], row[1], ignore), there))
