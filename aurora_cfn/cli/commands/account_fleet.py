"""`aurora-cfn fleet`: a database in the AWS account of each client, by one StackSet."""

from __future__ import annotations

from typing import Any

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, rows_format_option, yes_option
from aurora_cfn.cli.terminal.prompt import need_terminal
from aurora_cfn.cli.terminal.rows import print_rows


@click.group()
def command() -> None:
    """A database in the AWS account of each client: one CloudFormation StackSet for all of them.

    The section `fleet.accounts` of the params file names the accounts or organizational units, the parameters of each
    client, and how many accounts may be worked on and may fail at once. CloudFormation does the work; this command
    reviews, starts and follows it. Clients that share an account are made by `clients`.

    \b
    Examples:
      aurora-cfn fleet deploy --env fleet --dry-run
      aurora-cfn fleet status --env fleet
      aurora-cfn fleet delete acme --env fleet --confirm acme
    """


@command.command()
@environment_option
@click.option("--allow-replace", "allow", multiple=True, metavar="LOGICAL_ID",
              help="Allow it to be replaced; CLIENT.LOGICAL_ID in one client (repeatable).")  # fmt: skip
@click.option("--try-anyway", "tried", multiple=True, metavar="LOGICAL_ID",
              help="Do not refuse this change, which is known to fail (repeatable).")  # fmt: skip
@click.option("--without-review", "unreviewed", multiple=True, metavar="CLIENT",
              help="Change it without a review, where its last operation failed (repeatable).")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Show the plan and the review, and change nothing.")
@yes_option
@aws_options
def deploy(env: str, aws: AwsOptions, unreviewed: tuple[str, ...], **choices: Any) -> int:
    """Create or update the StackSet and the stacks of its clients.

    StackSets have no change sets. So the template and the values of each stack are compared before anything starts,
    by account and region, and what would lose data is refused unless it is allowed by name. A stack whose last
    operation failed has an unknown template: a further change needs --without-review, a repetition does not. No
    snapshot is taken beforehand.

    An operation that runs already is followed first. Then the StackSet is updated, which reaches all stacks, and the
    clients get their stacks and their own parameters. The first failure ends the command; run it again to continue.
    Ctrl-C asks whether the operation continues; SIGTERM, or Ctrl-C without a terminal, stops it before the next stack.

    Exit codes: 0 done or nothing to change, 1 declined or lint errors, 2 wrong usage, 3 wrong params, 4 AWS refused,
    5 a stack failed, 6 data would be lost, or the StackSet is of others, 7 busy, 11 known to fail, 130 interrupted.

    \b
    Examples:
      aurora-cfn fleet deploy --env fleet
      aurora-cfn fleet deploy --env fleet --allow-replace acme.DBCluster --yes
    """
    need_terminal("add --yes to deploy without being asked", unless=choices["yes"] or choices["dry_run"])
    from aurora_cfn.cli.runs.account_fleet import AccountFleet
    from aurora_cfn.cli.runs.deploy_accounts import DeployAccounts
    from aurora_cfn.deploy.context import Choices

    return DeployAccounts(AccountFleet(env, aws), Choices(**choices), unreviewed).deploy()


@command.command()
@environment_option
@rows_format_option("csv")
@aws_options
def status(env: str, form: str, aws: AwsOptions) -> None:
    """List the stacks of the StackSet by client, account and region, and the operations that run.

    States: current, outdated (with the reason), inoperable, missing (in the params file alone). `in_params` is false
    for a stack of no client in the params file.

    Exit codes: 0 listed, 2 wrong usage, 3 wrong params, 4 AWS refused, 6 the StackSet is of others.

    \b
    Examples:
      aurora-cfn fleet status --env fleet
      aurora-cfn fleet status --env fleet --format csv > stacks.csv
    """
    from aurora_cfn.cli.runs.account_fleet import AccountFleet

    print_rows(AccountFleet(env, aws).rows(), form)


@command.command()
@click.argument("names", nargs=-1, metavar="[CLIENT]...")
@environment_option
@click.option("--all", "everything", is_flag=True, help="Delete the stacks of all clients, and the StackSet.")
@click.option("--retain", is_flag=True, help="Keep the stacks: they only leave the StackSet.")
@click.option("--confirm", "confirmed", multiple=True, metavar="NAME",
              help="Agree to delete this client, or the whole StackSet, by its name (repeatable).")  # fmt: skip
@yes_option
@aws_options
def delete(
    names: tuple[str, ...], env: str, everything: bool, yes: bool, confirmed: tuple[str, ...], aws: AwsOptions,
    **options: Any,
) -> int:  # fmt: skip
    """Delete the stacks of clients, each after its name was typed or given with --confirm; --yes is enough to retain.

    CLIENT is a name in the params file, or the account of a stack that is in none. Databases go as the template says,
    usually after a final snapshot in the account of the client. Where deletion protection is on nothing is begun: a
    deletion that fails makes a stack inoperable. A client that stays in the params file is created by the next deploy.

    Exit codes: 0 deleted, 1 declined, 2 wrong usage, 3 wrong params or no such client, 4 AWS refused, 6 not confirmed,
    protected, or the StackSet is of others, 7 busy, 10 a deletion failed, 130 interrupted.

    \b
    Examples:
      aurora-cfn fleet delete acme --env fleet --confirm acme
      aurora-cfn fleet delete 111111111111 --env fleet --retain --yes
      aurora-cfn fleet delete --all --env fleet --confirm clientdb
    """
    if bool(names) == everything:
        raise click.UsageError("name the clients, or give --all")
    need_terminal("add --confirm CLIENT, or --retain --yes", unless=yes or confirmed)
    from aurora_cfn.cli.runs.account_fleet import AccountFleet
    from aurora_cfn.cli.runs.delete_accounts import DeleteAccounts

    return DeleteAccounts(AccountFleet(env, aws), names, everything, yes=yes, confirmed=confirmed, **options).delete()
