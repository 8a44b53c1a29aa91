"""How a database is watched: Enhanced Monitoring, with the role that it needs, and Database Insights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from troposphere import Equals, GetAtt, If, Not, Ref, Sub
from troposphere.iam import Role

from aurora_cfn.blueprints.parts.conditions import only_if


def observation_conditions() -> dict[str, Any]:
    """Named answers to what the rows of observation ask for."""
    return {
        "HasEnhancedMonitoring": Not(Equals(Ref("MonitoringInterval"), "0")),
        "HasAdvancedInsights": Equals(Ref("DatabaseInsights"), "advanced"),
    }


def monitoring_role() -> Role:
    """Role for Enhanced Monitoring."""
    return Role(
        "MonitoringRole",
        Condition="HasEnhancedMonitoring",
        Description="Lets RDS write Enhanced Monitoring samples to CloudWatch Logs",
        AssumeRolePolicyDocument={
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "monitoring.rds.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"aws:SourceAccount": Ref("AWS::AccountId")}},
                }
            ],
        },
        ManagedPolicyArns=[Sub("arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole")],
    )


def enhanced_monitoring() -> Mapping[str, Any]:
    """The properties of an instance that switch the samples on."""
    return {
        "MonitoringInterval": Ref("MonitoringInterval"),
        "MonitoringRoleArn": only_if("HasEnhancedMonitoring", GetAtt("MonitoringRole", "Arn")),
    }


def insights(*, enabled: str, key: str) -> Mapping[str, Any]:
    """The properties for Database Insights; clusters and instances call two of them differently."""
    return {
        "DatabaseInsightsMode": Ref("DatabaseInsights"),
        enabled: True,
        # Days: 465 (15 months) is what the advanced mode asks for, 7 is free of charge.
        "PerformanceInsightsRetentionPeriod": If("HasAdvancedInsights", 465, 7),
        key: only_if("HasKmsKey", Ref("KmsKeyId")),
    }
