from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.parameter_values import engine_of, name_problem
from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.world import Resource, World


class ParameterName(AuroraRule):
    """A parameter that the engine of the parameter group does not have.

    CloudFormation fails with 'Invalid / Unmodifiable / Unsupported DB Parameter'. A name is reported when it is one
    letter away from a parameter of the engine, or is a parameter of another engine.
    """

    id = "E9070"
    fix = "correct the name, or leave the parameter out"
    source_url = (
        "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_WorkingWithDBClusterParamGroups.html"
    )
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        for group in world.resources("AWS::RDS::DBParameterGroup", "AWS::RDS::DBClusterParameterGroup"):
            yield from _unknown(group)


def _unknown(group: Resource) -> Iterator[Problem]:
    family, settings = group.get("Family").text or "", group.get("Parameters")
    engine, offered = engine_of(family), group.world.offered.parameters(family)
    if engine is None:
        return
    for name in sorted(str(key) for key in settings.mapping):
        # What RDS itself lists counts before the names that came with the program.
        if offered and (name in offered.cluster or name in offered.instance):
            continue
        what, fix = name_problem(name, engine)
        if what:
            yield Problem((*settings.path, name), f"{family} {what}", fix)
