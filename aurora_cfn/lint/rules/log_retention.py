from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class LogRetention(AuroraRule):
    """Exported logs are kept without an end.

    RDS creates the log group without a retention period; a log group in the template can have one.
    """

    id = "I9029"
    fix = "add an AWS::Logs::LogGroup named /aws/rds/cluster/<cluster>/<log> with RetentionInDays"
    source_url = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html"
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        # CDK sets the retention of a log group by a custom resource.
        named = [row.get("LogGroupName") for row in world.resources("AWS::Logs::LogGroup", "Custom::LogRetention")]
        if any(not name.pieces for name in named):
            return
        ends = [str(name.pieces[-1]) for name in named]
        for cluster in aurora_clusters(world):
            for found in cluster.resource.items("EnableCloudwatchLogsExports") or ():
                if found.text and not any(end.endswith(f"/{found.text}") for end in ends):
                    yield at(found, f"the log group of {found.text} has no retention period")
