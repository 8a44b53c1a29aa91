from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.parameter_values import engine_of, value_problem
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class ParameterValue(AuroraRule):
    """A value that the parameter of the engine does not take.

    RDS writes the switches of PostgreSQL as 0 and 1, and refuses a number that the engine does not take.
    """

    id = "E9071"
    fix = "use a value that the parameter takes"
    source_url = (
        "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Reference.ParameterGroups.html"
    )
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        for group in world.resources("AWS::RDS::DBParameterGroup", "AWS::RDS::DBClusterParameterGroup"):
            is_postgresql = engine_of(group.get("Family").text or "") == "postgresql"
            for name in group.get("Parameters").mapping if is_postgresql else ():
                found = group.get("Parameters", name)
                text = found.text or "{"
                if "{" in text:
                    continue  # not known here, a formula such as {DBInstanceClassMemory/32768}, or a dynamic reference
                what, fix = value_problem(name, text)
                if what:
                    yield at(found, what, fix)
