"""`aurora-cfn cost`: estimate the monthly cost of an environment from its files."""

from __future__ import annotations

from pathlib import Path

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, format_option
from aurora_cfn.cli.terminal.messages import write_stdout


@click.command()
@environment_option
@click.option("--stack", "-s", "stacks", multiple=True, metavar="NAME", help="Only this stack (repeatable).")
@click.option("--storage-gb", type=click.FloatRange(0), metavar="GB", help="Data in each cluster.")
@click.option("--io-millions", type=click.FloatRange(0), metavar="N", help="Million I/O requests a month.")
@click.option("--price", "given", multiple=True, metavar="ITEM=USD", help="Your own price of an item (repeatable).")
@click.option("--refresh", is_flag=True, help="Ask AWS for its list prices first, and keep them.")
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.svg",
              help="Draw cost over active hours a day.")  # fmt: skip
@format_option
@aws_options
def command(
    env: str, stacks: tuple[str, ...], storage_gb: float | None, io_millions: float | None, given: tuple[str, ...],
    refresh: bool, plot: Path | None, form: str, aws: AwsOptions,
) -> None:  # fmt: skip
    """Estimate the monthly cost of an environment: at minimum and at maximum capacity, and what pausing saves.

    It reads params/ and templates/; AWS is called only with --refresh (pricing:GetProducts). List prices are shown
    with their date and source. A price that is not known is named and left out of the sum.

    Exit codes: 0 printed, 2 wrong usage, 3 wrong params, 4 AWS refused a --refresh.

    \b
    Examples:
      aurora-cfn cost --env dev
      aurora-cfn cost --env production --storage-gb 200 --io-millions 500
      aurora-cfn cost --env dev --price vpn_association_hour=0.10
      aurora-cfn cost --env dev --plot cost.svg
    """
    from aurora_cfn.cli.runs.estimate import check_picture, draw, environment_costs
    from aurora_cfn.cost import curve
    from aurora_cfn.model.cost import Usage
    from aurora_cfn.report.cost import cost_json, cost_text

    check_picture(plot)
    found = environment_costs(env, stacks, Usage(storage_gb, io_millions), given, aws, refresh=refresh)
    points = curve(found)
    write_stdout((cost_json if form == "json" else cost_text)(found, points, name=env), nl=False)
    if plot:
        draw(plot, found, points, env)
