"""What `permissions` prints: policies, a service role, a boundary or a trust policy, as JSON; notes on stderr."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

import click

from aurora_cfn.aws.account import StsCaller
from aurora_cfn.aws.permissions import needed, unused_beside_sessions
from aurora_cfn.cli.command_list import COMMANDS
from aurora_cfn.cli.runs.fleet_policy import ANY, FLEET, LOGINS, ClientLimits, any_client, fleet_of
from aurora_cfn.cli.runs.least_policy import LeastPolicy
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import write_stderr, write_stdout
from aurora_cfn.errors import AwsError, InputError
from aurora_cfn.facts.regions import partition
from aurora_cfn.fleet.client_state import check_client
from aurora_cfn.iam.boundary import not_covered
from aurora_cfn.iam.document import INLINE, MANAGED, size, split
from aurora_cfn.iam.policy import Grants, policy
from aurora_cfn.iam.scope import Scope
from aurora_cfn.iam.trust import github_trust
from aurora_cfn.packaging import LOCAL_ACCOUNT


def in_account(target: Target, given: str | None) -> Target:
    """The same target with its account: of `--account`, of the params file, or else of the caller.

    Raises InputError if two of them differ, AwsError if the caller cannot be asked.
    """
    environment = target.environment
    if given and environment.account and given != environment.account:
        raise InputError(f"--account is {given}, but {environment.path} says account {environment.account}")
    known = given or environment.account or (LOCAL_ACCOUNT if target.local else None)
    return replace(target, environment=replace(environment, account=known or _callers(target)))


def _callers(target: Target) -> str:
    try:
        return StsCaller(target.session).identity()[0]
    except AwsError as error:
        what = f"{target.environment.path} names no account, and AWS does not say which one it is: give --account"
        raise AwsError(f"{what} ({error})", code=error.code) from error


def print_limited(least: LeastPolicy, name: str, env: str, options: Mapping[str, Any]) -> None:
    """Print what `options` ask for, limited to the environment: by default the policy of the command.

    Raises click.UsageError: options that exclude each other.
    """
    if name == FLEET and (options["role"] or options["service_role"]):
        what = "StackSets work with roles of their own (`fleet.accounts` in the params file)"
        raise click.UsageError(f"permissions {name}: {what}: leave out --role and --service-role")
    if options["github"] is not None:
        _trust(name, env, options["github"], least)
    elif options["boundary"]:
        _boundary(least, parts=options["parts"])
    elif options["service_role"]:
        _print(least.service_role(name))
        _notes(least, name, role=True)
    else:
        _policy(least.of(name, role=options["role"]), parts=options["parts"])
        _notes(least, name, role=options["role"])


def print_unlimited(name: str, region: str | None, account: str | None, options: Mapping[str, Any]) -> None:
    """Print the policy of the command's own calls, on any resource."""
    if options["github"] is not None:
        raise click.UsageError("--github needs OWNER/REPO, and --env for the account")
    if options["role"] or options["service_role"] or options["boundary"]:
        what = "boundary" if options["boundary"] else "--role" if options["role"] else "--service-role"
        raise click.UsageError(f"{what} needs --env: the templates say which permissions")
    # The actions that only end a session of `dev` are in the policy of that command.
    unused = unused_beside_sessions(needed(name))
    actions = [action for action in needed(name) if action not in unused]
    place = Scope(partition(region), region) if region else Scope()
    scope = replace(place, account=account) if account else place
    _policy(policy(Grants(actions), scope), parts=options["parts"])


def _trust(name: str, env: str, repository: str, least: LeastPolicy) -> None:
    """Print the trust policy of the role that the repository's workflow takes for the command."""
    # The characters that GitHub allows in the names of owners and repositories.
    if not re.fullmatch(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+", repository):
        raise click.UsageError("--github needs OWNER/REPO, and --env for the account")
    # The `sub` of GitHub's tokens: of a job with an environment it names that, not the branch.
    subject = f"environment:{env}" if name == "deploy" else "pull_request"
    _print(github_trust(least.scope(), f"repo:{repository}:{subject}"))


def _boundary(least: LeastPolicy, *, parts: bool) -> None:
    """Print the permissions boundary, and on stderr what the roles have beyond it."""
    found = least.boundary()
    if parts:
        raise click.UsageError("a role has one permissions boundary: it cannot be split")
    _print(found)
    for row in not_covered(least.scope()):
        write_stderr(f"not in the boundary, add by hand what is right: {row}")
    if size(found) > MANAGED:
        write_stderr(f"the boundary has {size(found):,} characters, and a managed policy takes {MANAGED:,}")


def _policy(found: Mapping[str, Any], *, parts: bool) -> None:
    """Print the policy or its parts; warn on stderr if it is longer than IAM allows."""
    length = size(found)
    _print(split(found) if parts else found)
    if length > MANAGED and not parts:
        inline = "put it inline into a role, or " if length <= INLINE else ""
        write_stderr(
            f"the policy has {length:,} characters without white space, and a managed policy takes {MANAGED:,}: "
            f"{inline}use --split, which makes {len(split(found))} of it"
        )


def _notes(least: LeastPolicy, name: str, *, role: bool) -> None:
    for note in least.notes(name, role=role):
        write_stderr(note)


def _print(found: object) -> None:
    write_stdout(json.dumps(found, indent=2))


def client_policy(target: Target, name: str, client: str) -> LeastPolicy:
    """The policies of the command for that client. Raises UsageError or InputError where it has no `--client`."""
    module = import_module(f"aurora_cfn.cli.commands.{COMMANDS[name][0]}") if name in COMMANDS else None
    if module is None or not any(row.name == "client" for row in module.command.params):
        raise click.UsageError(f"permissions {name}: the command has no --client")
    fleet, path = fleet_of(target), target.environment.path
    if fleet.accounts:
        raise InputError(f"{path}: the clients of its fleet are AWS accounts, which --client does not reach")
    if client != ANY:
        check_client(client)
    if fleet.pool and name == "recover":
        raise InputError(f"{path}: recover would change the stack that clients of a pool share: leave out --client")
    pool = fleet.pool.stack if fleet.pool else ""
    entries = [row for row in target.environment.stacks if row.key == pool] or [any_client(target, client)]
    limits = ClientLimits(fleet, client, bool(pool) and name in LOGINS)
    return LeastPolicy(target.with_environment(replace(target.environment, stacks=tuple(entries))), client=limits)
