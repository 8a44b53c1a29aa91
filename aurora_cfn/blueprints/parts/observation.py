"""How a database is watched: log groups, exported logs, Enhanced Monitoring with its role, and Database Insights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from troposphere import AWSObject, Equals, GetAtt, If, Not, Ref, Sub
from troposphere.iam import Role
from troposphere.logs import LogGroup

from aurora_cfn.blueprint import ParameterGroup, waived
from aurora_cfn.blueprints.parts.conditions import only_if
from aurora_cfn.blueprints.parts.engine import Engine
from aurora_cfn.blueprints.parts.identifier import identifier
from aurora_cfn.blueprints.parts.service_role import permissions_boundary, trust_policy
from aurora_cfn.parameters import Parameter

LOGS_FIRST = "RDS would make the log groups itself, without a retention period, if the database came first."
INSIGHTS_DAYS = "Days: 7 is free of charge, 465 (15 months) is what advanced requires."


def observation_group() -> ParameterGroup:
    """LogRetentionDays, MonitoringInterval and DatabaseInsights."""
    rows = (
        log_retention("Days for which the exported database logs are kept in CloudWatch Logs."),
        Parameter(
            "MonitoringInterval",
            "Seconds between the samples of Enhanced Monitoring (operating system metrics); 0 turns it off.",
            default="60", group="Observation", allowed=("0", "1", "5", "10", "15", "30", "60"),
        ),
        Parameter(
            "DatabaseInsights",
            "standard: 7 days of query load at no charge. advanced: 15 months and more analyses, charged by capacity.",
            default="standard", group="Observation", allowed=("standard", "advanced"),
        ),
    )  # fmt: skip
    conditions = {
        "HasEnhancedMonitoring": Not(Equals(Ref("MonitoringInterval"), "0")),
        "HasAdvancedInsights": Equals(Ref("DatabaseInsights"), "advanced"),
    }
    return ParameterGroup(rows, conditions=conditions)


def log_groups(engine: Engine, kind: str) -> list[AWSObject]:
    """A log group with retention for each log that RDS exports."""
    return [log_group(title, identifier(kind, f"/aws/rds/{kind}/%s/{log}")) for log, title in _titles(engine).items()]


def exported_logs(engine: Engine) -> Mapping[str, Any]:
    """The property of a database that exports its logs, and DependsOn (see LOGS_FIRST)."""
    titles = _titles(engine)
    return {"EnableCloudwatchLogsExports": list(titles), "DependsOn": list(titles.values())}


def _titles(engine: Engine) -> dict[str, str]:
    """Logs to the logical ids of their groups."""
    return {log: f"{log.capitalize()}LogGroup" for log in engine.log_types}


def monitoring_role() -> Role:
    """Role for Enhanced Monitoring."""
    return Role(
        "MonitoringRole",
        Condition="HasEnhancedMonitoring",
        Description="Lets RDS write Enhanced Monitoring samples to CloudWatch Logs",
        AssumeRolePolicyDocument=trust_policy("monitoring.rds.amazonaws.com"),
        PermissionsBoundary=permissions_boundary(),
        ManagedPolicyArns=[Sub("arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole")],
    )


def enhanced_monitoring() -> Mapping[str, Any]:
    """The properties of an instance that turn on Enhanced Monitoring."""
    return {
        "MonitoringInterval": Ref("MonitoringInterval"),
        "MonitoringRoleArn": only_if("HasEnhancedMonitoring", GetAtt("MonitoringRole", "Arn")),
    }


def insights(*, enabled: str, key: str) -> Mapping[str, Any]:
    """The properties for Database Insights; clusters and instances have other names for two of them."""
    return {
        "DatabaseInsightsMode": Ref("DatabaseInsights"),
        enabled: True,
        "PerformanceInsightsRetentionPeriod": If("HasAdvancedInsights", 465, 7),
        key: only_if("HasKmsKey", Ref("KmsKeyId")),
    }


# CloudWatch Logs accepts these days and no others (schema of AWS::Logs::LogGroup).
_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
RETENTION_DAYS = tuple(map(str, _DAYS))


def log_retention(description: str) -> Parameter:
    """LogRetentionDays."""
    return Parameter(
        "LogRetentionDays", description, default="90", type="String", group="Observation", allowed=RETENTION_DAYS
    )


def log_group(title: str, name: Any, *, condition: str | None = None) -> AWSObject:
    """A group that keeps events for LogRetentionDays and is deleted with its stack; CloudFormation can name it."""
    given: dict[str, Any] = {"Condition": condition} if condition else {}
    own_name: dict[str, Any] = {} if name is None else {"LogGroupName": name}
    group = LogGroup(
        title,
        DeletionPolicy="Delete",
        UpdateReplacePolicy="Delete",
        **given,
        **own_name,
        RetentionInDays=Ref("LogRetentionDays"),
    )
    return waived(
        group, ("CKV_AWS_158", "CloudWatch Logs encrypts with its own key; a customer key needs a policy for it")
    )
