"""A second stack with a copy of an environment's database, as one more stack of the environment that deploys as any.

The template and the parameters are those of the original, so that the copy can take its place. `restore` and `branch`
use it like this:

    copy = DatabaseCopy("db", "r1", "restore", CopySource(snapshot="before"), overrides={"Readers": "0"})
    environment = with_copy(target.environment, copy, original, target.templates["aurora-serverless-postgres"])
    entry = environment.entry(copy_key(copy))      # its stack in AWS is called db-production-r1

and `cli.runs.database_copy.deploy_copy` does both steps and deploys the result: change set, checks, consent, events.
Afterwards `copies` finds the copies among the stacks of the account by their tags.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from aurora_cfn.errors import InputError
from aurora_cfn.model.database_copy import COPY, COPY_OF, CopySource, CopyStack, DatabaseCopy, copy_of
from aurora_cfn.model.environment import Environment, EnvironmentStack, ParameterValue
from aurora_cfn.model.ownership import Ownership, ownership_of
from aurora_cfn.model.rds_database import IDENTIFIER
from aurora_cfn.model.stack import Stack
from aurora_cfn.template.summary import TemplateSummary

CLUSTER_NAME, SNAPSHOT, SOURCE = "ClusterName", "SnapshotIdentifier", "SourceDBClusterIdentifier"
BACKUPS, RESTORE_TYPE, RESTORE_TIME = "SourceDbClusterResourceId", "RestoreType", "RestoreToTime"
NEEDED = (CLUSTER_NAME, SNAPSHOT, SOURCE, RESTORE_TYPE, RESTORE_TIME)
"""Parameters that a template has if its database can be copied."""
AS_DEPLOYED = ("EngineVersion", "DatabaseName")
"""What the data decide: a restored cluster begins with the version of its source, and brings the database."""
LONGEST_CLUSTER = 61
"""Characters of ClusterName at most: RDS takes 63 for an identifier, and instances add two."""
LONGEST_STACK = 128
"""Characters of a stack's name at most (CreateStack, API reference)."""


@dataclass(frozen=True, slots=True)
class Original:
    """The database to copy: its deployed stack, the identifier of its cluster in RDS, and its subnet group."""

    stack: Stack
    cluster: str
    subnet_group: str = ""


def copy_key(copy: DatabaseCopy) -> str:
    """`db-r1`: the key under which the copy is in the environment of `with_copy`."""
    return f"{copy.of}-{copy.suffix}"


def with_copy(
    environment: Environment, copy: DatabaseCopy, original: Original, template: TemplateSummary
) -> Environment:
    """The environment with the stack of the copy added, to deploy that key alone.

    Raises InputError where the template has no parameters to restore with, or where a name would be too long.
    """
    entry = environment.entry(copy.of)
    needed = (*NEEDED, BACKUPS) if copy.source.backups else NEEDED
    missing = [name for name in needed if template.parameter(name) is None]
    if missing:
        what = f"{entry.template_file} has no parameter {', '.join(missing)}, so its database cannot be copied"
        raise InputError(f"{what} into a second stack; the templates aurora-serverless-* have them")
    made = replace(
        entry,
        key=copy_key(copy),
        name=f"{entry.name}-{copy.suffix}",
        parameters=_parameters(entry, copy, original, template),
        tags={**entry.tags, COPY: copy.kind, COPY_OF: entry.name, **copy.tags},
        # A copy is deleted without ceremony; `after_deploy` would run the migrations of the original.
        protect=False,
        stack_policy=None,
        allow_replace=(),
        after_deploy=(),
        disposable=copy.kind == "branch",
    )
    _check_names(made)
    return replace(environment, stacks=(*environment.stacks, made))


def _parameters(
    entry: EnvironmentStack, copy: DatabaseCopy, original: Original, template: TemplateSummary
) -> Mapping[str, ParameterValue]:
    wanted: dict[str, ParameterValue] = {
        **decided_by_data(original.stack),
        CLUSTER_NAME: f"{original.cluster}-{copy.suffix}",
        # The original keeps publishing its ARNs under the name of the service: two stacks cannot.
        "ServiceName": "",
        # Nor can two secrets have one name, and RDS makes one for the copy.
        "SecretName": "",
        "DeletionProtection": "false",
    }
    if original.stack.parameters.get("NetworkStackName"):
        # RDS cannot move a cluster to another subnet group, so with one of its own neither could be deleted alone
        # after a swap.
        wanted["SubnetGroupName"] = original.subnet_group
    wanted |= {"DBMaster": ""} if copy.own_secret else {}
    wanted |= {**source_parameters(copy.source), RESTORE_TYPE: "copy-on-write" if copy.source.clone else "full-copy"}
    wanted |= copy.overrides
    return {**entry.parameters, **{name: value for name, value in wanted.items() if template.parameter(name)}}


def decided_by_data(stack: Stack) -> dict[str, str]:
    """The parameters of the stack that a copy of its data has too."""
    return {name: value for name in AS_DEPLOYED if (value := stack.parameters.get(name))}


def with_data_of(source: Stack, original: Original) -> Original:
    """The original with what the data in the stack `source` decide."""
    stack = original.stack
    return replace(original, stack=replace(stack, parameters={**stack.parameters, **decided_by_data(source)}))


def source_parameters(source: CopySource) -> dict[str, str]:
    """The parameters that name the source, those empty that do not: the original may have been restored itself."""
    return {
        SNAPSHOT: source.snapshot,
        SOURCE: source.cluster,
        BACKUPS: source.backups,
        RESTORE_TIME: source.to_time,
    }


def _check_names(entry: EnvironmentStack) -> None:
    cluster = str(entry.parameters[CLUSTER_NAME])
    for what, name, most in (("stack", entry.name, LONGEST_STACK), ("cluster", cluster, LONGEST_CLUSTER)):
        if len(name) > most:
            raise InputError(f"the {what} of the copy would be called {name}: AWS takes {most} characters at most")
    if not (IDENTIFIER.fullmatch(cluster) and cluster.islower()):
        rule = "lower-case letters, digits and single hyphens, starting with a letter"
        raise InputError(f"the cluster of the copy would be called {cluster}: RDS takes {rule}")


def copies(stacks: Iterable[Stack], owner: Ownership) -> tuple[CopyStack, ...]:
    """The copies among the stacks that belong to the owner: of each original by name, `r10` after `r9`."""
    found = [copy for row in stacks if row.exists and ownership_of(row.tags) == owner and (copy := copy_of(row))]
    return tuple(sorted(found, key=lambda row: (row.of, row.kind, len(row.suffix), row.suffix)))


def free_suffix(taken: Collection[str], prefix: str = "r") -> str:
    """`r1`, or the first higher number that no copy has."""
    number = 1
    while f"{prefix}{number}" in taken:
        number += 1
    return f"{prefix}{number}"
