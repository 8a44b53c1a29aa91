"""`aurora-cfn recover`: out of a failed state."""

from __future__ import annotations

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, stack_option


@click.command()
@environment_option
@stack_option
@click.option("--skip", multiple=True, metavar="LOGICAL_ID", help="Leave this resource as it is in a rollback.")
@click.option("--retain", multiple=True, metavar="LOGICAL_ID", help="Leave this resource out of a deletion.")
@click.option("--delete", is_flag=True, help="Delete a stack that never came up, with what is in it.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask; not enough to delete in a protected environment.")
@click.option("--confirm", multiple=True, metavar="STACK", help="The full name of a stack that may be deleted.")
@aws_options
@click.pass_context
def command(
    ctx: click.Context,
    env: str,
    stacks: tuple[str, ...],
    skip: tuple[str, ...],
    retain: tuple[str, ...],
    delete: bool,
    yes: bool,
    confirm: tuple[str, ...],
    aws: AwsOptions,
) -> None:
    """Bring stacks out of a failed state; each move is named, with what it touches, and made after consent.

    Without a terminal and without --yes it only names them.

    \b
    UPDATE_ROLLBACK_FAILED          the rollback is continued; --skip names what stays as it is
    UPDATE_FAILED                   the stack is rolled back to its last stable state
    ROLLBACK_COMPLETE               the stack that never came up is deleted (deploy does that too)
    CREATE_FAILED, ROLLBACK_FAILED  what is left is shown; --delete deletes it
    DELETE_FAILED                   the deletion is tried again; --retain names what stays
    Nothing is ever skipped, retained or deleted that was not named. Where the params file says `protect: true`,
    a stack that still has resources is deleted only after its full name was typed, or given with --confirm.

    \b
    Exit codes: 0 recovered or nothing to recover, 1 declined, 4 AWS refused, 5 the move failed, 6 not
    confirmed by name, 7 busy, 10 it is as stuck as before.

    \b
    Examples:
      aurora-cfn recover --env dev
      aurora-cfn recover --env production --stack aurora-serverless --skip MonitoringRole
    """
    from aurora_cfn.cli.runs.recover import recover
    from aurora_cfn.cli.runs.target import target
    from aurora_cfn.deploy.recover import Allowed

    ctx.exit(recover(target(env, aws), stacks, Allowed(skip, retain, delete), yes=yes, confirmed=confirm))
