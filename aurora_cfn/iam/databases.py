"""What CloudFormation may do in RDS: change the environment's databases, and restore what the params file names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from aurora_cfn.facts import read_facts
from aurora_cfn.iam.call_limits import resource_types
from aurora_cfn.iam.document import Statement, statement
from aurora_cfn.iam.scope import Scope
from aurora_cfn.iam.stack_resources import BACKUPS, LONGEST_DATABASE, Made, of_type
from aurora_cfn.model.value import Value
from aurora_cfn.template.authorization import arn_forms

_FACTS: Final = read_facts("iam_actions")["rds"]
KINDS: Final = {kind: tuple(row) for kind, row in _FACTS["named"].items()}
"""Types of RDS to the type in the ARN and the property of the name."""


def database_statements(actions: Sequence[str], scope: Scope) -> Iterator[Statement]:
    """The statements for `actions` of RDS that change something."""
    made = scope.made or ()
    rows = of_type(made, "AWS::RDS::")
    given = [action for action in actions if action.startswith("rds:")]
    changing = [action for action in given if arn_forms(action)]
    if free := [action for action in given if action not in changing]:
        yield statement("NewDatabaseParts", free, ["*"])
    if changing and rows:
        # No snapshot is among them: a caller that may restore any snapshot reads the data of every environment.
        found = [*_own(rows), *_named(rows), *_FACTS["defaults"]]
        yield statement("Databases", changing, [scope.arn("rds", row) for row in dict.fromkeys(found)])
    restoring = [action for action in changing if ":Restore" in action or action.endswith("ReadReplica")]
    sources = list(dict.fromkeys(_sources(rows, scope)))
    if restoring and sources:
        yield statement("Sources", restoring, sources)
    backups = [action for action in restoring if action == "rds:RestoreDBClusterToPointInTime"]
    if backups and any(row.properties.get(BACKUPS) for row in rows):
        # Their ARN has an id of its own, so the tags that they have of the cluster say whose they are.
        tags = {f"aws:ResourceTag/{key}": value for key, value in scope.owner.items()}
        whose = {"StringEquals": tags} if tags else None
        yield statement("KeptBackups", backups, [scope.arn("rds", "cluster-auto-backup:*")], whose)
    snapshots = [action for action in changing if action in resource_types("snapshots")]
    if snapshots and rows:
        kinds = ("cluster-snapshot", "snapshot")
        yield statement("Snapshots", snapshots, [scope.arn("rds", f"{kind}:*") for kind in kinds])


def _own(rows: Sequence[Made]) -> Iterator[str]:
    for row in rows:
        if row.type in KINDS:
            kind, key = KINDS[row.type]
            yield f"{kind}:{row.name(key, LONGEST_DATABASE).lower()}"
        elif kind := _FACTS["nameless"].get(row.type):
            yield f"{kind}:*"


def _named(rows: Sequence[Made]) -> Iterator[str]:
    for row in rows:
        for key, kind in _FACTS["references"].items():
            name = row.properties.get(key)
            if isinstance(name, str) and (kind, key) != KINDS.get(row.type):
                yield f"{kind}:{name.lower()}"


def _sources(rows: Sequence[Made], scope: Scope) -> Iterator[str]:
    for row in rows:
        for key, kinds in _FACTS["sources of data"].items():
            yield from _source(row.properties.get(key), kinds, scope)


def _source(value: Value, kinds: Sequence[str], scope: Scope) -> Iterator[str]:
    if isinstance(value, str) and value.startswith("arn:"):
        yield value
    elif value:
        # A name that comes from another stack or from SSM is not known here.
        name = value.lower() if isinstance(value, str) else "*"
        yield from (scope.arn("rds", f"{kind}:{name}") for kind in kinds)
