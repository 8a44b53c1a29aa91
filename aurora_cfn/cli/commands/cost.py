"""`aurora-cfn cost`: estimate the monthly cost of an environment from its files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option
from aurora_cfn.cli.runs.prices import prices_of, refresh_prices
from aurora_cfn.cli.runs.target import read_environment
from aurora_cfn.cost import CostedStack, curve, estimate
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.cost import CurvePoint, Estimate, Usage
from aurora_cfn.model.environment import Environment
from aurora_cfn.project.files import write_text
from aurora_cfn.project.review.costs import written_side

OLD_DAYS = 180


@click.command()
@environment_option
@click.option("--stack", "-s", "stacks", multiple=True, metavar="NAME", help="Only this stack (repeatable).")
@click.option("--storage-gb", type=click.FloatRange(0), metavar="GB", help="Data in each cluster.")
@click.option("--io-millions", type=click.FloatRange(0), metavar="N", help="Million I/O requests a month.")
@click.option("--price", "given", multiple=True, metavar="ITEM=USD", help="Your own price of an item (repeatable).")
@click.option("--refresh", is_flag=True, help="Ask AWS for its list prices first, and keep them.")
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.svg",
              help="Draw cost over active hours a day.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
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
    from aurora_cfn.aws.clock import SystemClock
    from aurora_cfn.report.cost import cost_json, cost_text

    _check_picture(plot)
    environment = read_environment(env)
    only = _chosen(environment, stacks)
    today = SystemClock().now().date()
    region = aws.region or environment.region
    if refresh:
        click.echo(f"{refresh_prices(region, aws, today)}: written", err=True)
    found = estimate(_costed(environment), prices_of(region, given, today), Usage(storage_gb, io_millions), only=only)
    if found.oldest and (today - found.oldest).days > OLD_DAYS:
        click.echo(f"the oldest of these prices is of {found.oldest}, over {OLD_DAYS} days old: --refresh", err=True)
    if environment.endpoint == "local":
        click.echo("on this machine it costs nothing; this is what it would cost in AWS", err=True)
    points = curve(found)
    click.echo((cost_json if form == "json" else cost_text)(found, points, name=env), nl=False)
    if plot:
        _draw(plot, found, points, env)


def _chosen(environment: Environment, wanted: Sequence[str]) -> frozenset[str]:
    known = [row.key for row in environment.stacks]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        there = ", ".join(known)
        raise InputError(f"{environment.path}: no stack is called {', '.join(unknown)}; there are: {there}")
    return frozenset(wanted or known)


def _costed(environment: Environment) -> list[CostedStack]:
    """All stacks, also those that are not selected: a proxy in another stack keeps a database from pausing."""
    return [CostedStack(row.key, written_side(row, environment.region), row.depends_on()) for row in environment.stacks]


def _check_picture(path: Path | None) -> None:
    if path and path.suffix.lower() != ".svg":
        raise InputError((Complaint("only SVG is drawn", str(path), hint=f"--plot {path.with_suffix('.svg')}"),))


def _draw(path: Path, found: Estimate, points: Sequence[CurvePoint], env: str) -> None:
    from aurora_cfn.report.cost import cost_svg

    if not points:
        raise InputError((Complaint("there is nothing to draw: no serverless cluster with a known price", str(path)),))
    write_text(path, cost_svg(points, f"{env} in {found.region}: cost over active hours a day"))
    click.echo(f"{path}: written", err=True)
