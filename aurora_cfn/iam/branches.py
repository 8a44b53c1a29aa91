"""What the branches of an environment's databases are called, as patterns made of what its templates make.

The caller that makes branches needs no right to change the originals or to read their data, only to restore from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from aurora_cfn.iam.scope import SCHEDULES
from aurora_cfn.iam.stack_resources import BACKUPS, Made, copied, of_type
from aurora_cfn.model.database_copy import BRANCH_PREFIX
from aurora_cfn.model.resource_types import CLUSTER

BRANCHES: Final = f"-{BRANCH_PREFIX}*"
"""The suffix that the names of all branches add to those of their originals."""
_NO_CLONES: Final = ("SnapshotIdentifier", BACKUPS)
"""Sources of a restored copy that a branch does not have."""


def branch_stacks(made: Sequence[Made]) -> list[str]:
    """Patterns for the stacks of branches: those with a cluster can have some."""
    return [f"{stack}{BRANCHES}" for stack in dict.fromkeys(row.stack for row in of_type(made, CLUSTER))]


def made_by_branches(made: Sequence[Made]) -> list[Made]:
    """What the stacks of branches make: clones only, and no roles, since they have no enhanced monitoring."""
    rows = [row for row in copied(made, f"{BRANCH_PREFIX}*") if row.type != "AWS::IAM::Role"]
    cloned = [
        replace(row, properties={key: value for key, value in row.properties.items() if key not in _NO_CLONES})
        for row in rows
    ]
    return [row for place, row in enumerate(cloned) if row not in cloned[:place]]


def janitors(made: Sequence[Made]) -> list[Made]:
    """What the stacks with schedules make: their groups, and the roles that schedules assume."""
    stacks = {row.stack for row in of_type(made, SCHEDULES)}
    return [row for row in made if row.stack in stacks]
