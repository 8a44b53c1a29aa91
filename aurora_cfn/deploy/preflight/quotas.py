"""Whether the account's quotas have room for what would be created."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from aurora_cfn.deploy.preflight.check import SOURCE, Check, CheckPorts
from aurora_cfn.deploy.preflight.subject import WholeRun
from aurora_cfn.model.finding import Finding, Severity
from aurora_cfn.model.rds_database import Quota
from aurora_cfn.model.resource_types import CLUSTER

NAME = "quotas"
STACKS = "stack-quota"
COUNTED = {
    "AWS::RDS::DBCluster": ("DBClusters", "database clusters"),
    "AWS::RDS::DBInstance": ("DBInstances", "database instances"),
    "AWS::RDS::DBSubnetGroup": ("DBSubnetGroups", "subnet groups"),
    "AWS::RDS::DBClusterParameterGroup": ("DBClusterParameterGroups", "cluster parameter groups"),
    "AWS::RDS::DBParameterGroup": ("DBParameterGroups", "parameter groups"),
}
"""Types to RDS's names of their quotas (API reference of DescribeAccountAttributes, read 2026-11)."""
SNAPSHOTS = "ManualClusterSnapshots"


def wanted(about: WholeRun) -> Counter[str]:
    """How many resources of each counted type would be created."""
    return Counter(row.type for one in about.subjects for row in one.arriving() if row.type in COUNTED)


def facts(ports: CheckPorts, about: WholeRun) -> Mapping[str, Quota]:
    """The quotas; empty when nothing that they count would be created and no cluster may need a snapshot."""
    clusters = any(row.type == CLUSTER for one in about.subjects for row in one.old.values())
    return ports.databases.quotas() if wanted(about) or clusters else {}


def findings(about: WholeRun, quotas: Mapping[str, Quota]) -> Iterator[Finding]:
    """An error for each quota that is too small, a warning when the quota of manual cluster snapshots is used up."""
    for kind, count in wanted(about).items():
        name, noun = COUNTED[kind]
        quota = quotas.get(name)
        if quota and count > quota.left:
            yield _finding(about, NAME, "error", _full(count, noun, quota))
    snapshots = quotas.get(SNAPSHOTS)
    # A warning: the final snapshot of a removed cluster is a manual one, but not every deployment makes one.
    if snapshots and not snapshots.left:
        what = f"no manual cluster snapshot fits any more ({snapshots.used} of {snapshots.limit}): delete old ones"
        yield _finding(about, NAME, "warning", f"{what}, or a deletion that keeps one will fail")


def stack_facts(ports: CheckPorts, about: WholeRun) -> Quota | None:
    """The quota of stacks; None when no stack would be created."""
    return ports.account.stacks() if any(not one.exists for one in about.subjects) else None


def stack_findings(about: WholeRun, quota: Quota | None) -> Iterator[Finding]:
    """An error when the new stacks exceed the quota."""
    count = sum(not one.exists for one in about.subjects)
    # A limit of 0 means that AWS did not return it.
    if quota and quota.limit and count > quota.left:
        yield _finding(about, STACKS, "error", _full(count, "stacks", quota))


def _full(count: int, noun: str, quota: Quota) -> str:
    room = f"the account has {quota.used} of {quota.limit}"
    return f"{count} more {noun} do not fit: {room}; delete what is not needed, or ask for more in Service Quotas"


def _finding(about: WholeRun, name: str, severity: Severity, message: str) -> Finding:
    return Finding(name, severity, message, about.environment.path, 1, key="stacks", source=SOURCE)


CHECK = Check(NAME, "the quotas of RDS", ("rds:DescribeAccountAttributes",), facts, findings)
STACK_CHECK = Check(
    STACKS,
    "how many stacks fit",
    ("cloudformation:DescribeAccountLimits", "cloudformation:ListStacks"),
    stack_facts,
    stack_findings,
)
