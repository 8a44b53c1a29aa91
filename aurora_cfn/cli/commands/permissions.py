"""`aurora-cfn permissions`: print the least IAM policy that a command needs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environments
from aurora_cfn.cli.terminal.messages import write_stderr, write_stdout

if TYPE_CHECKING:
    from aurora_cfn.cli.runs.least_policy import LeastPolicy

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
def command(name: str, env: str | None, account: str | None, aws: AwsOptions, **options: Any) -> None:
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
      aurora-cfn permissions doctor
    """
    if account is not None and not re.fullmatch("[0-9]{12}", account):
        raise click.UsageError("--account: the twelve digits of an account id")
    _known(name)
    if env is None:
        _of_any_environment(name, account, aws, options)
        return
    least = _least(env, account, aws)
    if options["github"] is not None:
        _trust(name, env, options["github"], least)
    elif name == BOUNDARY:
        _boundary(least, parts=options["parts"])
    elif options["service_role"]:
        _print(least.service_role(name))
        _say(least, name, role=True)
    else:
        _show(least.of(name, role=options["role"]), parts=options["parts"])
        _say(least, name, role=options["role"])


def _of_any_environment(name: str, account: str | None, aws: AwsOptions, options: Mapping[str, Any]) -> None:
    """Print the policy of the command's own calls."""
    from aurora_cfn.cli.runs.least_policy import any_resource, own_calls
    from aurora_cfn.iam.policy import policy

    if options["github"] is not None:
        raise click.UsageError("--github needs OWNER/REPO, and --env for the account")
    if options["role"] or options["service_role"] or name == BOUNDARY:
        what = "boundary" if name == BOUNDARY else "--role" if options["role"] else "--service-role"
        raise click.UsageError(f"{what} needs --env: the templates say which permissions")
    _show(policy(own_calls(name), any_resource(aws.region, account)), parts=options["parts"])


def _least(env: str, account: str | None, aws: AwsOptions) -> LeastPolicy:
    from aurora_cfn.cli.runs.least_policy import LeastPolicy, in_account
    from aurora_cfn.cli.runs.target import read_target

    return LeastPolicy(in_account(read_target(env, aws), account))


def _trust(name: str, env: str, repository: str, least: LeastPolicy) -> None:
    """Print the trust policy of the role that the repository's workflow takes for the command."""
    from aurora_cfn.iam.trust import github_trust

    if not re.fullmatch(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+", repository):
        raise click.UsageError("--github needs OWNER/REPO, and --env for the account")
    subject = f"environment:{env}" if name == "deploy" else "pull_request"
    _print(github_trust(least.scope(), f"repo:{repository}:{subject}"))


def _boundary(least: LeastPolicy, *, parts: bool) -> None:
    """Print the permissions boundary, and on stderr what the roles have beyond it."""
    from aurora_cfn.iam.boundary import not_covered
    from aurora_cfn.iam.document import MANAGED, size

    found = least.boundary()
    if parts:
        raise click.UsageError("a role has one permissions boundary: it cannot be split")
    _print(found)
    for row in not_covered(least.scope()):
        write_stderr(f"not in the boundary, add by hand what is right: {row}")
    if size(found) > MANAGED:
        write_stderr(f"the boundary has {size(found):,} characters, and a managed policy takes {MANAGED:,}")


def _show(found: Mapping[str, Any], *, parts: bool) -> None:
    """Print the policy or its parts; warn on stderr if it is longer than IAM allows."""
    from aurora_cfn.iam.document import INLINE, MANAGED, size, split

    length = size(found)
    _print(split(found) if parts else found)
    if length > MANAGED and not parts:
        inline = "put it inline into a role, or " if length <= INLINE else ""
        write_stderr(
            f"the policy has {length:,} characters without white space, and a managed policy takes {MANAGED:,}: "
            f"{inline}use --split, which makes {len(split(found))} of it",
        )


def _say(least: LeastPolicy, name: str, *, role: bool) -> None:
    for note in least.notes(name, role=role):
        write_stderr(note)


def _print(found: object) -> None:
    write_stdout(json.dumps(found, indent=2))


def _known(name: str) -> None:
    from aurora_cfn.aws.permissions import CALLS, needed
    from aurora_cfn.cli.command_list import COMMANDS

    if name not in {*COMMANDS, BOUNDARY}:
        raise click.UsageError(f"there is no command {name}; those that call AWS: {', '.join(CALLS)}")
    if name != BOUNDARY and not needed(name):
        what = "needs no permission" if name in CALLS else "makes no call to AWS and needs no permission"
        write_stderr(f"{name} {what}")
        raise click.exceptions.Exit(0)
