from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import CLUSTER, INSTANCE
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World
from aurora_cfn.model.window import daily_window, weekly_window


class Windows(AuroraRule):
    """A maintenance or backup window that RDS refuses.

    Windows are in UTC, at least 30 minutes long, written ddd:hh:mm-ddd:hh:mm and hh:mm-hh:mm, and do not overlap.
    """

    id = "E9035"
    fix = "write windows such as sun:03:30-sun:04:30 and 02:00-03:00"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for resource in (*world.resources(CLUSTER), *world.resources(INSTANCE)):
            maintenance, backup = resource.get("PreferredMaintenanceWindow"), resource.get("PreferredBackupWindow")
            weekly, daily = weekly_window(maintenance.text or ""), daily_window(backup.text or "")
            for found, window in ((maintenance, weekly), (backup, daily)):
                if found.text is not None and (window is None or window.minutes < 30):
                    what = "is not a window" if window is None else "is shorter than 30 minutes"
                    yield at(found, f"{found.text!r} {what}")
            if weekly and daily and weekly.overlaps(daily):
                message = f"the backup window {backup.text} overlaps the maintenance window {maintenance.text}"
                yield at(backup, message, "move one of them")
