"""`aurora-cfn refactor`: another logical id, or another stack, for resources that stay as they are."""

from __future__ import annotations

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, take_over_option, yes_option
from aurora_cfn.cli.terminal.prompt import need_terminal


@click.command()
@environment_option
@click.option("--stack", "-s", "key", metavar="NAME", help="The stack that has the resources now.")
@click.option("--rename", "renames", multiple=True, metavar="OLD=NEW", help="Another logical id (repeatable).")
@click.option("--move", "moves", multiple=True, metavar="ID[=NEW]", help="Move this resource (repeatable).")
@click.option("--to", metavar="NAME", help="The stack that --move moves to; it must be deployed.")
@yes_option
@click.option(
    "--dry-run", is_flag=True, help="Have CloudFormation check it and show what it would do; execute nothing."
)
@take_over_option
@aws_options
def command(
    env: str, key: str | None, renames: tuple[str, ...], moves: tuple[str, ...], to: str | None, yes: bool,
    dry_run: bool, take_over: tuple[str, ...], aws: AwsOptions,
) -> int:  # fmt: skip
    """Give resources another logical id, or move them to another stack, without touching them.

    A deployment of a template with another logical id makes a new, empty database and deletes the old one. So first
    write the new name into the template (into the blueprint, and render), with every reference to it, and change
    nothing else; then run this command before the next `deploy`. For a move take the resource out of one template and
    write it into the other. Afterwards `diff` shows no changes.

    CloudFormation checks the refactor, its actions are shown, and it is executed after you agree; it is rolled back as
    a whole when it fails. Refused before anything is sent: other changes in the templates, a stack policy, types that
    CloudFormation does not support, what uses AWS::StackName in a move. After an interruption the same command follows
    the refactor to its end.

    Exit codes: 0 done, or done before, 1 declined, 3 wrong names, 4 AWS refused, 5 refused or rolled
    back, 6 the stack of another project, or more than asked, 7 busy, 10 the stack is stuck, 11 known to be refused.

    \b
    Examples:
      aurora-cfn refactor --env production --rename Cluster=DBCluster --dry-run
      aurora-cfn refactor --env dev --stack db --rename Cluster=DBCluster
      aurora-cfn refactor --env dev --stack db --move Topic --to monitoring
    """
    if not renames and not moves:
        raise click.UsageError("nothing to do: give --rename OLD=NEW, or --move ID --to STACK")
    if bool(moves) != bool(to):
        raise click.UsageError("--move and --to belong together: --move ID --to STACK")
    pairs = [_pair(text, "--rename OLD=NEW") for text in renames]
    moved = [_pair(text if "=" in text else f"{text}={text}", "--move ID or --move ID=NEW") for text in moves]
    if any(old == new for old, new in pairs):
        raise click.UsageError("--rename: both names are the same")
    for number in (0, 1):
        names = [pair[number] for pair in (*pairs, *(moved if number == 0 else ()))]
        if len(set(names)) != len(names):
            raise click.UsageError("a logical id is named twice")
    need_terminal("add --yes to execute without being asked, or --dry-run to only look", unless=yes or dry_run)
    from aurora_cfn.cli.runs.refactor import refactor
    from aurora_cfn.cli.runs.target import read_target
    from aurora_cfn.deploy.context import Choices

    choices = Choices(dry_run=dry_run, take_over=take_over)
    return refactor(read_target(env, aws), key, pairs, moved, to, yes=yes, choices=choices)


def _pair(text: str, form: str) -> tuple[str, str]:
    old, _, new = text.partition("=")
    if not old or not new:
        raise click.UsageError(f"{text}: write {form}")
    return old, new
