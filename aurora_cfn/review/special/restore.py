"""The snapshot that a cluster was restored from must be named for life."""

from __future__ import annotations

from aurora_cfn.facts.stateful import stateful_types
from aurora_cfn.model.change import Effect, Verdict
from aurora_cfn.review.special.context import Context


def dropped_snapshot(context: Context) -> Effect | None:
    """A cluster's SnapshotIdentifier removed: CloudFormation makes an empty cluster and deletes the full one.

    Source: description of AWS::RDS::DBCluster in the resource schema. Instances are not affected.
    """
    row = stateful_types().get(context.type)
    difference = context.difference
    if row is None or not row.restored_from or difference.keys != (row.restored_from,):
        return None
    if difference.before is not None and difference.after is None:
        return Effect(
            Verdict.DATA_LOSS,
            f"without {row.restored_from} CloudFormation makes an empty {row.noun} and deletes the one with the data",
            way_out=f"put {row.restored_from} back with the same value; it must stay for the life of the cluster",
        )
    return Effect(
        Verdict.REPLACE,
        f"the {row.noun} is restored from that snapshot; everything written since then is not in it",
        way_out=f"keep {row.restored_from} as it was; restore into a new stack and move over",
    )
