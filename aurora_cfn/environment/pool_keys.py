"""The keys under `fleet.pool`, where clients share a cluster: one table for the loader and the JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aurora_cfn.environment.shapes import Fault, Key, Record, Text, WholeNumber
from aurora_cfn.environment.values import STACK_KEY
from aurora_cfn.model.value import Path, Value

POOL = Record(
    (
        Key(
            "stack",
            Text(STACK_KEY, "the key of a stack"),
            "The stack with the shared cluster, deployed once in each region.",
            required=True,
        ),
        Key("connection_limit", WholeNumber(1, 5000), "Connections of each client at most; 20 without it."),
        Key(
            "migrations",
            Text(r"[^/\s\\][^\\]*", "a folder of the repository such as migrations"),
            "The folder of the SQL files, in the order of their names, that `clients upgrade` runs in each database.",
        ),
    )
)


def pool_faults(fleet: Value, path: Path) -> Iterator[Fault]:
    """Keys of a fleet that a pool makes useless."""
    given = fleet if isinstance(fleet, Mapping) and "pool" in fleet else {}
    for key in ("template", "defaults", "accounts", "allow_replace"):
        if key in given:
            yield Fault((*path, key), "is not used beside `pool`, whose clients have no stacks", "leave it out")
