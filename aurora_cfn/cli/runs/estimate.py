"""`cost`: the estimate of an environment from its files, and its plot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.prices import prices_of, refresh_prices
from aurora_cfn.cli.runs.target import read_environment
from aurora_cfn.cli.terminal.messages import write_stderr
from aurora_cfn.cost import CostedStack, estimate
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.facts import STALE_AFTER
from aurora_cfn.model.cost import CurvePoint, Estimate, Usage
from aurora_cfn.model.environment import Environment
from aurora_cfn.project.files import write_text
from aurora_cfn.project.review.costs import written_side
from aurora_cfn.project.templates import not_rendered
from aurora_cfn.report.cost import cost_svg


def environment_costs(
    env: str, stacks: Sequence[str], usage: Usage, prices: Sequence[str], aws: AwsOptions, *, refresh: bool
) -> Estimate:
    """What the environment costs, or those stacks of it; `prices` are the texts of `--price`.

    `refresh` reads AWS's list prices first. Raises InputError, AwsError.
    """
    environment = read_environment(env)
    only = _chosen(environment, stacks)
    today, region = SystemClock().now().date(), aws.region or environment.region
    if refresh:
        write_stderr(f"{refresh_prices(region, aws, today)}: written")
    if missing := not_rendered(row.template_file for row in environment.stacks):
        raise InputError(missing)
    # All stacks, also those that are not selected: a proxy in another stack keeps a database from pausing.
    costed = [
        CostedStack(row.key, written_side(row, environment.region), row.depends_on()) for row in environment.stacks
    ]
    found = estimate(costed, prices_of(region, prices), usage, only=only)
    if found.oldest and today - found.oldest > STALE_AFTER:
        old = f"over {STALE_AFTER.days} days old: --refresh"
        write_stderr(f"the oldest of these prices is of {found.oldest}, {old}")
    if environment.endpoint == "local":
        write_stderr("on this machine it costs nothing; this is what it would cost in AWS")
    return found


def _chosen(environment: Environment, wanted: Sequence[str]) -> frozenset[str]:
    known = [row.key for row in environment.stacks]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        there = ", ".join(known)
        raise InputError(f"{environment.path}: no stack is called {', '.join(unknown)}; there are: {there}")
    return frozenset(wanted or known)


def check_picture(path: Path | None) -> None:
    """Raise InputError for a file that is not `.svg`, before anything is read."""
    if path and path.suffix.lower() != ".svg":
        raise InputError((Complaint("only SVG is drawn", str(path), hint=f"--plot {path.with_suffix('.svg')}"),))


def draw(path: Path, found: Estimate, points: Sequence[CurvePoint], env: str) -> None:
    """Write the plot. Raises InputError without points, or where the file cannot be written."""
    if not points:
        raise InputError((Complaint("there is nothing to draw: no serverless cluster with a known price", str(path)),))
    write_text(path, cost_svg(points, f"{env} in {found.region}: cost over active hours a day"))
    write_stderr(f"{path}: written")
