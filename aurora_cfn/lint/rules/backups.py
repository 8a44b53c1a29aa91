"""Rules about backups and the windows in which RDS makes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aurora_cfn.lint.databases import aurora_clusters, single_instances
from aurora_cfn.lint.mentions import written_parameter
from aurora_cfn.lint.production import is_production
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.variant import Variant
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE
from aurora_cfn.model.window import daily_window, weekly_window
from aurora_cfn.template.forms import scalar_text
from aurora_cfn.template.parsed import section_of


class BackupRetention(AuroraRule):
    """Backups are kept for less than a week.

    Without BackupRetentionPeriod RDS keeps one day, and with 0 an instance has no backups; a mistake found later cannot
    be undone. A stack that a stage parameter or tag calls something else than production is not checked.
    """

    id = "W9026"
    fix = "set BackupRetentionPeriod to 7 or more"
    page = "Aurora.Managing.Backups"
    every_variant = False

    def look(self, variant: Variant) -> Iterator[Problem]:
        for database in (*(row.resource for row in aurora_clusters(variant)), *single_instances(variant)):
            found = database.get("BackupRetentionPeriod")
            days = 1 if found.absent else found.number  # RDS's default
            if days is not None and days < 7 and is_production(database) is not False:
                kept = "not kept at all" if days == 0 else f"kept for {days:g} {'day' if days == 1 else 'days'}"
                yield Problem(database.place_of(found), f"backups of {database.name} are {kept}")


class RetentionBound(AuroraRule):
    """A parameter lets the backup retention be more than RDS accepts.

    RDS keeps backups for 1 to 35 days; a parameter without that bound fails only at the deployment.
    """

    id = "I9026"
    fix = "give the parameter MinValue 1 and MaxValue 35"
    page = "Aurora.Managing.Backups"
    every_variant = False

    def look(self, variant: Variant) -> Iterator[Problem]:
        for cluster in aurora_clusters(variant):
            found = cluster.get("BackupRetentionPeriod")
            name = written_parameter(variant, found.path)
            row = section_of(variant.template, "Parameters").get(name)
            if isinstance(row, Mapping) and "AllowedValues" not in row and "AllowedPattern" not in row:
                most = scalar_text(row.get("MaxValue"))
                if most is None or (most.isdigit() and int(most) > 35):
                    yield at(found, f"the parameter {name} accepts more than 35 days")


class Windows(AuroraRule):
    """A maintenance or backup window that RDS refuses.

    Windows are in UTC, at least 30 minutes long, written ddd:hh:mm-ddd:hh:mm and hh:mm-hh:mm, and do not overlap.
    """

    id = "E9035"
    fix = "write windows such as sun:03:30-sun:04:30 and 02:00-03:00"
    page = "API_CreateDBCluster"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for resource in variant.resources(CLUSTER, INSTANCE):
            maintenance, backup = resource.get("PreferredMaintenanceWindow"), resource.get("PreferredBackupWindow")
            weekly, daily = weekly_window(maintenance.known_text or ""), daily_window(backup.known_text or "")
            for found, window in ((maintenance, weekly), (backup, daily)):
                if found.known_text is not None and (window is None or window.minutes < 30):
                    what = "is not a window" if window is None else "is shorter than 30 minutes"
                    yield at(found, f"{found.text!r} {what}")
            if weekly and daily and weekly.overlaps(daily):
                message = f"the backup window {backup.text} overlaps the maintenance window {maintenance.text}"
                yield at(backup, message, "move one of them")
