"""Whether the running engine is newer than the template's: RDS does not downgrade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aurora_cfn.deploy.preflight.check import Check, CheckPorts, stack_finding
from aurora_cfn.deploy.preflight.subject import Subject, text
from aurora_cfn.model.finding import Finding, Severity
from aurora_cfn.model.resource_types import RDS_DATABASES
from aurora_cfn.model.version_order import is_lower, numbers

NAME = "running-version"
PARAMETER = "EngineVersion"
Running = Mapping[str, str]


def facts(ports: CheckPorts, about: Subject) -> Running:
    """The running version of each database of the stack that has one, by logical id."""
    found: dict[str, str] = {}
    for name, resource in about.new.items():
        physical = about.physical_id(name)
        if resource.type in RDS_DATABASES and physical and text(resource.properties.get("EngineVersion")):
            cluster = resource.type.endswith("DBCluster")
            row = ports.databases.cluster(physical) if cluster else ports.databases.instance(physical)
            found |= {name: row.version} if row else {}
    return found


def findings(about: Subject, running: Running) -> Iterator[Finding]:
    """An error where the update would ask for a downgrade, a warning where the next change of the version would.

    CloudFormation sends the version only when the template's own value changes (source of the RDS handlers, 2025-07).
    """
    for name, now in running.items():
        wanted = about.new[name].properties["EngineVersion"]
        old = about.old.get(name)
        left, right = numbers(now), numbers(wanted)
        if left is None or right is None or not is_lower(left, right) or name in about.failing:
            continue
        sent = old is None or old.properties.get("EngineVersion") != wanted
        what = f"runs {now}, newer than {wanted} in the template: {'RDS refuses to downgrade' if sent else _LATER}"
        remedy = f"write {now}, or only the major version to follow minor upgrades"
        severity: Severity = "error" if sent and name not in about.tried else "warning"
        yield stack_finding(NAME, severity, f"{what}; {remedy}", about, PARAMETER, logical_id=name)


_LATER = "nothing happens until the version is changed again"
CHECK = Check(NAME, "which versions run", ("rds:DescribeDBClusters", "rds:DescribeDBInstances"), facts, findings)
