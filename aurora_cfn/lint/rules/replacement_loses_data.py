from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aurora_cfn.facts import read_facts
from aurora_cfn.lint.databases import INSTANCE
from aurora_cfn.lint.mentions import deciding_parameters
from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.world import World, section


class ReplacementLosesData(AuroraRule):
    """Editing a parameter replaces the database and deletes the old one.

    A property that cannot be changed in place comes from a parameter, and UpdateReplacePolicy deletes what is replaced:
    one edited value deletes the data.
    """

    id = "E9024"
    fix = "set UpdateReplacePolicy to Snapshot or Retain"
    source_url = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatereplacepolicy.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        create_only = read_facts("rule_tables")["create_only"]
        for resource in world.resources(*create_only):
            policy = resource.attribute("UpdateReplacePolicy")
            if not resource.get("DBClusterIdentifier").absent and resource.type == INSTANCE:
                continue  # the data of an Aurora instance is the cluster's
            moved = [name for name in create_only[resource.type] if _is_decided(world, resource.written(name))]
            if moved and (policy.absent or policy.text == "Delete"):
                place = resource.path if policy.absent else policy.path
                what = "is Delete" if not policy.absent else "is missing, so a replaced database is deleted"
                yield Problem(place, f"parameters decide {', '.join(moved)}, and UpdateReplacePolicy {what}")


def _is_decided(world: World, node: Any) -> bool:
    """Whether a parameter that can be changed decides the property."""
    rows = (section(world.template, "Parameters").get(name) for name in deciding_parameters(world, node))
    return any(not (isinstance(row, Mapping) and len(row.get("AllowedValues") or (1, 2)) == 1) for row in rows)
