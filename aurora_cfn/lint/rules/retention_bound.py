from __future__ import annotations

from collections.abc import Iterator, Mapping

from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.mentions import written_parameter
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World, section
from aurora_cfn.template.forms import scalar_text


class RetentionBound(AuroraRule):
    """A parameter lets the backup retention be more than RDS accepts.

    RDS keeps backups for 1 to 35 days; a parameter without that bound fails only at the deployment.
    """

    id = "I9026"
    fix = "give the parameter MinValue 1 and MaxValue 35"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html"
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            found = cluster.get("BackupRetentionPeriod")
            name = written_parameter(world, found.path)
            row = section(world.template, "Parameters").get(name)
            if isinstance(row, Mapping) and "AllowedValues" not in row and "AllowedPattern" not in row:
                most = scalar_text(row.get("MaxValue"))
                if most is None or (most.isdigit() and int(most) > 35):
                    yield at(found, f"the parameter {name} accepts more than 35 days")
