"""Whether a stack is made for the kind of database that TargetName leads to."""

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


def _mismatch(given: str, real: str) -> Callable[[Values], str | None]:
    article = {"cluster": "a cluster", "instance": "an instance"}[real]

    def problem(values: Values) -> str | None:
        return f"TargetType is {given}, but TargetName is {article}" if values["TargetType"] == given else None

    return problem
