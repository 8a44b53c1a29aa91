"""Wrong combinations of a cluster's parameters: those CloudFormation can refuse, and those it cannot compare."""

from __future__ import annotations

from aurora_cfn.blueprints.parts.engine import Engine
from aurora_cfn.blueprints.parts.maintenance import database_checks, database_rules
from aurora_cfn.model.value import Value
from aurora_cfn.parameters import Check, Values


def aurora_rules(engine: Engine) -> dict[str, Value]:
    """The template's Rules: CloudFormation checks them before it makes anything."""
    return database_rules(engine)


def aurora_checks(engine: Engine) -> tuple[Check, ...]:
    """What CloudFormation cannot compare, refused while nothing has been called yet."""
    return (Check(("MinCapacity", "MaxCapacity"), _capacity_order), *database_checks(engine, "cluster"))


def _capacity_order(values: Values) -> str | None:
    low, high = values["MinCapacity"], values["MaxCapacity"]
    return f"MinCapacity {low} is over MaxCapacity {high}" if float(low) > float(high) else None
