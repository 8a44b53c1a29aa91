"""Monitoring of one database: a dashboard, and alarms that can send a mail.

It takes plain values and no exports, so that the database can be replaced while it is watched.
"""

from __future__ import annotations

from collections.abc import Sequence

from troposphere import AWSObject, GetAtt, If, Output, Ref, Sub
from troposphere.cloudwatch import Dashboard

from aurora_cfn.blueprint import blueprint_of, exported
from aurora_cfn.blueprints.monitoring_alarms import alarms, dimension, sizes
from aurora_cfn.blueprints.monitoring_dashboard import dashboard_body
from aurora_cfn.blueprints.monitoring_parameters import PARAMETERS
from aurora_cfn.blueprints.monitoring_topic import TOPIC, notification_resources
from aurora_cfn.blueprints.unrendered import checks_of


def resources() -> Sequence[AWSObject]:
    """The topic for messages, the alarms, and the dashboard."""
    dashboard = Dashboard(
        "Dashboard",
        DashboardName=Ref("AWS::StackName"),
        DashboardBody=Sub(dashboard_body(), Dimension=dimension()),
    )
    return [*notification_resources(), *alarms(), dashboard]


def outputs() -> Sequence[Output]:
    """Where to look, and where to subscribe."""
    page = "https://${AWS::Region}.${Console}/cloudwatch/home#dashboards/dashboard/${Dashboard}"
    elsewhere = If("InGovCloud", "console.amazonaws-us-gov.com", "console.aws.amazon.com")
    console = If("InChina", "console.amazonaws.cn", elsewhere)
    return [
        exported("StackName", "Name of this stack", Ref("AWS::StackName")),
        exported("DashboardName", "Name of the dashboard", Ref("Dashboard")),
        exported("DashboardUrl", "Page of the dashboard in the console", Sub(page, Console=console)),
        exported("TopicArn", "Topic that the alarms send to", Ref(TOPIC)),
        exported("TopicKeyArn", "Key that encrypts the topic", GetAtt("TopicKey", "Arn")),
    ]


BLUEPRINT = blueprint_of(
    PARAMETERS,
    name="monitoring",
    description="Dashboard and alarms of one Aurora cluster or RDS instance, and an encrypted topic for the messages",
    resources=resources,
    outputs=outputs,
    checks=checks_of("monitoring"),
    mappings=sizes(),
)
