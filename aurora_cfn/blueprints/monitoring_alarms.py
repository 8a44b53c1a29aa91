"""The alarms of a database: each says what is wrong and what to look at first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from troposphere import AWSObject, FindInMap, If, Ref, Sub
from troposphere.cloudwatch import Alarm, MetricDimension

from aurora_cfn.blueprint import commented
from aurora_cfn.blueprints.monitoring_parameters import GIGABYTES, MEGABYTES
from aurora_cfn.blueprints.monitoring_topic import TOPIC
from aurora_cfn.model.value import Value

OVER, UNDER = "GreaterThanThreshold", "LessThanThreshold"
NAMESPACE = "AWS/RDS"
_WHY_MISSING = "A paused cluster sends no load, and one without readers no replica lag: neither is a fault."
_WHY_MAPPED = "CloudWatch counts in bytes, and templates cannot multiply."


@dataclass(frozen=True, slots=True)
class Watch:
    """One metric and its limit. `condition` says for which targets; a period lasts `seconds`.

    `bad` is the comparison that is a fault, `says` the advice, `periods` the parameter that counts periods in a row.
    """

    title: str
    metric: str
    statistic: str
    bad: str
    limit: Any
    says: str
    condition: str = ""
    seconds: int = 300
    periods: str = "Periods"

    @property
    def name(self) -> str:
        """What follows the stack in the alarm's name: `free-memory`."""
        return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in self.title).lstrip("-")


# Names and units of the metrics: Aurora user guide, CloudWatch metrics; RDS user guide, the same (2026-11-20).
WATCHES: Final = (
    Watch(
        "Capacity", "ACUUtilization", "Maximum", OVER, Ref("CapacityPercent"),
        "capacity is near MaxCapacity: raise it, or find the statements that need it in Database Insights",
        condition="IsCluster",
    ),
    Watch(
        "Connections", "DatabaseConnections", "Maximum", OVER, Ref("Connections"),
        "many connections are open: look for clients that leak them, or put a proxy in front",
    ),
    Watch(
        "Cpu", "CPUUtilization", "Maximum", OVER, Ref("CpuPercent"),
        "the CPU is busy: find the statements that load it in Database Insights",
    ),
    Watch(
        "FreeMemory", "FreeableMemory", "Minimum", UNDER,
        FindInMap("Bytes", "Megabytes", Ref("FreeMemoryMegabytes")),
        "memory runs out: raise the capacity, or lower the number of connections",
    ),
    Watch(
        "Deadlocks", "Deadlocks", "Average", OVER, Ref("DeadlocksPerSecond"),
        "transactions lock one another out: the log names their statements",
        condition="IsCluster",
    ),
    Watch(
        "ReplicaLag", "AuroraReplicaLagMaximum", "Maximum", OVER, Ref("ReplicaLagMilliseconds"),
        "a reader is behind the writer: what is read from it is old, and a failover would take longer",
        condition="IsCluster",
    ),
    Watch(
        "NeverPausing", "ServerlessDatabaseCapacity", "Minimum", OVER, 0,
        "the cluster has not paused: look for an open connection, a proxy, or replication",
        condition="ExpectsPause", seconds=3600, periods="HoursAwake",
    ),
    Watch(
        "FreeStorage", "FreeStorageSpace", "Minimum", UNDER,
        FindInMap("Bytes", "Gigabytes", Ref("FreeStorageGigabytes")),
        "storage runs out: raise MaxAllocatedStorage or AllocatedStorage, or delete what is not needed",
        condition="IsInstance",
    ),
)  # fmt: skip


def sizes() -> dict[str, Value]:
    """The mapping from the sizes of the parameters to bytes."""
    return {
        "Bytes": {
            "Megabytes": {size: str(int(size) * 2**20) for size in MEGABYTES},
            "Gigabytes": {size: str(int(size) * 2**30) for size in GIGABYTES},
        }
    }


def dimension() -> If:
    """Name of the dimension that the metrics of the target have."""
    return If("IsCluster", "DBClusterIdentifier", "DBInstanceIdentifier")


def _dimension(watch: Watch) -> str | If:
    if not watch.condition:
        return dimension()
    return "DBInstanceIdentifier" if watch.condition == "IsInstance" else "DBClusterIdentifier"


def alarms() -> list[AWSObject]:
    """One alarm for each metric."""
    return [_alarm(watch) for watch in WATCHES]


def _alarm(watch: Watch) -> AWSObject:
    given = {"Condition": watch.condition} if watch.condition else {}
    alarm = Alarm(
        f"{watch.title}Alarm",
        **given,
        AlarmName=Sub(f"${{AWS::StackName}}-{watch.name}"),
        AlarmDescription=Sub(f"${{TargetName}}: {watch.says}"),
        Namespace=NAMESPACE,
        MetricName=watch.metric,
        Dimensions=[MetricDimension(Name=_dimension(watch), Value=Ref("TargetName"))],
        Statistic=watch.statistic,
        Period=watch.seconds,
        EvaluationPeriods=Ref(watch.periods),
        ComparisonOperator=watch.bad,
        Threshold=watch.limit,
        TreatMissingData="notBreaching",
        AlarmActions=[Ref(TOPIC)],
        OKActions=[Ref(TOPIC)],
    )
    commented(alarm, TreatMissingData=_WHY_MISSING)
    return commented(alarm, Threshold=_WHY_MAPPED) if isinstance(watch.limit, FindInMap) else alarm
