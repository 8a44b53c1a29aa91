"""Whether a region has room for new clients: the fleet's own limit, and the quotas of RDS."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from aurora_cfn.deploy.preflight.quotas import COUNTED, SNAPSHOTS
from aurora_cfn.errors import InputError
from aurora_cfn.model.environment import Fleet, ParameterValue
from aurora_cfn.model.rds_database import Quota
from aurora_cfn.model.resource_types import CLUSTER
from aurora_cfn.model.value import Value
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.resources import unconditional
from aurora_cfn.template.side import Side

CLUSTERS, _ = COUNTED[CLUSTER]


def needs_of(template: Mapping[str, Value], parameters: Mapping[str, ParameterValue]) -> Counter[str]:
    """How many of each quota of RDS a stack needs at least: what has a condition may not be made."""
    rows = unconditional(Evaluator(Side(template, parameters)))
    return Counter(COUNTED[row.type][0] for row in rows if row.type in COUNTED)


def refuse_full(
    fleet: Fleet, region: str, there: int, new: int, quotas: Mapping[str, Quota], needs: Mapping[str, int]
) -> None:
    """Raise InputError with used and maximum where `new` clients do not fit beside those that are there.

    `needs` is how many of each quota one client uses. A quota that the endpoint does not return limits nothing.
    """
    found = list(_lacks(fleet, there, new, quotas, needs))
    if found:
        raise InputError("\n".join(f"{region}: {line}; nothing was created" for line in found))


def _lacks(fleet: Fleet, there: int, new: int, quotas: Mapping[str, Quota], needs: Mapping[str, int]) -> Iterator[str]:
    most = fleet.max_clients_per_region
    if there + new > most:
        yield f"{there} clients of {most} (max_clients_per_region) are there, and {new} more are asked for"
    for name, count in needs.items():
        quota = quotas.get(name)
        if quota and quota.limit and quota.left < count * new:
            yield f"{new} more need {count * new} {name} of RDS, of whose quota {quota.used} of {quota.limit} are used"
    snapshots = quotas.get(SNAPSHOTS)
    # The final snapshot of every client that is deleted counts, and without room for it the deletion fails.
    if snapshots and snapshots.limit and not snapshots.left and needs.get(CLUSTERS):
        yield f"all {snapshots.limit} manual cluster snapshots are used, so no client could be deleted: delete old ones"
