from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.versions import family
from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class ParameterGroupFamily(AuroraRule):
    """The parameter group is for another engine version.

    A parameter group works only with engine versions of its family; RDS refuses the cluster otherwise.
    """

    id = "E9032"
    fix = "set Family to that of EngineVersion's major, in a new group when the major changes"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_WorkingWithParamGroups.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            version = cluster.version
            wanted = family(version) if version else None
            groups = [cluster.parameter_group()]
            groups += [world.target(row.get("DBParameterGroupName")) for row in cluster.instances()]
            for group in groups:
                found = group.get("Family") if group else None
                if version and wanted and found and found.text and found.text != wanted:
                    yield at(found, f"{found.text} does not fit {cluster.engine} {version.short}, which is {wanted}")
