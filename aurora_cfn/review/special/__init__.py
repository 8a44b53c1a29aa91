"""What the schemas do not say: one module a subject, each a function from a difference to an effect or None."""

from __future__ import annotations

from collections.abc import Sequence

from aurora_cfn.review.special import database, dynamodb, engine_version, expiry, network, protection
from aurora_cfn.review.special.context import Context, Special

# The last one that returns an effect gives the sentence (`verdicts._both`), so the more exact ones come later.
SPECIALS: Sequence[Special] = (
    database.dropped_snapshot,
    engine_version.version,
    protection.switched_off,
    protection.retention_lowered,
    protection.weakened_access,
    expiry.objects_deleted,
    database.engine_parameter,
    database.data_api,
    network.iam_required,
    database.scaling,
    dynamodb.indexes,
    dynamodb.replicas,
    network.closed,
    database.nested_stack,
)

__all__ = ["SPECIALS", "Context"]
