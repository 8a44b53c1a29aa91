from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts import read_facts
from aurora_cfn.lint.databases import CLUSTER, INSTANCE
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class LogTypes(AuroraRule):
    """A log that the engine does not have cannot be exported.

    Aurora PostgreSQL exports instance, postgresql and iam-db-auth-error; Aurora MySQL audit, error, general, instance,
    slowquery and iam-db-auth-error; RDS for PostgreSQL postgresql, upgrade and iam-db-auth-error; MySQL and MariaDB
    audit, error, general, slowquery and iam-db-auth-error.
    """

    id = "E9028"
    fix = "name only logs of the engine in EnableCloudwatchLogsExports"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html"
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        logs = read_facts("rule_tables")["log_types"]
        for database in world.resources(CLUSTER, INSTANCE):
            engine = (database.get("Engine").text or "").lower()
            for found in database.items("EnableCloudwatchLogsExports") or () if engine in logs else ():
                if found.text is not None and found.text not in logs[engine]:
                    yield at(found, f"{engine} has no log {found.text!r}")
