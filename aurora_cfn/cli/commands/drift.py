"""`aurora-cfn drift`: compare the real resources with the deployed templates."""

from __future__ import annotations

import click

from aurora_cfn.cli.options import AwsOptions, format_option, stack_command
from aurora_cfn.cli.terminal.messages import write_stderr, write_stdout
from aurora_cfn.cli.terminal.prompt import need_terminal
from aurora_cfn.errors import EXIT_DIFFERENCES


@click.command()
@stack_command
@click.option("--exit-code", is_flag=True, help="End with 8 when something drifted.")
@click.option(
    "--ignore", metavar="ID[/PROPERTY]", multiple=True, help="Do not count this resource or property; repeatable."
)
@click.option(
    "--timeout", type=click.IntRange(1), default=600, show_default=True, help="Seconds to wait for AWS at most."
)
@click.option("--revert", is_flag=True, help="Take the drift back, with a change set that is shown and approved.")
@click.option("--yes", "-y", is_flag=True, help="With --revert: do not ask.")
@format_option
def command(
    env: str, stacks: tuple[str, ...], exit_code: bool, ignore: tuple[str, ...], timeout: int, revert: bool,
    yes: bool, form: str, aws: AwsOptions,
) -> int:  # fmt: skip
    """Compare the real resources of an environment's stacks with their deployed templates.

    What AWS chooses by itself (windows, zones, keys behind aliases, minor versions where the template names only the
    major version) is listed as ignored and not counted.

    The code of functions that this tool packages is compared with the zip (CodeSha256); --revert does not change it.

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
    need_terminal("add --yes to revert without being asked", unless=yes or not revert)
    from aurora_cfn.cli.runs.client_target import alone, environment_target, shown_with_others
    from aurora_cfn.cli.runs.detect_drift import detected, reverted
    from aurora_cfn.report.drift_report import drift_json, drift_text

    target = (alone if revert else shown_with_others)(environment_target(env, aws))
    reports, swapped = detected(target, stacks, ignore, timeout)
    write_stdout(drift_json(reports) if form == "json" else "".join(map(drift_text, reports)), nl=False)
    for line in swapped:
        write_stderr(line)
    if revert:
        return reverted(target, [row.key for row in reports if row.drifted], yes=yes)
    return EXIT_DIFFERENCES if exit_code and (swapped or any(row.drifted for row in reports)) else 0
