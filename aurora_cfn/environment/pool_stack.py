"""What is wrong with the stack that the clients of `fleet.pool` share, as far as the file and its template say it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aurora_cfn.environment.relations import Scope
from aurora_cfn.environment.shapes import mapping_of, suggestion
from aurora_cfn.errors import Complaint
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE
from aurora_cfn.model.value import Path
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.resources import Resource, resources
from aurora_cfn.template.side import Side
from aurora_cfn.yamltext import Document

PLACE: Path = ("fleet", "pool", "stack")
DSQL = "is Aurora DSQL, whose clusters have one database each"
# MySQL has names of users of 32 characters only, no transaction around the statements of a migration, and on MariaDB,
# where these are tried, no place for whose a user is.
OTHER_ENGINE = "has the engine {}: pools are made on PostgreSQL"
NO_DATA_API = "has no Data API, which the clients of a pool are made through"
NO_CLUSTER = "has no cluster of Aurora, which the clients of a pool share"
INSTEAD = "give each client a cluster with fleet.template"
"""Why a stack cannot be that of a pool, and what to do, also where it is found when it is deployed."""


def pool_complaints(document: Document, scope: Scope) -> Iterator[Complaint]:
    """A complaint about a stack that is not there, or whose template has nothing that clients can share."""
    key = document.value
    for part in PLACE:
        key = mapping_of(key).get(str(part))
    if not isinstance(key, str):
        return
    entry, what, hint = scope.stack(key), "", ""
    template = scope.summary(entry)
    if key not in scope.declared:
        what, hint = f"there is no stack {key}", suggestion(key, scope.declared)
    elif entry and template:
        side = Side(template.template, parameters=entry.parameters, stack=entry.name)
        found = list(resources(Evaluator(side)).values())
        why, hint = _unfit(found)
        what = f"the template {template.name} {why}" if why else ""
    if what:
        yield Complaint(what, scope.path, document.line(PLACE), ".".join(map(str, PLACE)), hint)


def _unfit(found: Sequence[Resource]) -> tuple[str, str]:
    """Why these resources are no pool, and what to do; empty where they are, or where it is not known."""
    clusters = [row for row in found if row.type == CLUSTER]
    if any(row.type.startswith("AWS::DSQL::") for row in found):
        return DSQL, INSTEAD
    if not clusters:
        # A nested stack may have one.
        nothing = all(row.type == INSTANCE or not row.type.startswith(("AWS::CloudFormation::", "AWS::RDS::"))
                      for row in found)  # fmt: skip
        return (NO_CLUSTER, INSTEAD) if nothing else ("", "")
    engines = {str(row.properties.get("Engine")) for row in clusters if isinstance(row.properties.get("Engine"), str)}
    other = sorted(name for name in engines if "postgres" not in name)
    if other and len(engines) == 1:
        return OTHER_ENGINE.format(other[0]), INSTEAD
    off = [row for row in clusters if str(row.properties.get("EnableHttpEndpoint", "")).lower() == "false"]
    return (NO_DATA_API, "switch it on") if off and len(off) == len(clusters) else ("", "")
