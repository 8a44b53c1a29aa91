"""Whether a resource outside of the stack already has a name that the template gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from aurora_cfn.deploy.preflight.check import Check, CheckPorts, stack_finding
from aurora_cfn.deploy.preflight.subject import Subject, WholeRun, text
from aurora_cfn.model.finding import Finding
from aurora_cfn.model.stack import StackResource

NAME = "names"
ACTIONS = (
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "logs:DescribeLogGroups",
    "ssm:DescribeParameters",
    "secretsmanager:DescribeSecret",
)


def _name_in_arn(physical_id: str) -> str:
    """The name of a secret: its physical id is an ARN, which ends with a hyphen and six characters that AWS adds."""
    return physical_id.rpartition(":secret:")[2].rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class Named:
    """A type whose names are unique: the property `key` gives the name, `taken` asks AWS, `folds` lowers the case.

    `named` gives the name in a physical id.
    """

    noun: str
    key: str
    taken: Callable[[CheckPorts, str], bool]
    folds: bool = False
    named: Callable[[str], str] = str


TYPES: Mapping[str, Named] = {
    "AWS::RDS::DBCluster": Named(
        "cluster", "DBClusterIdentifier", lambda ports, name: ports.databases.cluster(name) is not None, folds=True
    ),
    "AWS::RDS::DBInstance": Named(
        "instance", "DBInstanceIdentifier", lambda ports, name: ports.databases.instance(name) is not None, folds=True
    ),
    "AWS::Logs::LogGroup": Named("log group", "LogGroupName", lambda ports, name: ports.names.log_group(name)),
    "AWS::SSM::Parameter": Named("SSM parameter", "Name", lambda ports, name: ports.names.parameter(name)),
    "AWS::SecretsManager::Secret": Named(
        "secret", "Name", lambda ports, name: ports.names.secret(name), named=_name_in_arn
    ),
}
"""RDS keeps identifiers in lower case (its API reference, read 2026-11); the others are kept as given."""


def wanted(about: Subject) -> dict[str, str]:
    """Names that the deployment would give, by logical id; a resource that the stack already has keeps its name."""
    # RDS compares identifiers without case, and shows them in lower case.
    own = {_own_name(row).casefold() for row in about.live.values() if row.exists}
    found = {}
    for logical_id, resource in about.new.items():
        row = TYPES.get(resource.type)
        name = text(resource.properties.get(row.key)) if row and resource.certain else None
        if row and name and name.casefold() not in own:
            found[logical_id] = name.lower() if row.folds else name
    return found


def _own_name(resource: StackResource) -> str:
    row = TYPES.get(resource.type)
    return row.named(resource.physical_id) if row else resource.physical_id


def facts(ports: CheckPorts, about: Subject) -> frozenset[str]:
    """Logical ids whose names are taken; of a stack whose operation still runs, which may just be taking them, none."""
    # The list of resources was read before the names are: what was created in between would count as another's.
    if about.stack is not None and about.stack.busy:
        return frozenset()
    return frozenset(
        logical_id for logical_id, name in wanted(about).items() if TYPES[about.new[logical_id].type].taken(ports, name)
    )


def findings(about: Subject, taken: frozenset[str]) -> Iterator[Finding]:
    """An error for each name that is taken, with what can be done."""
    for logical_id, name in wanted(about).items():
        if logical_id in taken:
            row = TYPES[about.new[logical_id].type]
            what = f"there is a {row.noun} {name} already, outside of this stack: delete it, rename one of them, or"
            command = f"aurora-cfn import --env {about.environment.name} --stack {about.entry.key} {logical_id}={name}"
            yield stack_finding(NAME, "error", f"{what} take it over with `{command}`", about, logical_id=logical_id)


def twins(whole: WholeRun) -> Iterator[Finding]:
    """An error for each name that two resources of the run would get: the second creation fails."""
    owners: dict[tuple[str, str], str] = {}
    for about in whole.subjects:
        for logical_id, name in wanted(about).items():
            kind = about.new[logical_id].type
            first = owners.setdefault((kind, name), f"{about.entry.key}.{logical_id}")
            if first != f"{about.entry.key}.{logical_id}":
                what = f"{first} makes a {TYPES[kind].noun} {name} too: give one of them another name"
                yield stack_finding(NAME, "error", what, about, logical_id=logical_id)


CHECK = Check(NAME, "whether names are free", ACTIONS, facts, findings)
