"""The cost panel of a review: the monthly cost of an environment before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from aurora_cfn.cost import CostedStack, cost_change, estimate
from aurora_cfn.facts.prices import price_list
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.review import Panel
from aurora_cfn.project.files import read_text
from aurora_cfn.project.review.revision import EnvironmentSide
from aurora_cfn.report.cost import about, cost_panel
from aurora_cfn.template.side import Side, template_of
from aurora_cfn.yamltext import read_template


def cost_panels(left: EnvironmentSide | None, right: EnvironmentSide | None, name: str) -> Iterator[Panel]:
    """The panel if the change affects the environment's cost, else nothing."""
    shown = right or left
    if shown is None:
        return
    yield from cost_moved(_costed(left), _costed(right), shown.environment.region, name)


def cost_moved(before: Sequence[CostedStack], after: Sequence[CostedStack], region: str, name: str) -> Iterator[Panel]:
    """The panel if the cost of the environment `name` differs, at the list prices of the program; else nothing."""
    panel = cost_panel(cost_change(before, after, price_list(region)), name)
    if panel:
        yield panel


def still_costs(side: EnvironmentSide, key: str) -> str:
    """`, and costs about USD 44 to 350 a month`, of one stack among the others; empty where nothing is known."""
    if side.environment.endpoint == "local":
        return ""
    prices = price_list(side.environment.region)
    costs = about(estimate(_costed(side), prices, only={key}))
    return f", and costs about {costs}" if costs else ""


def written_side(row: EnvironmentStack, region: str) -> Side:
    """A stack as in the files, with the values that they contain. Raises InputError."""
    path = row.template_file
    document = read_template(read_text(Path(path)), path)
    return Side(template_of(document, path), row.parameters, stack=row.name, region=region)


def _costed(side: EnvironmentSide | None) -> list[CostedStack]:
    stacks = side.environment.stacks if side else ()
    return [CostedStack(row.key, side.side(row.key), row.depends_on()) for row in stacks if side]
