"""`aurora-cfn upgrade`: another engine version for an Aurora cluster, planned and made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, rows_format_option
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.cli.terminal.prompt import need_terminal

if TYPE_CHECKING:
    from aurora_cfn.cli.runs.upgrade import UpgradeAnswers, UpgradeRun

ACTIONS = ("--plan", "--blue-green", "--switch", "--abandon")


@click.command()
@environment_option
@click.option("--stack", "-s", metavar="NAME", help="Stack of the database, when the environment has several.")
@click.option("--resource", metavar="LOGICAL_ID", help="Logical id of the database, when a stack has several.")
@click.option("--to", "wanted", metavar="VERSION", default="",
              help="The version, or a major one such as 18; default: the newest minor version.")  # fmt: skip
@click.option("--plan", is_flag=True, help="Only show what is offered, and what prevents it.")
@click.option("--blue-green", is_flag=True, help="Make a blue/green deployment, or show the one that exists.")
@click.option("--switch", is_flag=True, help="Switch to its green side, and bring the stack in step.")
@click.option("--abandon", is_flag=True, help="Delete its green side; after a switch the deployment alone.")
@click.option("--confirm", multiple=True, metavar="NAME", help="The name of the stack, in place of a question.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask; major upgrades, --switch and --abandon need --confirm.")
@click.option("--no-proof", is_flag=True, help="Do not run `select 1` on the database at the end.")
@click.option("--no-wake", is_flag=True, help="With --plan: leave the checks of the data out, which resume it.")
@click.option("--exit-code", is_flag=True, help="With --plan: end with 8 when it is time to upgrade.")
@rows_format_option("json")
@aws_options
@click.pass_context
def command(
    ctx: click.Context, env: str, stack: str | None, resource: str | None, wanted: str, plan: bool, blue_green: bool,
    switch: bool, abandon: bool, confirm: tuple[str, ...], yes: bool, no_proof: bool, no_wake: bool, exit_code: bool,
    form: str, aws: AwsOptions,
) -> None:  # fmt: skip
    """Upgrade an Aurora cluster to a newer engine version, in the params file and in AWS.

    --plan changes nothing. It shows the versions that RDS offers, until when the present one is supported, what
    prevents the upgrade in place and by a blue/green deployment, and the lines of the params file to change. A paused
    database is resumed for the checks of its data (PostgreSQL), unless --no-wake is given.

    Without it the upgrade is made in place: EngineVersion in the params file is changed, with all comments kept, and
    the stack is deployed as by `deploy`: change set, review, snapshot, events. What is known to prevent it is refused
    before anything is written. After an interruption run it again. If it is declined, the file is put back.

    --blue-green lets RDS make a copy with the new version that follows the original; it costs as much as that. Run it
    again to see its status. --switch exchanges both and deploys the stack, so that the next deployment changes
    nothing; the old cluster stays until you delete it. The emulator has no blue/green deployments.

    Exit codes: 0 done, or nothing to do, 1 declined, 2 wrong usage, 3 wrong params, no such version, no Aurora
    cluster, 4 AWS refused, 5 it failed and was rolled back, 6 not confirmed, or data would be lost, 7 busy, 8 with
    --exit-code: a newer minor version is offered (from LTS to LTS), or support ends within 90 days, 10 a stack is
    stuck, 11 RDS is known to refuse it.

    \b
    Examples:
      aurora-cfn upgrade --env production --plan
      aurora-cfn upgrade --env production --plan --to 18 --no-wake --exit-code
      aurora-cfn upgrade --env dev
      aurora-cfn upgrade --env production --to 18.6
      aurora-cfn upgrade --env production --to 18.6 --blue-green
      aurora-cfn upgrade --env production --switch
    """
    given = [name for name, value in zip(ACTIONS, (plan, blue_green, switch, abandon), strict=True) if value]
    if len(given) > 1:
        raise click.UsageError(f"{' and '.join(given)} exclude each other")
    if not wanted and ctx.get_parameter_source("wanted") is ParameterSource.COMMANDLINE:
        raise click.UsageError("--to is empty: give a version, or leave the option out for the newest minor one")
    if wanted and (switch or abandon):
        raise click.UsageError(f"--to does not go with {given[0]}: the deployment has its version")
    written = ctx.get_parameter_source("form") is ParameterSource.COMMANDLINE
    if not plan and (no_wake or exit_code or written):
        raise click.UsageError("--no-wake, --exit-code and --format go with --plan")
    need_terminal(
        "add --yes to upgrade without being asked, or --plan to only look", unless=yes or plan or abandon or blue_green
    )
    from aurora_cfn.cli.runs.database import DatabaseAccess
    from aurora_cfn.cli.runs.target import read_target
    from aurora_cfn.cli.runs.upgrade import UpgradeAnswers, UpgradeRun

    access = DatabaseAccess(read_target(env, aws))
    run = UpgradeRun(access, stack, resource)
    if plan:
        ctx.exit(run.show(wanted, form, no_wake=no_wake, exit_code=exit_code))
    ctx.exit(_changed(run, wanted, UpgradeAnswers(yes, confirm, not no_proof), given[0] if given else ""))


def _changed(run: UpgradeRun, wanted: str, answers: UpgradeAnswers, action: str) -> int:
    if action:
        from aurora_cfn.cli.runs.blue_green import BlueGreenRun
        from aurora_cfn.cli.runs.readiness import checked_account

        checked_account(run.target)
        made = BlueGreenRun(run)
        if action == "--blue-green":
            return made.create(wanted, yes=answers.yes)
        return made.switch(answers) if action == "--switch" else made.abandon(answers.confirmed)
    from aurora_cfn.cli.runs.upgrade_stack import upgrade_in_place
    from aurora_cfn.report.upgrade_plan import step

    target = run.target_for(wanted)
    # Only a major upgrade depends on the data, and asking for them resumes a paused database.
    found = run.plan(wanted, checks=target is not None and target.major)
    if found.target is None:
        for line in (f"{found.cluster}: {step(found)}", *found.notes):
            info(line)
        return 0
    return upgrade_in_place(run, found, answers)
