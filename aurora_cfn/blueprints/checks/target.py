"""Whether a stack fits the database that TargetName leads to."""

from __future__ import annotations

from collections.abc import Callable

from aurora_cfn.parameters import Check, Values


def target_checks() -> tuple[Check, ...]:
    """TargetType against the stack that TargetName refers to.

    InstanceClass is a parameter of rds-postgres, MaxCapacity one of the Aurora templates.
    """
    return (
        Check(("TargetType", "TargetName.InstanceClass"), _mismatch("cluster", "instance")),
        Check(("TargetType", "TargetName.MaxCapacity"), _mismatch("instance", "cluster")),
    )


def monitoring_checks() -> tuple[Check, ...]:
    """The kind of database, and whether it pauses."""
    return (*target_checks(), Check(("ExpectPause", "TargetName.AutoPause"), _never_pauses, severity="warning"))


def _never_pauses(values: Values) -> str | None:
    if values["ExpectPause"] == "true" and values["TargetName.AutoPause"] == "false":
        return "ExpectPause is true, but the cluster has AutoPause false: the alarm NeverPausing will always be on"
    return None


def _mismatch(given: str, real: str) -> Callable[[Values], str | None]:
    article = {"cluster": "a cluster", "instance": "an instance"}[real]

    def problem(values: Values) -> str | None:
        return f"TargetType is {given}, but TargetName is {article}" if values["TargetType"] == given else None

    return problem
