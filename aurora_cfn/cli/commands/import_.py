"""`aurora-cfn import`: take resources that exist into a stack."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option
from aurora_cfn.cli.terminal.prompt import need_terminal

if TYPE_CHECKING:
    from aurora_cfn.cli.runs.target import Target
    from aurora_cfn.deploy.import_resources import Import
    from aurora_cfn.deploy.preflight import Subject
    from aurora_cfn.model.environment import EnvironmentStack


@click.command()
@environment_option
@click.option("--stack", "-s", "key", required=True, metavar="NAME", help="The stack to import into.")
@click.argument("pairs", nargs=-1, required=True, metavar="LOGICAL_ID=PHYSICAL_ID...")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Show the template and what differs; write nothing.")
@aws_options
@click.pass_context
def command(
    ctx: click.Context, env: str, key: str, pairs: tuple[str, ...], yes: bool, dry_run: bool, aws: AwsOptions
) -> None:
    """Take existing resources, such as a cluster, into a stack without touching them.

    LOGICAL_ID is a resource of the stack's template, PHYSICAL_ID its name in AWS. The actual properties are read
    (Cloud Control API) and written into a template that matches them, so that the import changes nothing. Where the
    project's template differs, the difference is listed; the next deployment shows it and makes the change. A
    template over 51,200 bytes goes through a bucket, as in `deploy`.

    Exit codes: 0 imported, 1 declined, 3 wrong names, 4 AWS refused, 5 the import failed, 7 busy, 10 the stack is
    stuck.

    \b
    Examples:
      aurora-cfn import --env production --stack db DBCluster=prod-db --dry-run
      aurora-cfn import --env production --stack db DBCluster=prod-db
    """
    if not yes and not dry_run:
        need_terminal("add --yes to import without being asked, or --dry-run to only look")
    from aurora_cfn.aws.cloud_control import CloudControl
    from aurora_cfn.cli.runs.readiness import committed_templates
    from aurora_cfn.cli.runs.target import target
    from aurora_cfn.deploy.desired import selected
    from aurora_cfn.deploy.import_resources import adopted, planned

    goal = target(env, aws)
    (entry,) = selected(goal.environment, [key])
    template = committed_templates([entry.template], goal.templates)[entry.template]
    about = _subject(goal, entry, template)
    one = planned(about, adopted(about, pairs, CloudControl(goal.session)))
    _show(one)
    if dry_run:
        click.echo(one.template, nl=False)
        return
    ctx.exit(_taken_in(goal, entry, template, one, yes=yes))


def _subject(goal: Target, entry: EnvironmentStack, template: str) -> Subject:
    """The stack as deployed and as written. Raises AwsError when it may not be read, InputError for what is missing."""
    from aurora_cfn.aws.cloudformation import AwsCloudFormation
    from aurora_cfn.aws.ssm import SsmParameters
    from aurora_cfn.aws.sts import StsCaller
    from aurora_cfn.cli.runs.readiness import check_account
    from aurora_cfn.deploy.preflight.reading import deployed
    from aurora_cfn.deploy.preflight.subject import subject
    from aurora_cfn.environment import Sources, known, ssm_names

    if not goal.local:
        check_account(goal.environment, StsCaller(goal.session))
    wanted = ssm_names(entry)
    values = SsmParameters(goal.session).values(wanted) if wanted else {}
    sources = Sources(ssm=values, variables=os.environ)
    there = deployed(AwsCloudFormation(goal.session), entry.name)
    return subject(goal.environment, entry, template, known(entry, goal.environment, sources), there)


def _show(one: Import) -> None:
    from aurora_cfn.report.plan import differences_text, import_text

    about = one.about
    rows = [row.imported for row in one.rows]
    click.echo(import_text(about.name, rows, new=not about.exists), err=True, nl=False)
    click.echo(differences_text(about.name, about.after.path, one.still_to_change()), err=True, nl=False)


def _taken_in(goal: Target, entry: EnvironmentStack, template: str, one: Import, *, yes: bool) -> int:
    from aurora_cfn.cli.runs.results import exit_code
    from aurora_cfn.cli.runs.run import Run
    from aurora_cfn.cli.runs.upload import uploads
    from aurora_cfn.deploy.desired import desired
    from aurora_cfn.deploy.import_resources import take_in

    run = Run(goal, yes=yes)
    approve = run.questions.approving(lambda _: None, "Import into {}?")
    context = run.context(uploads=uploads(goal, run.questions.consent))
    wanted = desired(goal.environment, entry, goal.templates[entry.template], template)
    results = run.side_by_side(context, {entry.key: lambda: take_in(context, wanted, one, approve)})
    return exit_code(results, interrupted=run.interrupted)
