"""`aurora-cfn permissions`: print the least IAM policy that a command needs."""

from __future__ import annotations

import re
from typing import Any

import click

from aurora_cfn.cli.command_list import COMMANDS
from aurora_cfn.cli.options import AwsOptions, aws_options, environments
from aurora_cfn.cli.terminal.messages import write_stderr

BOUNDARY = "boundary"
"""The word in place of a command that asks for the permissions boundary."""


def _commands(_ctx: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    from aurora_cfn.aws.permissions import CALLS

    return [name for name in (*CALLS, BOUNDARY) if name.startswith(start)]


@click.command()
@click.argument("name", metavar="COMMAND", shell_complete=_commands)
@click.option(
    "--env",
    "-e",
    metavar="ENV",
    shell_complete=environments,
    help="Limit it to params/ENV.yaml: its account, region, stacks, databases, roles.",
)
@click.option(
    "--client", metavar="NAME", help="With --env, of a command with --client: limit it to this client; '*' for any."
)
@click.option("--role", is_flag=True, help="Of the role that CloudFormation takes (role_arn), not of the caller.")
@click.option("--service-role", is_flag=True, help="Print the role, its trust and policies, and the caller's with it.")
@click.option("--split", "parts", is_flag=True, help="Print an array of policies, each small enough to be managed.")
@click.option(
    "--github",
    metavar="OWNER/REPO",
    help="Print who may take the role instead: the workflow of that repository that init wrote.",
)
@click.option("--account", metavar="ID", help="The AWS account; by default that of the params file, else the caller's.")
@aws_options
def command(
    name: str, env: str | None, client: str | None, account: str | None, aws: AwsOptions, **options: Any
) -> None:
    """Print the least IAM policy, as JSON, that COMMAND needs.

    Without --env it allows the command's own calls on any resource. With --env it is limited to the account, region,
    stacks, databases, secrets and parameters of the environment. Where CloudFormation works with the caller's
    permissions (no role_arn), what the resource types in the templates need is added, usable through CloudFormation
    only. --role prints that part alone, for the role itself.

    Better is a service role for each environment: `permissions deploy --service-role` prints the role's trust policy
    and policies, and the policies of a caller who can do nothing but pass that role to the environment's stacks.

    Roles are those that the templates make, by name. A policy that a template writes into a role is limited by a
    permissions boundary: `permissions boundary` prints it, and `permissions_boundary` in the params file names it.

    A managed policy has at most 6,144 characters, without white space. A longer policy is printed with a warning: use
    it as an inline policy of a role (10,240), or print it with --split as a JSON array of policies to attach
    together.

    Of a command with --client, such as `sql`, the policy has no rights on the stacks of clients: --client prints that
    of one client, with what finding it calls. In a pool the login is that of the client, with its own secret alone.

    --github prints the trust policy of a role for GitHub Actions, with OpenID Connect and no keys: of deploy for the
    GitHub environment ENV, of any other command for pull requests.

    Exit codes: 0 printed, or the command makes no calls, 2 no such command, 3 wrong params, 4 no account is known.

    \b
    Examples:
      aurora-cfn permissions deploy --env production --service-role > rights.json
      aurora-cfn permissions boundary --env production > boundary.json
      aurora-cfn permissions deploy --env production > policy.json
      aurora-cfn permissions deploy --env production --split | jq '.[0]'
      aurora-cfn permissions deploy --env production --github OWNER/REPO
      aurora-cfn permissions sql --env fleet --client acme
      aurora-cfn permissions doctor
    """
    if account is not None and not re.fullmatch("[0-9]{12}", account):
        raise click.UsageError("--account: the twelve digits of an account id")
    if client is not None and env is None:
        raise click.UsageError("--client needs --env: the params file has the fleet")
    _known(name)
    from aurora_cfn.cli.runs.least_policy import least_policy
    from aurora_cfn.cli.runs.print_policy import client_policy, in_account, print_limited, print_unlimited
    from aurora_cfn.cli.runs.target import read_target

    options["boundary"] = name == BOUNDARY
    if env is None:
        print_unlimited(name, aws.region, account, options)
    else:
        target = in_account(read_target(env, aws), account)
        least = least_policy(target, name) if client is None else client_policy(target, name, client)
        print_limited(least, name, env, options)


def _known(name: str) -> None:
    from aurora_cfn.aws.permissions import CALLS, needed

    if name not in {*COMMANDS, BOUNDARY}:
        raise click.UsageError(f"there is no command {name}; those that call AWS: {', '.join(CALLS)}")
    if name != BOUNDARY and not needed(name):
        what = "needs no permission" if name in CALLS else "makes no call to AWS and needs no permission"
        write_stderr(f"{name} {what}")
        raise click.exceptions.Exit(0)
