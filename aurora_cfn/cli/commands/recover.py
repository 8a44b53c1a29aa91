"""`aurora-cfn recover`: bring stacks out of a failed state."""

from __future__ import annotations

from typing import Any

import click

from aurora_cfn.cli.options import AwsOptions, stack_command, take_over_option


@click.command()
@stack_command
@click.option("--skip", multiple=True, metavar="LOGICAL_ID", help="Leave this resource as it is in a rollback.")
@click.option("--retain", multiple=True, metavar="LOGICAL_ID", help="Leave this resource out of a deletion.")
@click.option("--delete", is_flag=True, help="Delete a stack whose creation failed, with its resources.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask; not enough to delete in a protected environment.")
@click.option("--confirm", "confirmed", multiple=True, metavar="STACK",
              help="The full name of a stack that may be deleted.")  # fmt: skip
@take_over_option
def command(
    env: str, stacks: tuple[str, ...], skip: tuple[str, ...], retain: tuple[str, ...], delete: bool, aws: AwsOptions,
    **answers: Any,
) -> int:  # fmt: skip
    """Bring stacks out of a failed state. Each move is shown with what it touches, and made after you agree.

    Without a terminal and without --yes the moves are only shown.

    \b
    UPDATE_ROLLBACK_FAILED   continue the rollback; --skip names what stays as is
    UPDATE_FAILED            roll the stack back to its last stable state
    ROLLBACK_COMPLETE        delete the stack, whose creation failed
    CREATE_FAILED,
    ROLLBACK_FAILED          show what is left; --delete deletes it
    DELETE_FAILED            delete again; --retain names what stays

    Nothing is skipped, retained or deleted that you did not name. Where the params file says `protect: true`, a stack
    that still has resources is deleted only after its full name was typed, or given with --confirm.

    Exit codes: 0 recovered or nothing to recover, 1 declined, 4 AWS refused, 5 the move failed, 6 not confirmed by
    name, or the stack of another project, 7 busy, 10 the stack is still stuck.

    \b
    Examples:
      aurora-cfn recover --env dev
      aurora-cfn recover --env production --skip MonitoringRole
    """
    from aurora_cfn.cli.runs.client_target import alone, environment_target
    from aurora_cfn.cli.runs.recover import recover
    from aurora_cfn.deploy.recover import Allowed

    return recover(alone(environment_target(env, aws)), stacks, Allowed(skip, retain, delete), **answers)
