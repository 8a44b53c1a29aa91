"""`aurora-cfn permissions`: the least policy that a command needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environments

if TYPE_CHECKING:
    from aurora_cfn.cli.runs.target import Target
    from aurora_cfn.deploy.preflight import Subject
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
@aws_options
def command(name: str, env: str | None, role: bool, parts: bool, aws: AwsOptions) -> None:
    """Print the least IAM policy, as JSON, that COMMAND needs.

    Without --env it allows the command's own calls on any resource. With --env it is limited to the account, region,
    stacks, secrets and parameters of the environment. Where CloudFormation works with the caller's permissions (no
    role_arn), what the resource types in the templates need is added, usable through CloudFormation only. --role
    prints that part alone, for the role itself.

    A managed policy has at most 6,144 characters, without white space. A longer policy is printed with a warning: use
    it as an inline policy of a role (10,240), or print it with --split as a JSON array of policies to attach
    together.

    Exit codes: 0 printed, or the command makes no calls, 2 no such command, 3 wrong params.

    \b
    Examples:
      aurora-cfn permissions deploy --env production > policy.json
      aurora-cfn permissions deploy --env production --role > role-policy.json
      aurora-cfn permissions deploy --env production --split | jq '.[0]'
      aurora-cfn permissions doctor
    """
    from aurora_cfn.cli.runs.target import target

    _known(name)
    if env is None:
        if role:
            raise click.UsageError("--role needs --env: the templates say which permissions")
        _show(_own(name), _anywhere(aws.region), parts=parts)
        return
    goal = target(env, aws)
    _show(_grants(goal, name, role=role), _scope(goal), parts=parts)


def _show(grants: Grants, scope: Scope, *, parts: bool) -> None:
    """Print the policy, or its parts; say on stderr when it is longer than IAM takes."""
    from aurora_cfn.report.policy import INLINE, MANAGED, policy, policy_json, size, split

    found = policy(grants, scope)
    length = size(found)
    if parts:
        click.echo(policy_json(split(found)), nl=False)
        return
    click.echo(policy_json(found), nl=False)
    if length > MANAGED:
        ways = "put it inline into a role, or " if length <= INLINE else ""
        click.echo(
            f"the policy has {length:,} characters without white space, and a managed policy takes {MANAGED:,}: "
            f"{ways}use --split, which makes {len(split(found))} of it",
            err=True,
        )


def _known(name: str) -> None:
    from aurora_cfn.aws.permissions import CALLS
    from aurora_cfn.cli import COMMANDS

    if name not in COMMANDS:
        raise click.UsageError(f"there is no command {name}; those that call AWS: {', '.join(CALLS)}")
    if name not in CALLS:
        click.echo(f"{name} makes no call to AWS and needs no permission", err=True)
        raise click.exceptions.Exit(0)


def _own(name: str) -> Grants:
    from aurora_cfn.aws.permissions import needed
    from aurora_cfn.report.policy import Grants

    return Grants(needed(name))


def _anywhere(region: str | None) -> Scope:
    """Everything in every account; in every region too, of one partition, unless one is given."""
    from aurora_cfn.facts.regions import partition
    from aurora_cfn.report.policy import Scope

    return Scope(partition(region), region) if region else Scope()


def _subjects(goal: Target) -> list[Subject]:
    """The stacks with as much of their values as the file alone tells."""
    from aurora_cfn.deploy.preflight.subject import Deployed, subject
    from aurora_cfn.environment import Sources, known

    environment = goal.environment
    rows = ((row, goal.templates.text(row.template)) for row in environment.stacks)
    return [subject(environment, row, text, known(row, environment, Sources()), Deployed()) for row, text in rows]


def _grants(goal: Target, name: str, *, role: bool) -> Grants:
    from aurora_cfn.aws.permissions import ON_BEHALF, passes_role, reads_actuals
    from aurora_cfn.report.policy import Grants

    handlers = ON_BEHALF.get(name, ())
    behalf, trusted = _handlers(goal, handlers), _trusted(goal)
    # CloudFormation resolves dynamic references itself.
    resolves = bool(handlers and _secrets(goal))
    if role:
        return Grants(on_behalf=behalf, through=False, trusted=trusted, resolves=resolves)
    given = goal.environment.role_arn or ""
    passed = given if passes_role(name) else ""
    reads = _handlers(goal, ("read",)) if reads_actuals(name) else ()
    if given:
        return Grants(_needed(goal, name), passed, reads=reads)
    through = [action for action in behalf if action not in reads]
    return Grants(_needed(goal, name), "", through, trusted=trusted, resolves=resolves, reads=reads)


def _handlers(goal: Target, handlers: tuple[str, ...]) -> list[str]:
    """What the handlers of all types in the templates need, sorted."""
    from aurora_cfn.review.schema import handler_permissions

    kinds = {row.type for one in _subjects(goal) for row in one.new.values()}
    return sorted({action for kind in kinds for action in handler_permissions(kind, handlers)})


def _trusted(goal: Target) -> list[str]:
    """Services that the roles of the templates trust, sorted: nobody else is passed one."""
    from aurora_cfn.deploy.preflight.trust import trusted_services

    return sorted({name for one in _subjects(goal) for name in trusted_services(one.new.values())})


def _needed(goal: Target, name: str) -> list[str]:
    """The actions of the command's calls; those of S3 and SSM only where there is something to upload or to look up."""
    from aurora_cfn.aws.permissions import MAKING, needed

    unused = set(MAKING if goal.environment.bucket else ())
    unused |= set() if _ssm(goal) else {"ssm:GetParameters"}
    uploads = _uploads(goal)
    return [row for row in needed(name) if row not in unused and (uploads or not row.startswith("s3:"))]


def _ssm(goal: Target) -> list[str]:
    """Names of the SSM parameters that the params file refers to; without one nothing is asked of SSM by name."""
    from aurora_cfn.environment import ssm_names

    return list(dict.fromkeys(name for row in goal.environment.stacks for name in ssm_names(row)))


def _uploads(goal: Target) -> bool:
    """Whether a template has code, or is too large for a call."""
    from aurora_cfn.deploy.large_template import BODY_BYTES, size

    used = [goal.templates[row.template] for row in goal.environment.stacks]
    return any(row.code or size(goal.templates.text(row.name)) > BODY_BYTES for row in used)


def _secrets(goal: Target) -> list[str]:
    from aurora_cfn.deploy.preflight.secret import wanted

    return sorted({name for one in _subjects(goal) for name in wanted(one)})


def _scope(goal: Target) -> Scope:
    from aurora_cfn.facts.regions import partition
    from aurora_cfn.packaging import upload_bucket
    from aurora_cfn.report.policy import MANAGED_SECRETS, Scope

    environment = goal.environment
    return Scope(
        partition(environment.region),
        environment.region,
        environment.account or "*",
        [row.name for row in environment.stacks],
        [*_secrets(goal), MANAGED_SECRETS],
        _ssm(goal),
        [str(upload_bucket(environment, account="*"))],
    )
