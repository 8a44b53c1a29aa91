"""`aurora-cfn clients delete`."""

from __future__ import annotations

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, parallel_option, yes_option


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="CLIENT...")
@environment_option
@click.option(
    "--confirm",
    "confirmed",
    multiple=True,
    metavar="NAME",
    help="Agree to delete this stack, or this database of a pool, by its name (repeatable).",
)
@click.option("--no-snapshot", is_flag=True, help="Of a pool: take no snapshot of the shared cluster before.")
@parallel_option
@yes_option
@aws_options
@click.pass_context
def delete(
    ctx: click.Context,
    names: tuple[str, ...],
    env: str,
    confirmed: tuple[str, ...],
    no_snapshot: bool,
    parallel: int,
    yes: bool,
    aws: AwsOptions,
) -> None:
    """Delete clients: protection off, a final snapshot of each database, the stacks, and last the names.

    Final snapshots stay, and count towards RDS's quota of manual snapshots. A deletion that was interrupted is
    finished by the same command. Aurora DSQL has no final snapshot, and the template dsql keeps its cluster. In an
    environment with `protect: true` --yes is not enough: --confirm NAME.

    Of a pool the database, the role and the secret are dropped, which --yes never agrees to: --confirm NAME. Before
    it one snapshot of the shared cluster is taken, the only place from which the database can be brought back.

    Exit codes: 0 deleted, 1 declined, 2 wrong usage, 3 wrong params or no such client, 4 AWS refused, 6 not confirmed,
    or another stack needs it, 7 busy, 10 the deletion failed.

    \b
    Examples:
      aurora-cfn clients delete acme globex --env fleet
      aurora-cfn clients delete acme --env fleet --confirm clientdb-acme
    """
    from aurora_cfn.cli.terminal.prompt import need_terminal

    if not (yes or confirmed):
        need_terminal("add --yes to delete the clients without being asked")
    from aurora_cfn.cli.runs.delete_client import delete_clients
    from aurora_cfn.cli.runs.fleet import FleetRun

    fleet = FleetRun(env, aws)
    if fleet.fleet.pool:
        from aurora_cfn.cli.runs.pool import PoolRun
        from aurora_cfn.cli.runs.pool_changes import delete_from_pool

        ctx.exit(delete_from_pool(PoolRun(fleet), names, confirmed, snapshot=not no_snapshot))
    if no_snapshot:
        raise click.UsageError("--no-snapshot is for a pool: a client's own cluster leaves its final snapshot")
    ctx.exit(delete_clients(fleet, names, yes=yes, confirmed=confirmed, parallel=parallel))
