"""Rules about engine versions: unknown, withdrawn, past their support, or upgraded beside the template."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.versions import NOTICE, is_lts, minor_ends, support_ends
from aurora_cfn.lint.databases import Cluster, aurora_clusters
from aurora_cfn.lint.engine_versions import (
    is_listed_major,
    known_versions,
    may_be_newer,
    withdrawn_versions,
    written_versions,
)
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.variant import Resource, Variant
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE


class UnknownVersion(AuroraRule):
    """An engine version that does not exist.

    RDS refuses the database: Cannot find version. cfn-lint reports a version that is written in place (E3690, E3691);
    this rule those that come from a parameter, a mapping or the environment.
    """

    id = "E9037"
    fix = "name a version that RDS offers: aws rds describe-db-engine-versions --engine ENGINE"
    page = "API_DescribeDBEngineVersions"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for row in written_versions(variant):
            known = known_versions(row.kind, row.engine)
            missing = known and row.text not in known and not may_be_newer(row.kind, row.engine, row.text)
            if missing and not row.literal:
                yield at(row.found, f"{row.engine} has no version {row.text}")


class NewerVersion(AuroraRule):
    """An engine version that is newer than the versions known here.

    It may exist: RDS publishes about four minor versions of each major in a year. What it supports is not checked.
    """

    id = "I9037"
    fix = "check that RDS offers it: aws rds describe-db-engine-versions --engine ENGINE"
    page = "API_DescribeDBEngineVersions"
    every_variant = False

    def look(self, variant: Variant) -> Iterator[Problem]:
        for row in written_versions(variant):
            known = known_versions(row.kind, row.engine)
            missing = known and row.text not in known and not is_listed_major(row.kind, row.engine, row.text)
            if missing and may_be_newer(row.kind, row.engine, row.text):
                yield at(row.found, f"{row.engine} {row.text} is newer than the versions known here")


class WithdrawnVersion(AuroraRule):
    """An engine version that RDS no longer offers for a new database.

    cfn-lint warns of a version that is written in place (W3690, W3691); this rule of those that come from a parameter,
    a mapping or the environment.
    """

    id = "W9063"
    fix = "raise EngineVersion to one that RDS offers: aws rds describe-db-engine-versions --engine ENGINE"
    page = "API_DescribeDBEngineVersions"
    every_variant = False

    def look(self, variant: Variant) -> Iterator[Problem]:
        for row in written_versions(variant):
            if row.text in withdrawn_versions(row.kind, row.engine) and not row.literal:
                yield at(row.found, f"{row.engine} {row.text} is no longer offered for a new database")


class VersionEnded(AuroraRule):
    """The engine version is past its support, and Extended Support is declined.

    With EngineLifecycleSupport open-source-rds-extended-support-disabled RDS refuses a major version after the end of
    its standard support.
    """

    id = "E9036"
    fix = "raise EngineVersion, or accept Extended Support and its price"
    page = "API_CreateDBCluster"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for cluster in aurora_clusters(variant):
            version = cluster.version
            end = support_ends(version, variant.offered) if version else None
            if version and end and _declines_extended_support(cluster) and self.today() > end:
                found = cluster.get("EngineLifecycleSupport")
                yield at(found, f"standard support of {version.short} ended on {end}")


class VersionSupport(AuroraRule):
    """The engine version is at the end of its support.

    Past the end of standard support a major version is billed as Extended Support; past its own end a minor version is
    upgraded in a maintenance window, whether wanted or not.
    """

    id = "W9036"
    fix = "raise EngineVersion"
    page = "aurorapostgresql-release-calendar"
    every_variant = False

    def look(self, variant: Variant) -> Iterator[Problem]:
        today = self.today()
        for cluster in aurora_clusters(variant):
            version = cluster.version
            if version and not _declines_extended_support(cluster):
                for what, end in (
                    ("standard support", support_ends(version, variant.offered)),
                    ("this minor version", minor_ends(version)),
                ):
                    if end and today > end - NOTICE:
                        verb = "ended" if today > end else "ends"
                        yield at(cluster.get("EngineVersion"), f"{what} of {version.short} {verb} on {end}")


def _declines_extended_support(cluster: Cluster) -> bool:
    """Whether Extended Support is declined, which makes the end of support an error of its own."""
    return cluster.get("EngineLifecycleSupport").text == "open-source-rds-extended-support-disabled"


_VERSIONED = ("AWS::RDS::GlobalCluster", CLUSTER, INSTANCE)


class VersionInSeveralPlaces(AuroraRule):
    """One engine version is written in several places.

    An upgrade written in one place only leaves databases on different versions; members of a global database can then
    not take over from each other.
    """

    id = "I9038"
    fix = "make it one parameter and give it to each by Ref"
    page = "USER_UpgradeDBInstance.PostgreSQL"
    every_variant = False

    def look(self, variant: Variant) -> Iterator[Problem]:
        first: dict[tuple[str | None, str], Resource] = {}
        for resource in variant.resources(*_VERSIONED):
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


class PinnedVersion(AuroraRule):
    """A pinned minor version while AWS installs newer ones.

    AutoMinorVersionUpgrade is on by default. It moves the cluster ahead of the template; the next edit of EngineVersion
    then fails with 'Cannot upgrade from 16.9 to 16.8'.
    """

    id = "W9037"
    fix = "set AutoMinorVersionUpgrade to false on every instance, or name only the major version"
    page = "USER_UpgradeDBInstance.Upgrading"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for cluster in aurora_clusters(variant):
            version = cluster.version
            for instance in cluster.instances() if version and version.is_pinned else ():
                found = instance.get("AutoMinorVersionUpgrade")
                if instance.certain and version and (found.absent or found.flag is True):
                    kind = "the LTS version" if is_lts(version) else "version"
                    message = f"{cluster.resource.name} pins {kind} {version.short}, {instance.name} upgrades it"
                    yield Problem(instance.place_of(found), message)
