"""What the stacks of an environment make: the resources of the templates, and the names that they have or get."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aurora_cfn.model.resource_types import CLUSTER
from aurora_cfn.model.value import Value

CLUSTER_NAME, INSTANCE_NAME = "DBClusterIdentifier", "DBInstanceIdentifier"
BACKUPS = "SourceDbClusterResourceId"
"""The property that names a deleted cluster whose backups were kept."""
LONGEST_ROLE, LONGEST_FUNCTION, LONGEST_DATABASE = 64, 64, 63
"""Characters of the names that CloudFormation gives to roles, functions and databases at most (API references)."""


@dataclass(frozen=True, slots=True)
class Made:
    """A resource of a template, with its stack's name in AWS and its properties as far as they are known offline."""

    stack: str
    logical_id: str
    type: str
    properties: Mapping[str, Value]

    def name(self, key: str, longest: int) -> str:
        """The name in that property, else a pattern for the one that CloudFormation makes."""
        given = self.properties.get(key)
        if isinstance(given, str):
            return given
        # A name from another stack is not known here, and any pattern for it would be a guess.
        return "*" if given is not None else generated_name(self.stack, self.logical_id, longest)


def generated_name(stack: str, logical_id: str, longest: int) -> str:
    """A pattern for the name that CloudFormation makes of the names of the stack and of the resource.

    It ends in a hyphen and twelve characters. Stack and resource share the rest evenly, and what one of them does not
    need is the other's (IdentifierUtils in the public cloudformation-cli-java-plugin, read 2026-11).
    """
    room = longest - len("-") - len("-123456789012")
    first, second = room - room // 2, room // 2
    stack = re.sub("-{2,}", "-", stack)
    whole = stack[: max(first, room - len(logical_id))], logical_id[: max(second, room - len(stack))]
    return f"{whole[0]}-{whole[1]}-*"


def of_type(made: Iterable[Made], *types: str) -> list[Made]:
    """The resources of these types; one that ends in `::` is the beginning of several."""
    begins = tuple(kind for kind in types if kind.endswith("::"))
    return [row for row in made if row.type in types or row.type.startswith(begins)]


def copied(made: Sequence[Made], suffix: str) -> list[Made]:
    """What copies of the databases make: stacks and clusters with that pattern after the names of the originals.

    Their data come from the original, from its snapshots as they are called without another name (the final one by the
    stack and `snapshot-`, DeleteHandler of the public resource provider, read 2026-11), or from kept backups.
    """
    clusters = {
        row.stack: row for row in made if row.type == CLUSTER and isinstance(row.properties.get(CLUSTER_NAME), str)
    }
    found = []
    for row in made:
        if row.stack not in clusters:
            continue
        name = str(clusters[row.stack].properties[CLUSTER_NAME])
        copy = Made(f"{row.stack}-{suffix}", row.logical_id, row.type, _renamed(row.properties, name, suffix))
        if row.type != CLUSTER:
            found.append(copy)
            continue
        final = generated_name(row.stack, f"snapshot-{row.logical_id}", LONGEST_DATABASE).lower()
        for source in (f"{name}-*", f"rds:{name}-*", final):
            origin = {"SourceDBClusterIdentifier": name, "SnapshotIdentifier": source, BACKUPS: "*"}
            found.append(replace(copy, properties={**copy.properties, **origin}))
    return found


def _renamed(value: Any, name: str, suffix: str) -> Any:
    """The value with the name of the copy where it has that of the cluster, alone or as a part of a path or name."""
    if isinstance(value, str):
        return re.sub(rf"(?<![\w.-]){re.escape(name)}(?=[-/]|$)", f"{name}-{suffix}", value)
    if isinstance(value, Mapping):
        return {key: _renamed(item, name, suffix) for key, item in value.items()}
    return [_renamed(item, name, suffix) for item in value] if isinstance(value, list) else value
