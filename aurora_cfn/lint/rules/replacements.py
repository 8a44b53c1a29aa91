"""Rules about databases that an update replaces by an empty one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aurora_cfn.facts import read_facts
from aurora_cfn.lint.mentions import deciding_parameters
from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.variant import Variant
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE
from aurora_cfn.template.forms import NO_VALUE, branches
from aurora_cfn.template.parsed import section_of


class ReplacementLosesData(AuroraRule):
    """Editing a parameter replaces the database and deletes the old one.

    A property that cannot be changed in place comes from a parameter, and UpdateReplacePolicy deletes what is replaced:
    one edited value deletes the data.
    """

    id = "E9024"
    fix = "set UpdateReplacePolicy to Snapshot or Retain"
    page = "aws-attribute-updatereplacepolicy"

    def look(self, variant: Variant) -> Iterator[Problem]:
        create_only = read_facts("rule_tables")["create_only"]
        for resource in variant.resources(*create_only):
            policy = resource.attribute("UpdateReplacePolicy")
            if not resource.get("DBClusterIdentifier").absent and resource.type == INSTANCE:
                continue  # the data of an Aurora instance is the cluster's
            moved = [name for name in create_only[resource.type] if _is_decided(variant, resource.written(name))]
            if moved and (policy.absent or policy.text == "Delete"):
                what = "is Delete" if not policy.absent else "is missing, so a replaced database is deleted"
                message = f"parameters decide {', '.join(moved)}, and UpdateReplacePolicy {what}"
                yield Problem(resource.place_of(policy), message)


def _is_decided(variant: Variant, node: Any) -> bool:
    """Whether a parameter that can be changed decides the property."""
    rows = (section_of(variant.template, "Parameters").get(name) for name in deciding_parameters(variant, node))
    return any(not (isinstance(row, Mapping) and len(row.get("AllowedValues") or (1, 2)) == 1) for row in rows)


class SnapshotParameterLosesData(AuroraRule):
    """A snapshot that comes from a parameter, on a cluster that is deleted when it is replaced.

    SnapshotIdentifier must be kept as long as the cluster exists: removing it creates a new, empty cluster and deletes
    the one with the data.
    """

    id = "E9039"
    fix = "set UpdateReplacePolicy to Snapshot, and keep the value of the parameter at every update"
    page = "aws-resource-rds-dbcluster"
    every_variant = False

    def look(self, variant: Variant) -> Iterator[Problem]:
        yield from _emptied(variant, kept=False)


class SnapshotParameter(AuroraRule):
    """A snapshot that comes from a parameter must be given at every update.

    SnapshotIdentifier must be kept as long as the cluster exists: removing it creates a new, empty cluster; the old
    data is then in a snapshot only.
    """

    id = "W9039"
    fix = "keep the value of the parameter at every update, and suppress this finding with that reason"
    page = "aws-resource-rds-dbcluster"
    every_variant = False

    def look(self, variant: Variant) -> Iterator[Problem]:
        yield from _emptied(variant, kept=True)


def _emptied(variant: Variant, *, kept: bool) -> Iterator[Problem]:
    """Clusters that an emptied parameter replaces; `kept` chooses those whose UpdateReplacePolicy keeps the data."""
    for cluster in variant.resources(CLUSTER):
        found = cluster.get("SnapshotIdentifier")
        keeps = cluster.attribute("UpdateReplacePolicy").text in {"Snapshot", "Retain"}
        names = _emptying(variant, cluster.written("SnapshotIdentifier"))
        if names and keeps is kept:
            message = f"emptying {', '.join(sorted(names))} later replaces {cluster.name} by an empty cluster"
            yield Problem(cluster.place_of(found), message)


def _emptying(variant: Variant, node: Any) -> frozenset[str]:
    """Parameters that may leave a written value empty; one that chooses among snapshots does not."""
    chosen = branches(node)
    if chosen and all(row not in ("", NO_VALUE) and not _emptying(variant, row) for row in chosen):
        return frozenset()
    return deciding_parameters(variant, node)
