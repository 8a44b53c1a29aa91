"""`aurora-cfn facts`: show or refresh the dated facts that the rules use."""

from __future__ import annotations

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, format_option
from aurora_cfn.cli.terminal.messages import write_stdout


@click.group()
def command() -> None:
    """The dated data behind lint, review and cost: versions, feature gates, regions, prices.

    \b
    Examples:
      aurora-cfn facts show
      aurora-cfn facts refresh --region eu-west-1
    """


@command.command()
@format_option
def show(form: str) -> None:
    """Print each file of facts with its date and its sources; files older than 180 days are named.

    Exit codes: 0 printed.
    """
    from aurora_cfn.cli.runs.facts import facts_json, facts_text

    write_stdout(facts_json() if form == "json" else facts_text())


@command.command()
@click.option("--prices", is_flag=True, help="Also ask for list prices, and keep them for cost.")
@aws_options
def refresh(prices: bool, aws: AwsOptions) -> None:
    """Ask RDS for the engine versions of a region and their parameters, and keep them for lint and review.

    `aurora-cfn permissions facts` prints the policy for it. Which changes interrupt a database cannot be asked of AWS:
    that comes with the program.

    Exit codes: 0 kept, 3 the answer cannot be written, 4 no region or credentials, or AWS refused or cannot be reached.
    """
    from aurora_cfn.cli.runs.facts import refresh_facts

    refresh_facts(aws, prices=prices)
