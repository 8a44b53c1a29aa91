"""The parameters of monitoring: which database, who gets the alarms, and the limits."""

from __future__ import annotations

from aurora_cfn.blueprint import ParameterGroup
from aurora_cfn.blueprints.parts.conditions import chosen, given, in_partition, is_true, named
from aurora_cfn.blueprints.parts.target import target_group
from aurora_cfn.parameters import BOOLEAN, Parameter

MEGABYTES = ("64", "128", "256", "512", "1024", "2048", "4096", "8192", "16384")
GIGABYTES = ("1", "2", "5", "10", "20", "50", "100")
_OF_CLUSTER = "Limits of a cluster"


def _number(name: str, description: str, *, default: int, low: int, high: int, group: str = "Limits") -> Parameter:
    return Parameter(name, description, default=default, type="Number", group=group, low=low, high=high, step=1)


_MESSAGES = (
    Parameter(
        "AlarmEmail",
        "Address that gets the alarms, after it has confirmed AWS's first mail. Empty: they go to the topic alone,"
        " which has no subscribers.",
        default="", group="Messages", pattern=r"^$|^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$",
        constraint="empty, or a mail address",
    ),
    Parameter(
        "Periods", "Number of periods of 5 minutes in a row beyond the limit before an alarm is raised.",
        # Up to a day: CloudWatch evaluates periods under an hour no longer, and longer periods no longer than a week.
        default=3, type="Number", group="Messages", low=1, high=288, step=1,
    ),
    _number("CpuPercent", "CPU load in percent above which an alarm is raised.", default=80, low=1, high=100),
    _number("Connections", "Open connections above which an alarm is raised.", default=500, low=1, high=16000),
    Parameter(
        "FreeMemoryMegabytes", "Free memory in MiB below which an alarm is raised.",
        default="256", group="Limits", allowed=MEGABYTES,
    ),
)  # fmt: skip
_CLUSTER_LIMITS = (
    _number(
        "CapacityPercent", "Used capacity in percent of the cluster's MaxCapacity above which an alarm is raised.",
        default=90, low=1, high=100, group=_OF_CLUSTER,
    ),
    Parameter(
        "DeadlocksPerSecond",
        "Deadlocks a second, on average of 5 minutes, above which an alarm is raised: 0.02 is about one a minute.",
        default=0.02, type="Number", group=_OF_CLUSTER, low=0, high=1000,
    ),
    _number(
        "ReplicaLagMilliseconds", "Milliseconds by which the slowest reader may be behind the writer.",
        default=1000, low=1, high=3600000, group=_OF_CLUSTER,
    ),
    Parameter(
        "ExpectPause",
        "Whether the cluster is meant to pause, so that running without a break is worth an alarm: something keeps"
        " a connection open and the bill running.",
        default="false", group=_OF_CLUSTER, allowed=BOOLEAN,
    ),
    _number(
        "HoursAwake", "Hours without a pause after which an alarm is raised, while ExpectPause is true.",
        default=24, low=1, high=168, group=_OF_CLUSTER,
    ),
)  # fmt: skip
_INSTANCE_LIMITS = (
    Parameter(
        "FreeStorageGigabytes", "Free storage in GiB below which an alarm is raised.",
        default="2", group="Limits of an instance", allowed=GIGABYTES,
    ),
)  # fmt: skip

PARAMETERS = (
    target_group("What is watched"),
    ParameterGroup(_MESSAGES, conditions={"HasEmail": given("AlarmEmail")}),
    ParameterGroup(
        _CLUSTER_LIMITS,
        conditions={"ExpectsPause": {"Fn::And": [named("IsCluster"), is_true("ExpectPause")]}},
    ),
    ParameterGroup(_INSTANCE_LIMITS, conditions={"IsInstance": chosen("TargetType", "instance")}),
    # Two partitions have a console of their own; their names go into the output DashboardUrl.
    ParameterGroup((), conditions={"InChina": in_partition("aws-cn"), "InGovCloud": in_partition("aws-us-gov")}),
)
"""All groups, in the order in which a reader meets them. `TargetName.X` is X of the stack that it refers to."""
