"""`aurora-cfn import`: take resources that exist into a stack."""

from __future__ import annotations

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, take_over_option, yes_option
from aurora_cfn.cli.terminal.messages import write_stdout
from aurora_cfn.cli.terminal.prompt import need_terminal


@click.command()
@environment_option
@click.option("--stack", "-s", "key", required=True, metavar="NAME", help="The stack to import into.")
@click.argument("pairs", nargs=-1, required=True, metavar="LOGICAL_ID=PHYSICAL_ID...")
@yes_option
@click.option("--dry-run", is_flag=True, help="Show the template and what differs; write nothing.")
@take_over_option
@aws_options
def command(
    env: str, key: str, pairs: tuple[str, ...], yes: bool, dry_run: bool, take_over: tuple[str, ...], aws: AwsOptions
) -> int:
    """Take existing resources, such as a cluster, into a stack without touching them.

    LOGICAL_ID is a resource of the stack's template, PHYSICAL_ID its name in AWS. The actual properties are read
    (Cloud Control API) and written into a template that matches them, so that the import changes nothing. Where the
    project's template differs, the difference is listed; the next deployment shows it and makes the change. A
    template over 51,200 bytes goes through a bucket, as in `deploy`.

    Exit codes: 0 imported, 1 declined, 3 wrong names, 4 AWS refused, 5 the import failed, 6 the stack of another
    project, 7 busy, 10 the stack is stuck.

    \b
    Examples:
      aurora-cfn import --env production --stack db DBCluster=prod-db --dry-run
      aurora-cfn import --env production --stack db DBCluster=prod-db
    """
    need_terminal("add --yes to import without being asked, or --dry-run to only look", unless=yes or dry_run)
    from aurora_cfn.cli.runs.import_resources import prepared
    from aurora_cfn.cli.runs.import_resources import take_over as take_in
    from aurora_cfn.cli.runs.target import read_target

    target = read_target(env, aws)
    found = prepared(target, key, pairs)
    if dry_run:
        write_stdout(found.template, nl=False)
        return 0
    return take_in(target, found, yes=yes, taken_over=take_over)
