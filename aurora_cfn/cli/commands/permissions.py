"""`aurora-cfn permissions`: print the least IAM policy that a command needs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environments

if TYPE_CHECKING:
    from aurora_cfn.report.policy import Grants, Scope


def _commands(_ctx: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    from aurora_cfn.aws.permissions import CALLS

    return [name for name in CALLS if name.startswith(start)]


@click.command()
@click.argument("name", metavar="COMMAND", shell_complete=_commands)
@click.option(
    "--env",
    "-e",
    metavar="ENV",
    shell_complete=environments,
    help="Limit it to params/ENV.yaml: its account, region, stacks, secrets.",
)
@click.option("--role", is_flag=True, help="Of the role that CloudFormation takes (role_arn), not of the caller.")
@click.option("--split", "parts", is_flag=True, help="Print an array of policies, each small enough to be managed.")
@click.option(
    "--github",
    metavar="OWNER/REPO",
    help="Print who may take the role instead: the workflow of that repository that init wrote.",
)
@aws_options
def command(name: str, env: str | None, role: bool, parts: bool, github: str | None, aws: AwsOptions) -> None:
    """Print the least IAM policy, as JSON, that COMMAND needs.

    Without --env it allows the command's own calls on any resource. With --env it is limited to the account, region,
    stacks, secrets and parameters of the environment. Where CloudFormation works with the caller's permissions (no
    role_arn), what the resource types in the templates need is added, usable through CloudFormation only. --role
    prints that part alone, for the role itself.

    A managed policy has at most 6,144 characters, without white space. A longer policy is printed with a warning: use
    it as an inline policy of a role (10,240), or print it with --split as a JSON array of policies to attach
    together.

    --github prints the trust policy of a role for GitHub Actions, with OpenID Connect and no keys: of deploy for the
    GitHub environment ENV, of any other command for pull requests.

    Exit codes: 0 printed, or the command makes no calls, 2 no such command, 3 wrong params.

    \b
    Examples:
      aurora-cfn permissions deploy --env production > policy.json
      aurora-cfn permissions deploy --env production --role > role-policy.json
      aurora-cfn permissions deploy --env production --split | jq '.[0]'
      aurora-cfn permissions deploy --env production --github OWNER/REPO
      aurora-cfn permissions doctor
    """
    from aurora_cfn.cli.runs.least_policy import any_resource, grants, own_calls, scope
    from aurora_cfn.cli.runs.target import read_target

    _known(name)
    if github is not None:
        _trust(name, env, github, aws)
        return
    if env is None:
        if role:
            raise click.UsageError("--role needs --env: the templates say which permissions")
        _show(own_calls(name), any_resource(aws.region), parts=parts)
        return
    target = read_target(env, aws)
    _show(grants(target, name, role=role), scope(target), parts=parts)


def _trust(name: str, env: str | None, repository: str, aws: AwsOptions) -> None:
    """Print the trust policy of the role that the repository's workflow takes for the command."""
    from aurora_cfn.cli.runs.least_policy import scope
    from aurora_cfn.cli.runs.target import read_target
    from aurora_cfn.report.policy import github_trust, policy_json

    if env is None or not re.fullmatch(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+", repository):
        raise click.UsageError("--github needs OWNER/REPO, and --env for the account")
    subject = f"environment:{env}" if name == "deploy" else "pull_request"
    found = github_trust(scope(read_target(env, aws)), f"repo:{repository}:{subject}")
    click.echo(policy_json(found), nl=False)
    if "*" in json.dumps(found):
        click.echo("replace * by the account, or write `account:` into the params file", err=True)


def _show(grants: Grants, scope: Scope, *, parts: bool) -> None:
    """Print the policy or its parts; warn on stderr if it is longer than IAM allows."""
    from aurora_cfn.report.policy import INLINE, MANAGED, policy, policy_json, size, split

    found = policy(grants, scope)
    length = size(found)
    if parts:
        click.echo(policy_json(split(found)), nl=False)
        return
    click.echo(policy_json(found), nl=False)
    if length > MANAGED:
        inline = "put it inline into a role, or " if length <= INLINE else ""
        click.echo(
            f"the policy has {length:,} characters without white space, and a managed policy takes {MANAGED:,}: "
            f"{inline}use --split, which makes {len(split(found))} of it",
            err=True,
        )


def _known(name: str) -> None:
    from aurora_cfn.aws.permissions import CALLS
    from aurora_cfn.cli.command_list import COMMANDS

    if name not in COMMANDS:
        raise click.UsageError(f"there is no command {name}; those that call AWS: {', '.join(CALLS)}")
    if name not in CALLS:
        click.echo(f"{name} makes no call to AWS and needs no permission", err=True)
        raise click.exceptions.Exit(0)
