"""Rules about parameter groups: their family and type, and the names and values of their parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aurora_cfn.facts.engine_parameters import cluster_parameters
from aurora_cfn.facts.parameter_values import engine_of, name_problem, value_problem
from aurora_cfn.facts.versions import family
from aurora_cfn.lint.databases import aurora_clusters, single_instances
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.variant import Resource, Variant
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE


class ParameterGroupFamily(AuroraRule):
    """The parameter group is for another engine version.

    A parameter group works only with engine versions of its family; RDS refuses the database otherwise.
    """

    id = "E9032"
    fix = "set Family to that of EngineVersion's major, in a new group when the major changes"
    page = "USER_WorkingWithParamGroups"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for cluster in aurora_clusters(variant):
            version = cluster.version
            wanted = family(version) if version else None
            groups = [cluster.parameter_group()]
            groups += [variant.target(row.get("DBParameterGroupName")) for row in cluster.instances()]
            for group in groups if version and wanted else ():
                yield from _misfit(group, wanted or "", f"{cluster.engine} {version.short if version else ''}")
        for instance in single_instances(variant):
            engine, number = instance.get("Engine").text or "", instance.get("EngineVersion").text or ""
            wanted = _family_of_instance(engine.lower(), number)
            if wanted:
                yield from _misfit(variant.target(instance.get("DBParameterGroupName")), wanted, f"{engine} {number}")


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


_OF_CLUSTER: Final = "AWS::RDS::DBClusterParameterGroup"
_OF_INSTANCE: Final = "AWS::RDS::DBParameterGroup"
_NAMES: Final = (
    (CLUSTER, "DBClusterParameterGroupName", _OF_CLUSTER),
    (CLUSTER, "DBInstanceParameterGroupName", _OF_INSTANCE),
    (INSTANCE, "DBParameterGroupName", _OF_INSTANCE),
)


class ParameterGroupKind(AuroraRule):
    """A parameter group of an instance where one of a cluster is needed, or the other way round.

    A cluster takes an AWS::RDS::DBClusterParameterGroup, an instance an AWS::RDS::DBParameterGroup; RDS finds no group
    of the name otherwise.
    """

    id = "E9072"
    fix = "name a parameter group of the right type"
    page = "API_CreateDBCluster"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for kind, name, wanted in _NAMES:
            for resource in variant.resources(kind):
                found = resource.get(name)
                group = variant.target(found)
                if group and group.type in {_OF_CLUSTER, _OF_INSTANCE} and group.type != wanted:
                    yield at(found, f"{name} names {group.name}, which is an {group.type}", f"name an {wanted}")


class ParameterOfCluster(AuroraRule):
    """A parameter of the cluster in the parameter group of an instance.

    Replication, TLS, auditing, character sets and the layout of the storage are the same for a whole Aurora cluster.
    The group of an instance does not have their parameters, and CloudFormation fails with 'Invalid / Unmodifiable /
    Unsupported DB Parameter'.
    """

    id = "E9033"
    fix = "set it in the AWS::RDS::DBClusterParameterGroup of the cluster"
    page = "USER_WorkingWithDBClusterParamGroups"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for group in variant.resources("AWS::RDS::DBParameterGroup"):
            shared = cluster_parameters(group.get("Family").text or "", variant.offered)
            for name in sorted(shared.intersection(group.get("Parameters").mapping)):
                found = group.get("Parameters", name)
                if not found.absent:
                    yield at(found, f"{name} belongs to the cluster, and {group.name} is the group of an instance")


class ParameterName(AuroraRule):
    """A parameter that the engine of the parameter group does not have.

    CloudFormation fails with 'Invalid / Unmodifiable / Unsupported DB Parameter'. A name is reported when it is one
    letter away from a parameter of the engine, or is a parameter of another engine.
    """

    id = "E9070"
    fix = "correct the name, or leave the parameter out"
    page = "USER_WorkingWithDBClusterParamGroups"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for group in variant.resources("AWS::RDS::DBParameterGroup", "AWS::RDS::DBClusterParameterGroup"):
            yield from _unknown(group)


def _unknown(group: Resource) -> Iterator[Problem]:
    family, settings = group.get("Family").text or "", group.get("Parameters")
    engine, offered = engine_of(family), group.variant.offered.parameters(family)
    if engine is None:
        return
    for name in sorted(str(key) for key in settings.mapping):
        # What RDS itself lists counts before the names that came with the program.
        if offered and (name in offered.cluster or name in offered.instance):
            continue
        what, fix = name_problem(name, engine)
        if what:
            yield Problem((*settings.path, name), f"{family} {what}", fix)


class ParameterValue(AuroraRule):
    """A value that the parameter of the engine does not take.

    RDS writes the switches of PostgreSQL as 0 and 1, and refuses a number that the engine does not take.
    """

    id = "E9071"
    fix = "use a value that the parameter takes"
    page = "AuroraPostgreSQL.Reference.ParameterGroups"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for group in variant.resources("AWS::RDS::DBParameterGroup", "AWS::RDS::DBClusterParameterGroup"):
            is_postgresql = engine_of(group.get("Family").text or "") == "postgresql"
            for name in group.get("Parameters").mapping if is_postgresql else ():
                found = group.get("Parameters", name)
                text = found.text or "{"
                if "{" in text:
                    continue  # not known here, a formula such as {DBInstanceClassMemory/32768}, or a dynamic reference
                what, fix = value_problem(name, text)
                if what:
                    yield at(found, what, fix)
