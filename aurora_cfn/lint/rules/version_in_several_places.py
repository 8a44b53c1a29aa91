from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import CLUSTER, INSTANCE
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import Resource, World

_VERSIONED = ("AWS::RDS::GlobalCluster", CLUSTER, INSTANCE)


class VersionInSeveralPlaces(AuroraRule):
    """One engine version is written in several places.

    An upgrade written in one place only leaves databases on different versions; members of a global database can then
    not take over from each other.
    """

    id = "I9038"
    fix = "make it one parameter and give it to each by Ref"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_UpgradeDBInstance.PostgreSQL.html"
    checked = "2026-11-21"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        first: dict[tuple[str | None, str], Resource] = {}
        for resource in world.resources(*_VERSIONED):
            found = resource.get("EngineVersion")
            if _is_written(resource) and found.text is not None:
                before = first.setdefault((resource.get("Engine").text, found.text), resource)
                if before is not resource and (_place(resource) is None or _place(resource) != _place(before)):
                    yield at(found, f"{found.text} is written in {before.name} and again in {resource.name}")


def _place(resource: Resource) -> tuple[int, int] | None:
    """Line and column of the property's key, None where the reader kept none: what a loop makes is written once."""
    properties = resource.body.get("Properties")
    keys = properties if isinstance(properties, dict) else ()
    mark = next((getattr(key, "start_mark", None) for key in keys if key == "EngineVersion"), None)
    return (mark.line, mark.column) if mark else None


def _is_written(resource: Resource) -> bool:
    """Whether the version is a literal that counts; that of an instance in a cluster is a finding of its own."""
    in_cluster = resource.type == INSTANCE and not resource.get("DBClusterIdentifier").absent
    return not in_cluster and isinstance(resource.written("EngineVersion"), str | int | float)
