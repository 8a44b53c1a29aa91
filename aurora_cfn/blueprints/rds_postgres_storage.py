"""The parameters of an RDS instance, and what cannot be combined in them."""

from __future__ import annotations

from aurora_cfn.blueprints.parts.engine import Engine
from aurora_cfn.blueprints.parts.maintenance import database_checks
from aurora_cfn.blueprints.parts.protection import (
    BOOLEAN,
    database_name,
    engine_version,
    master_rows,
    observation_rows,
    operation_rows,
    protection_rows,
    stack_rows,
)
from aurora_cfn.parameters import Check, Parameter, Values

KIND = "instance"


def instance_parameters(engine: Engine) -> tuple[Parameter, ...]:
    """All rows, in the order in which a reader meets them."""
    return (
        *stack_rows(KIND),
        *_size(),
        engine_version(engine),
        database_name(KIND),
        *master_rows(KIND),
        *protection_rows(KIND, fewest_backup_days=0),
        *operation_rows(KIND),
        *observation_rows(),
    )


def instance_checks(engine: Engine) -> tuple[Check, ...]:
    """What CloudFormation cannot compare, refused while nothing has been called yet."""
    return (Check(("AllocatedStorage", "MaxAllocatedStorage"), _storage_order), *database_checks(engine, KIND))


def _storage_order(values: Values) -> str | None:
    now, most = int(values["AllocatedStorage"]), int(values["MaxAllocatedStorage"])
    if now == most or most * 10 >= now * 11:
        return None
    # RDS refuses a threshold that is not at least a tenth above the storage (RDS user guide, autoscaling, 2026-11-20).
    return f"MaxAllocatedStorage {most} must be {now} (no growth) or at least {-(-now * 11 // 10)}, a tenth more"


def _size() -> tuple[Parameter, ...]:
    return (
        Parameter(
            "InstanceClass",
            "Size of the instance. db.t4g.micro is the cheapest; classes with other letters than t never run out of"
            " CPU credits. Changing it restarts the database.",
            default="db.t4g.micro",
            group="Size",
            pattern=r"^db\.[a-z0-9-]+\.[a-z0-9-]+$",
            constraint="a class such as db.t4g.micro or db.m8g.large",
        ),
        Parameter(
            "AllocatedStorage",
            "Storage in GiB at the start. It can grow later, but never shrink.",
            default=20,
            type="Number",
            group="Size",
            low=20,
            high=65536,
            step=1,
        ),
        Parameter(
            "MaxAllocatedStorage",
            "Storage in GiB up to which RDS lets it grow by itself. The same as AllocatedStorage: it does not grow.",
            default=100,
            type="Number",
            group="Size",
            low=20,
            high=65536,
            step=1,
        ),
        Parameter(
            "MultiAZ",
            "Whether a standby in a second zone takes over when the first fails; it doubles the price.",
            default="true",
            group="Size",
            allowed=BOOLEAN,
        ),
    )
