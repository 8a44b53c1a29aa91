"""Rules about the logs that a database exports to CloudWatch Logs."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts import read_facts
from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.variant import Variant
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE


class LogTypes(AuroraRule):
    """A log that the engine does not have cannot be exported.

    Aurora PostgreSQL exports instance, postgresql and iam-db-auth-error; Aurora MySQL audit, error, general, instance,
    slowquery and iam-db-auth-error; RDS for PostgreSQL postgresql, upgrade and iam-db-auth-error; MySQL and MariaDB
    audit, error, general, slowquery and iam-db-auth-error.
    """

    id = "E9028"
    fix = "name only logs of the engine in EnableCloudwatchLogsExports"
    page = "API_CreateDBCluster"

    def look(self, variant: Variant) -> Iterator[Problem]:
        logs = read_facts("rule_tables")["log_types"]
        for database in variant.resources(CLUSTER, INSTANCE):
            engine = (database.get("Engine").text or "").lower()
            for found in database.items("EnableCloudwatchLogsExports") or () if engine in logs else ():
                if found.known_text is not None and found.known_text not in logs[engine]:
                    yield at(found, f"{engine} has no log {found.text!r}")


class LogExport(AuroraRule):
    """The database log is not exported.

    Logs that are not exported are deleted with the instance. Security Hub RDS.37 (PostgreSQL) and RDS.34 (MySQL audit
    log).
    """

    id = "W9028"
    fix = "add postgresql (PostgreSQL) or audit (MySQL) to EnableCloudwatchLogsExports"
    page = "rds-controls"
    every_variant = False

    def look(self, variant: Variant) -> Iterator[Problem]:
        for cluster in aurora_clusters(variant):
            wanted = "postgresql" if cluster.is_postgresql else "audit"
            found = cluster.get("EnableCloudwatchLogsExports")
            rows = cluster.resource.items("EnableCloudwatchLogsExports")
            if rows is not None and all(row.known_text not in {wanted, None} for row in rows):
                what = f"{cluster.resource.name} does not export its {wanted} log"
                yield Problem(cluster.resource.place_of(found), what)


class LogRetention(AuroraRule):
    """Exported logs are kept without an end.

    RDS creates the log group without a retention period; a log group in the template can have one.
    """

    id = "I9029"
    fix = "add an AWS::Logs::LogGroup named /aws/rds/cluster/<cluster>/<log> with RetentionInDays"
    page = "Working-with-log-groups-and-streams"
    every_variant = False

    def look(self, variant: Variant) -> Iterator[Problem]:
        # CDK sets the retention of a log group by a custom resource.
        named = [row.get("LogGroupName") for row in variant.resources("AWS::Logs::LogGroup", "Custom::LogRetention")]
        if any(not name.pieces for name in named):
            return
        ends = [str(name.pieces[-1]) for name in named]
        for cluster in aurora_clusters(variant):
            for found in cluster.resource.items("EnableCloudwatchLogsExports") or ():
                if found.known_text and not any(end.endswith(f"/{found.text}") for end in ends):
                    yield at(found, f"the log group of {found.text} has no retention period")
