from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.world import World, section

# CloudFormation quotas (2026-11-28): cannot be raised.
_MOST: Final = 200


class TooManyParameters(AuroraRule):
    """A template has at most 200 parameters.

    CloudFormation refuses the template before anything is created. cfn-lint knows the limit but does not apply it to
    parameters.
    """

    id = "E9076"
    fix = "leave parameters out, or divide the template into nested stacks"
    source_url = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"
    checked = "2026-11-28"
    every_world = False
    tags: ClassVar[list[str]] = ["parameters"]

    def look(self, world: World) -> Iterator[Problem]:
        count = len(section(world.template, "Parameters"))
        if count > _MOST:
            yield Problem(("Parameters",), f"the template has {count} parameters, and CloudFormation takes {_MOST}")
