from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import CLUSTER
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class ServerlessV1(AuroraRule):
    """EngineMode serverless is Aurora Serverless v1.

    Aurora Serverless v1 ended on 2025-03-31. Creating it fails with 'The engine mode serverless you requested is
    currently unavailable', and cfn-lint says nothing.
    """

    id = "E9001"
    fix = (
        "leave EngineMode out, give ServerlessV2ScalingConfiguration and add an AWS::RDS::DBInstance of class "
        "db.serverless"
    )
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless.create.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in world.resources(CLUSTER):
            mode = cluster.get("EngineMode")
            if (mode.text or "").lower() == "serverless":
                yield at(mode, "EngineMode serverless is Aurora Serverless v1, which ended on 2025-03-31")
