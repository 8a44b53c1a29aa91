from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.versions import family
from aurora_cfn.lint.databases import aurora_clusters, single_instances
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import Resource, World


class ParameterGroupFamily(AuroraRule):
    """The parameter group is for another engine version.

    A parameter group works only with engine versions of its family; RDS refuses the database otherwise.
    """

    id = "E9032"
    fix = "set Family to that of EngineVersion's major, in a new group when the major changes"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_WorkingWithParamGroups.html"
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            version = cluster.version
            wanted = family(version) if version else None
            groups = [cluster.parameter_group()]
            groups += [world.target(row.get("DBParameterGroupName")) for row in cluster.instances()]
            for group in groups if version and wanted else ():
                yield from _misfit(group, wanted or "", f"{cluster.engine} {version.short if version else ''}")
        for instance in single_instances(world):
            engine, number = instance.get("Engine").text or "", instance.get("EngineVersion").text or ""
            wanted = _family_of_instance(engine.lower(), number)
            if wanted:
                yield from _misfit(world.target(instance.get("DBParameterGroupName")), wanted, f"{engine} {number}")


def _misfit(group: Resource | None, wanted: str, what: str) -> Iterator[Problem]:
    found = group.get("Family") if group else None
    if found and found.text and found.text.lower() != wanted:
        yield at(found, f"Family {found.text} does not fit {what}, which is {wanted}")


def _family_of_instance(engine: str, version: str) -> str:
    """The family of a version of RDS, such as postgres17 or mysql8.4; empty when it is not known."""
    parts = version.split(".")
    if engine == "postgres" and parts[0].isdigit() and int(parts[0]) >= 10:
        return f"postgres{parts[0]}"
    return f"{engine}{'.'.join(parts[:2])}" if engine in {"mysql", "mariadb"} and len(parts) > 1 else ""
