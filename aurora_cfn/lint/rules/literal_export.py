from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.world import World, section


class LiteralExport(AuroraRule):
    """An export with a fixed name.

    Export names are unique in an account and region: a second stack of this template cannot be created.
    """

    id = "W9049"
    fix = "begin the name with ${AWS::StackName}"
    source_url = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html"
    checked = "2026-11-20"
    every_world = False
    tags: ClassVar[list[str]] = ["outputs"]

    def look(self, world: World) -> Iterator[Problem]:
        for name, output in section(world.template, "Outputs").items():
            export = output.get("Export") if isinstance(output, Mapping) else None
            written = export.get("Name") if isinstance(export, Mapping) else None
            if isinstance(written, str):
                yield Problem(
                    ("Outputs", name, "Export", "Name"), f"the export {written!r} has the same name in every stack"
                )
