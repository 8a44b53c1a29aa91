"""What the schemas do not say: one module a subject, each a function from a difference to an effect or None."""

from __future__ import annotations

from collections.abc import Sequence

from aurora_cfn.review.special import database, engine_version, groups, inside, network, protection, restore
from aurora_cfn.review.special.context import Context, Special

SPECIALS: Sequence[Special] = (
    restore.dropped_snapshot,
    engine_version.version,
    engine_version.lifecycle,
    protection.switched_off,
    protection.retention_lowered,
    protection.weakened_access,
    groups.engine_parameter,
    database.scaling,
    network.closed,
    inside.nested_stack,
)

__all__ = ["SPECIALS", "Context"]
