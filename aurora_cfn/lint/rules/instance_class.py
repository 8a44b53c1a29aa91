from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.instance_classes import is_class, sizes_instead
from aurora_cfn.lint.databases import CLUSTER, INSTANCE
from aurora_cfn.lint.refusals import is_literal
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class InstanceClass(AuroraRule):
    """An instance class that does not exist.

    RDS refuses a class that is not of the form db.FAMILY.SIZE, and a size that its family does not have. A family that
    is not known here is not checked. cfn-lint reports a class that is written in place.
    """

    id = "E9073"
    fix = "name a class that RDS has in the region"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.html"
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        for resource in world.resources(CLUSTER, INSTANCE):
            found = resource.get("DBInstanceClass" if resource.type == INSTANCE else "DBClusterInstanceClass")
            text, engine = found.text or "", (resource.get("Engine").text or "").lower()
            if not text or "{{resolve:" in text or is_literal(resource, found):
                continue
            sizes = sizes_instead(text, aurora=engine.startswith("aurora"))
            if not is_class(text):
                yield at(found, f"{text!r} is no instance class", "name a class such as db.r8g.large")
            elif sizes:
                family = text.rpartition(".")[0]
                yield at(found, f"there is no instance class {text}", f"use a size of {family}: {', '.join(sizes)}")
