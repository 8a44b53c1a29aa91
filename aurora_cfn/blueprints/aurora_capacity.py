"""The parameters of an Aurora Serverless cluster."""

from __future__ import annotations

from aurora_cfn.blueprints.parts.engine import Engine
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
from aurora_cfn.parameters import Parameter

KIND = "cluster"


def aurora_parameters(engine: Engine) -> tuple[Parameter, ...]:
    """All rows, in the order in which a reader meets them."""
    return (
        *stack_rows(KIND),
        *_capacity(),
        engine_version(engine),
        database_name(KIND),
        _storage_type(),
        *master_rows(KIND),
        _data_api(),
        *protection_rows(KIND, fewest_backup_days=1),
        *operation_rows(KIND),
        *observation_rows(),
    )


def _capacity() -> tuple[Parameter, ...]:
    return (
        Parameter(
            "AutoPause",
            "Whether an idle cluster pauses to zero capacity and resumes at the next connection, in about 15 seconds."
            " true sets the minimum to 0; false keeps MinCapacity running.",
            default="true",
            group="Capacity",
            allowed=BOOLEAN,
        ),
        Parameter(
            "MinCapacity",
            "Least capacity in Aurora capacity units (ACU, about 2 GiB of memory each) while AutoPause is false.",
            default=2,
            type="Number",
            group="Capacity",
            low=0.5,
            high=256,
            step=0.5,
        ),
        Parameter(
            "MaxCapacity",
            "Most capacity in ACU that the cluster scales up to; it also bounds the bill.",
            default=4,
            type="Number",
            group="Capacity",
            low=1,
            high=256,
            step=0.5,
        ),
        Parameter(
            "SecondsUntilAutoPause",
            "Seconds without a connection after which the cluster pauses, while AutoPause is true.",
            default=300,
            type="Number",
            group="Capacity",
            low=300,
            high=86400,
            step=1,
        ),
        Parameter(
            "Readers",
            "Number of read replicas. They pause with the cluster while AutoPause is true, and stand ready as failover"
            " targets while it is false.",
            default="0",
            group="Capacity",
            allowed=("0", "1", "2"),
        ),
    )


def _storage_type() -> Parameter:
    return Parameter(
        "StorageType",
        "aurora: pay for each I/O request. aurora-iopt1: I/O-Optimized, dearer capacity and storage without a"
        " charge for I/O. Changing back is possible once in 30 days.",
        default="aurora",
        group="Database",
        allowed=("aurora", "aurora-iopt1"),
    )


def _data_api() -> Parameter:
    return Parameter(
        "EnableDataApi",
        "Whether SQL can be run over HTTPS with the RDS Data API, without a connection into the VPC.",
        default="true",
        group="Access",
        allowed=BOOLEAN,
    )
