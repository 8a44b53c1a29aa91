"""`aurora-cfn facts`: show or refresh the dated facts that the rules use."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import click

from aurora_cfn.cli.options import AwsOptions, aws_options
from aurora_cfn.errors import InputError
from aurora_cfn.facts import FactsFile, facts_files
from aurora_cfn.facts.offered import NOTHING_OFFERED, Offered, offered_text, read_offered
from aurora_cfn.ports import EngineVersions
from aurora_cfn.project.files import write_text
from aurora_cfn.project.user_cache import offered, offered_file
from aurora_cfn.report.text import amount

ENGINES = ("aurora-postgresql", "aurora-mysql")


@click.group()
def command() -> None:
    """The dated data behind lint, review and cost: versions, feature gates, regions, prices.

    \b
    Examples:
      aurora-cfn facts show
      aurora-cfn facts refresh --region eu-west-1
    """


@command.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def show(form: str) -> None:
    """Print each file of facts with its date and its sources; files older than 180 days are named.

    Exit codes: 0 printed.
    """
    today = datetime.now(UTC).date()
    files = [*facts_files(), *_refreshed()]
    if form == "json":
        rows = [
            {"name": row.name, "as_of": row.as_of.isoformat(), "stale": row.is_stale(today), "sources": row.sources}
            for row in files
        ]
        click.echo(json.dumps(rows, indent=2))
    else:
        click.echo("\n".join(line for row in files for line in _lines(row, today)))


@command.command()
@click.option("--prices", is_flag=True, help="Also ask for list prices, and keep them for cost.")
@aws_options
def refresh(prices: bool, aws: AwsOptions) -> None:
    """Ask RDS for the engine versions of a region and their parameters, and keep them for lint and review.

    `aurora-cfn permissions facts` prints the policy for it. Which changes interrupt a database cannot be asked of AWS:
    that comes with the program.

    Exit codes: 0 kept, 3 the answer cannot be written, 4 no region or credentials, or AWS refused or cannot be reached.
    """
    from aurora_cfn.aws.rds import AwsEngineVersions
    from aurora_cfn.aws.session import Connection
    from aurora_cfn.cli.terminal.prompt import session

    opened = session(Connection(aws.region, aws.profile, aws.endpoint_url))
    region = opened.client("rds").meta.region_name
    kept = keep(AwsEngineVersions(opened), offered_file(), region=region, today=datetime.now(UTC).date())
    versions = sum(len(offer.capacities) for offer in kept.engines.values())
    families = sum(len(offer.families) for offer in kept.engines.values())
    what = f"{versions} versions and the parameters of {families} families"
    click.echo(f"{what} as {region} offers them, kept in {offered_file()}", err=True)
    if prices:
        from aurora_cfn.cli.runs.prices import refresh_prices

        click.echo(f"prices of {region}, kept in {refresh_prices(region, aws, datetime.now(UTC).date())}", err=True)


def keep(port: EngineVersions, file: Path, *, region: str, today: date) -> Offered:
    """The offer of RDS for all engines, which is written to the file. Raises AwsError, InputError."""
    text = offered_text([port.offer(engine) for engine in ENGINES], region=region, today=today)
    write_text(file, text)
    read_offered.cache_clear()
    kept = read_offered(str(file))
    if kept is NOTHING_OFFERED:
        raise InputError(f"{file} does not hold what was written to it")
    return kept


def _refreshed() -> list[FactsFile]:
    kept = offered()
    if kept.as_of is None:
        return []
    return [FactsFile("offered", kept.as_of, (f"Amazon RDS in {kept.region}, kept in {offered_file()}",))]


def _lines(row: FactsFile, today: date) -> list[str]:
    age = f"{amount(row.age(today).days, 'day')} old"
    stale = ", over 180: renew it (aurora-cfn facts refresh, or a newer aurora-cfn)" if row.is_stale(today) else ""
    return [f"{row.name}: {row.as_of} ({age}{stale})", *(f"  {source}" for source in row.sources)]
