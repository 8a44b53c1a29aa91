"""`aurora-cfn clients`: a database for each client of a fleet, in the region that was chosen for it."""

from __future__ import annotations

import click

from aurora_cfn.cli.commands.clients.change_commands import create, delete, upgrade
from aurora_cfn.cli.commands.clients.list_commands import check, list_command, show


@click.group(commands=[create, delete, list_command, show, check, upgrade])
def command() -> None:
    """A database for each client: one stack of the fleet's template a client, in one of the fleet's regions.

    With `fleet.pool` a client is a database and a role in a shared cluster instead.

    The section `fleet` of the params file says which template, regions and defaults. Which clients there are is kept
    in AWS alone: their names in SSM in the region of the params file, the rest in the tags of their stacks.

    \b
    Examples:
      aurora-cfn clients create acme --env fleet --region eu-central-1
      aurora-cfn clients list --env fleet
      aurora-cfn clients upgrade --env fleet --canary acme --wave 10% --tolerate 1
      aurora-cfn clients check --env fleet --check "select count(*) > 0 from a"
      aurora-cfn clients delete acme --env fleet
    """
