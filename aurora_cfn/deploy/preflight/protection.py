"""Whether deletion protection would fail a removal, or outlast a replacement, that the template causes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aurora_cfn.deploy.preflight.check import Check, CheckPorts, stack_finding
from aurora_cfn.deploy.preflight.subject import Subject
from aurora_cfn.model.change import Change
from aurora_cfn.model.finding import Finding, Severity
from aurora_cfn.model.resource_types import RDS_DATABASES
from aurora_cfn.template.resources import RETAINING

NAME = "deletion-protection"
Going = Mapping[str, str]


def going(about: Subject) -> Going:
    """`removed` or `replaced` for each deployed database that the stack would lose and not retain, by logical id."""
    if not about.exists:
        return {}
    # A new stack, which has no changes, is deployed without the modules that judge them.
    from aurora_cfn.review.changes import changes

    found = {}
    for change in changes(about.before, about.after):
        verb = _verb(change)
        old = about.old.get(change.destroyed_id)
        policy = "UpdateReplacePolicy" if verb == "replaced" else "DeletionPolicy"
        if verb and old and old.type in RDS_DATABASES and old.policy(policy) not in RETAINING:
            found[old.logical_id] = verb
    return found


def facts(ports: CheckPorts, about: Subject) -> frozenset[str]:
    """Logical ids of those that are protected in RDS; a template may say otherwise."""
    return frozenset(name for name in going(about) if _protected(ports, about, name))


def findings(about: Subject, protected: frozenset[str]) -> Iterator[Finding]:
    """An error for each protected database that would be removed, a warning for one that would be replaced."""
    for name, verb in going(about).items():
        if name in protected:
            # A replaced resource is deleted in the clean-up, whose failures do not fail the update.
            end = "the deletion fails" if verb == "removed" else "the old one stays behind, outside of the stack"
            what = f"would be {verb}, but deletion protection of {about.physical_id(name)} is on: {end}"
            remedy = "to delete it, deploy DeletionProtection=false first, alone"
            severity: Severity = "error" if verb == "removed" else "warning"
            yield stack_finding(NAME, severity, f"{what}; {remedy}", about, "DeletionProtection", logical_id=name)


def _verb(change: Change) -> str:
    if change.section != "Resources":
        return ""
    if change.kind in {"remove", "rename"}:
        return "removed"
    return "replaced" if change.replaces != "no" else ""


def _protected(ports: CheckPorts, about: Subject, name: str) -> bool:
    physical = about.physical_id(name)
    if not physical:
        return False
    cluster = about.old[name].type.endswith("DBCluster")
    row = ports.databases.cluster(physical) if cluster else ports.databases.instance(physical)
    return bool(row and row.protected)


CHECK = Check(NAME, "deletion protection", ("rds:DescribeDBClusters", "rds:DescribeDBInstances"), facts, findings)
