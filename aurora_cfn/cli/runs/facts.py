"""`facts`: the dated facts of the program and of the user's cache, shown and refreshed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.terminal.messages import write_stderr
from aurora_cfn.errors import InputError
from aurora_cfn.facts import STALE_AFTER, FactsFile, facts_files
from aurora_cfn.facts.offered import NOTHING_OFFERED, Offered, offered_text, read_offered
from aurora_cfn.ports import EngineVersions
from aurora_cfn.project.files import write_text
from aurora_cfn.project.user_cache import offered, offered_file
from aurora_cfn.report.text import amount

ENGINES = ("aurora-postgresql", "aurora-mysql")


def facts_json() -> str:
    """All files with their dates and sources as a JSON array."""
    today = _today()
    rows = [
        {"name": row.name, "as_of": row.as_of.isoformat(), "stale": row.is_stale(today), "sources": row.sources}
        for row in _files()
    ]
    return json.dumps(rows, indent=2)


def facts_text() -> str:
    """All files, each with its age and below it its sources."""
    today = _today()
    return "\n".join(line for row in _files() for line in _lines(row, today))


def refresh_facts(aws: AwsOptions, *, prices: bool) -> None:
    """Keep what RDS offers in the region, and with `prices` AWS's list prices; both are named on stderr.

    Raises AwsError, InputError.
    """
    from aurora_cfn.aws.engine_versions import AwsEngineVersions
    from aurora_cfn.aws.session import Connection
    from aurora_cfn.cli.runs.prices import refresh_prices
    from aurora_cfn.cli.terminal.prompt import session

    opened = session(Connection(aws.region, aws.profile, aws.endpoint_url))
    # botocore knows the region of the profile, where no option gives one.
    region = opened.client("rds").meta.region_name
    kept = keep(AwsEngineVersions(opened), offered_file(), region=region, today=_today())
    versions = sum(len(offer.capacities) for offer in kept.engines.values())
    families = sum(len(offer.families) for offer in kept.engines.values())
    what = f"{versions} versions and the parameters of {families} families"
    write_stderr(f"{what} as {region} offers them, kept in {offered_file()}")
    if prices:
        write_stderr(f"prices of {region}, kept in {refresh_prices(region, aws, _today())}")


def keep(port: EngineVersions, file: Path, *, region: str, today: date) -> Offered:
    """The offer of RDS for all engines, which is written to the file. Raises AwsError, InputError."""
    text = offered_text([port.offer(engine) for engine in ENGINES], region=region, today=today)
    write_text(file, text)
    # The command may have read the file before.
    read_offered.cache_clear()
    kept = read_offered(str(file))
    if kept is NOTHING_OFFERED:
        raise InputError(f"{file} does not hold what was written to it")
    return kept


def _today() -> date:
    return datetime.now(UTC).date()


def _files() -> list[FactsFile]:
    """The files of the program, and what was read from RDS."""
    kept = offered()
    if kept.as_of is None:
        return [*facts_files()]
    read = FactsFile("offered", kept.as_of, (f"Amazon RDS in {kept.region}, kept in {offered_file()}",))
    return [*facts_files(), read]


def _lines(row: FactsFile, today: date) -> list[str]:
    age = f"{amount(row.age(today).days, 'day')} old"
    remedy = "renew it (aurora-cfn facts refresh, or a newer aurora-cfn)"
    stale = f", over {STALE_AFTER.days}: {remedy}" if row.is_stale(today) else ""
    return [f"{row.name}: {row.as_of} ({age}{stale})", *(f"  {source}" for source in row.sources)]
