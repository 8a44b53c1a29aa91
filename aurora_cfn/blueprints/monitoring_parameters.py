"""The parameters of monitoring: what is watched, who is told, and from where on."""

from __future__ import annotations

from aurora_cfn.blueprints.parts.protection import BOOLEAN
from aurora_cfn.blueprints.parts.target import target_rows
from aurora_cfn.parameters import Check, Parameter, Values

MEGABYTES = ("64", "128", "256", "512", "1024", "2048", "4096", "8192", "16384")
GIGABYTES = ("1", "2", "5", "10", "20", "50", "100")


def monitoring_parameters() -> tuple[Parameter, ...]:
    """All rows, in the order in which a reader meets them."""
    return (*_target(), *_messages(), *_limits(), *_cluster_limits(), *_instance_limits())


def monitoring_checks() -> tuple[Check, ...]:
    """`TargetName.X` is the parameter X of the stack that TargetName refers to."""
    return (
        Check(("TargetType", "TargetName.InstanceClass"), _no_cluster),
        Check(("TargetType", "TargetName.MaxCapacity"), _no_instance),
        Check(("ExpectPause", "TargetName.AutoPause"), _never_pauses, severity="warning"),
    )


def _no_cluster(values: Values) -> str | None:
    return "TargetType is cluster, but TargetName is an instance" if values["TargetType"] == "cluster" else None


def _no_instance(values: Values) -> str | None:
    return "TargetType is instance, but TargetName is a cluster" if values["TargetType"] == "instance" else None


def _never_pauses(values: Values) -> str | None:
    if values["ExpectPause"] == "true" and values["TargetName.AutoPause"] == "false":
        return "ExpectPause is true, but the cluster has AutoPause false: the alarm will always ring"
    return None


def _target() -> tuple[Parameter, ...]:
    return target_rows("What is watched")


def _messages() -> tuple[Parameter, ...]:
    return (
        Parameter(
            "AlarmEmail",
            "Address that gets the alarms, after it has confirmed AWS's first mail. Empty: nobody does, until somebody"
            " subscribes to the topic.",
            default="",
            group="Messages",
            pattern=r"^$|^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$",
            constraint="empty, or a mail address",
        ),
        Parameter(
            "Periods",
            "Number of periods of 5 minutes in a row that must be bad before an alarm rings.",
            default=3,
            type="Number",
            group="Messages",
            low=1,
            high=288,
            step=1,
        ),
    )


def _limits() -> tuple[Parameter, ...]:
    return (
        _number("CpuPercent", "CPU load in percent over which to ring.", default=80, low=1, high=100),
        _number("Connections", "Open connections over which to ring.", default=500, low=1, high=16000),
        Parameter(
            "FreeMemoryMegabytes",
            "Free memory in MiB under which to ring.",
            default="256",
            group="Limits",
            allowed=MEGABYTES,
        ),
    )


def _cluster_limits() -> tuple[Parameter, ...]:
    group = "Limits of a cluster"
    return (
        _number(
            "CapacityPercent",
            "Used capacity in percent of the cluster's MaxCapacity over which to ring.",
            default=90,
            low=1,
            high=100,
            group=group,
        ),
        Parameter(
            "DeadlocksPerSecond",
            "Deadlocks a second, on average of 5 minutes, over which to ring: 0.02 is about one a minute.",
            default=0.02,
            type="Number",
            group=group,
            low=0,
            high=1000,
        ),
        _number(
            "ReplicaLagMilliseconds",
            "Milliseconds by which the slowest reader may be behind the writer.",
            default=1000,
            low=1,
            high=3600000,
            group=group,
        ),
        Parameter(
            "ExpectPause",
            "Whether the cluster is meant to pause, so that running without a break is worth an alarm: something keeps"
            " a connection open and the bill running.",
            default="false",
            group=group,
            allowed=BOOLEAN,
        ),
        _number(
            "HoursAwake",
            "Hours without a pause after which to ring, while ExpectPause is true.",
            default=24,
            low=1,
            high=168,
            group=group,
        ),
    )


def _instance_limits() -> tuple[Parameter, ...]:
    return (
        Parameter(
            "FreeStorageGigabytes",
            "Free storage in GiB under which to ring.",
            default="2",
            group="Limits of an instance",
            allowed=GIGABYTES,
        ),
    )


def _number(name: str, description: str, *, default: int, low: int, high: int, group: str = "Limits") -> Parameter:
    return Parameter(name, description, default=default, type="Number", group=group, low=low, high=high, step=1)
