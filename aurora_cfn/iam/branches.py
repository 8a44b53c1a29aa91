"""What the branches of an environment's databases are called, as patterns made of what its templates make.

Who makes branches needs no right to change the originals, nor to read their data: only to restore from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from aurora_cfn.iam.made import LONGEST_DATABASE, Made, of_type
from aurora_cfn.iam.scope import CLUSTER, CLUSTER_NAME, INSTANCE, INSTANCE_NAME, SCHEDULES
from aurora_cfn.model.database_copy import BRANCH_PREFIX

BRANCHES: Final = f"-{BRANCH_PREFIX}*"
"""What the names of all branches have after those of their originals."""


def branch_stacks(made: Sequence[Made]) -> list[str]:
    """Patterns for the stacks of branches: those with a cluster can have some."""
    return [f"{stack}{BRANCHES}" for stack in dict.fromkeys(row.stack for row in of_type(made, CLUSTER))]


def made_by_branches(made: Sequence[Made]) -> list[Made]:
    """What the stacks of branches make; no roles, since they have no enhanced monitoring."""
    return list(_branches(made))


def janitors(made: Sequence[Made]) -> list[Made]:
    """What the stacks with schedules make: their groups, and the roles that schedules assume."""
    stacks = {row.stack for row in of_type(made, SCHEDULES)}
    return [row for row in made if row.stack in stacks]


def _branches(made: Sequence[Made]) -> Iterator[Made]:
    clusters = {row.stack: row.name(CLUSTER_NAME, LONGEST_DATABASE) for row in of_type(made, CLUSTER)}
    for row in made:
        if row.stack not in clusters or row.type == "AWS::IAM::Role":
            continue
        name = f"{clusters[row.stack].lower()}{BRANCHES}"
        source = {CLUSTER_NAME: name, "SourceDBClusterIdentifier": clusters[row.stack]}
        changed = {CLUSTER: source, INSTANCE: {INSTANCE_NAME: name}}.get(row.type, {})
        yield replace(row, stack=f"{row.stack}{BRANCHES}", properties={**row.properties, **changed})
