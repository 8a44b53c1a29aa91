from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import SERVERLESS, aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import Resource, World


class ReaderTiers(AuroraRule):
    """No reader scales with the writer, so a failover may reach too little capacity.

    Readers of promotion tier 0 and 1 keep the capacity of the writer; those of tier 2 to 15 scale on their own and may
    be far smaller when they take over.
    """

    id = "W9014"
    fix = "give one reader PromotionTier 0 or 1"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-administration.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            rows = cluster.instances()
            serverless = all(row.certain and row.get("DBInstanceClass").text == SERVERLESS for row in rows)
            # A cluster that pauses has its readers in tier 2 and above for a reason: there they pause on their own.
            if len(rows) > 1 and serverless and not cluster.pauses and not cluster.has_unclear_instances():
                first, second, *_ = sorted(rows, key=_tier)
                if _tier(first) >= 0 and _tier(second) > 1:
                    message = f"the readers of {cluster.resource.name} start at tier {_tier(second):g}"
                    yield at(second.get("PromotionTier"), message)


def _tier(instance: Resource) -> float:
    """The tier, 1 where none is written (RDS's default), -1 where it is not known."""
    found = instance.get("PromotionTier")
    return 1 if found.absent else -1 if found.number is None else found.number
