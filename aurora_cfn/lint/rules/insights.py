from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aurora_cfn.lint.databases import CLUSTER, INSTANCE
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World

# Amazon RDS API Reference, CreateDBCluster: 7, month * 31 for 1 to 23 months, 731.
_RETENTIONS: Final = frozenset({7, 731, *(31 * month for month in range(1, 24))})
_INTERVALS: Final = frozenset({0, 1, 5, 10, 15, 30, 60})


class Insights(AuroraRule):
    """Database Insights, Performance Insights or Enhanced Monitoring values that RDS refuses.

    Advanced Database Insights needs Performance Insights with 465 days or more; a retention is 7, 31 to 713 in steps of
    31, or 731 days; a monitoring interval is 0, 1, 5, 10, 15, 30 or 60 seconds.
    """

    id = "E9034"
    fix = "use values that RDS takes: Performance Insights on and PerformanceInsightsRetentionPeriod 465 with advanced"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DatabaseInsights.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for resource in (*world.resources(CLUSTER), *world.resources(INSTANCE)):
            switch = "PerformanceInsightsEnabled" if resource.type == CLUSTER else "EnablePerformanceInsights"
            mode, enabled = resource.get("DatabaseInsightsMode"), resource.get(switch)
            retention = resource.get("PerformanceInsightsRetentionPeriod")
            days = 7 if retention.absent else retention.number
            if mode.text == "advanced" and (enabled.absent or enabled.flag is False):
                yield at(mode, f"advanced needs {switch} true", f"set {switch} to true, or the mode to standard")
            elif mode.text == "advanced" and days is not None and days < 465:
                message = f"advanced needs a PerformanceInsightsRetentionPeriod of 465, not {days:g}"
                yield at(mode, message, "set it to 465, or the mode to standard")
            if retention.number is not None and retention.number not in _RETENTIONS:
                message = f"PerformanceInsightsRetentionPeriod {retention.number:g} is not 7, 31 times n, or 731"
                yield at(retention, message, "set it to one of these")
            interval = resource.get("MonitoringInterval")
            if interval.number is not None and interval.number not in _INTERVALS:
                message = f"MonitoringInterval {interval.number:g} is not 0, 1, 5, 10, 15, 30 or 60"
                yield at(interval, message, "set it to one of these")
