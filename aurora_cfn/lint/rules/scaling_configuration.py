from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import CLUSTER
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class ScalingConfiguration(AuroraRule):
    """ScalingConfiguration is for Aurora Serverless v1 only.

    ScalingConfiguration belongs to Aurora Serverless v1, which ended on 2025-03-31; no engine mode that can be created
    takes it.
    """

    id = "E9002"
    fix = "write ServerlessV2ScalingConfiguration with MinCapacity (0 to pause), MaxCapacity and SecondsUntilAutoPause"
    source_url = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-rds-dbcluster-scalingconfiguration.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in world.resources(CLUSTER):
            scaling = cluster.get("ScalingConfiguration")
            if scaling.mapping:
                yield at(scaling, "ScalingConfiguration configures Aurora Serverless v1, which ended on 2025-03-31")
