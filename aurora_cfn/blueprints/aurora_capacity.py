"""The capacity of an Aurora Serverless cluster: how far it scales, whether it pauses, how many readers it has."""

from __future__ import annotations

from troposphere import Equals, If, Not, Ref

from aurora_cfn.blueprint import ParameterGroup
from aurora_cfn.blueprints.checks.database import MINIMUM
from aurora_cfn.blueprints.parts.conditions import is_true
from aurora_cfn.parameters import BOOLEAN, Parameter

READER_TIER = (
    "A reader in tier 0 or 1 keeps the size of the writer and is never paused without it; one in tiers 2 to 15 scales"
    " and pauses by itself. So readers are in tier 2 where the cluster may pause, and otherwise in tier 1: ready to"
    " take over at full size."
)


def capacity_group() -> ParameterGroup:
    """AutoPause, MinCapacity, MaxCapacity, SecondsUntilAutoPause and Readers."""
    # Bounds: Aurora User Guide, "Setting the capacity range"; RDS API, ServerlessV2ScalingConfiguration.
    rows = (
        Parameter(
            "AutoPause",
            "Whether an idle cluster pauses to zero capacity and resumes at the next connection, in about 15 seconds."
            " true sets the minimum to 0; false keeps MinCapacity running.",
            default="true", group="Capacity", allowed=BOOLEAN,
        ),
        Parameter(
            "MinCapacity",
            "Minimum capacity in Aurora capacity units (ACU, about 2 GiB of memory each) while AutoPause is false.",
            default=MINIMUM, type="Number", group="Capacity", low=0.5, high=256, step=0.5,
        ),
        Parameter(
            "MaxCapacity", "Maximum capacity in ACU that the cluster scales up to; it also bounds the bill.",
            default=4, type="Number", group="Capacity", low=1, high=256, step=0.5,
        ),
        Parameter(
            "SecondsUntilAutoPause",
            "Seconds without a connection after which the cluster pauses, while AutoPause is true.",
            default=300, type="Number", group="Capacity", low=300, high=86400, step=1,
        ),
        Parameter(
            "Readers",
            "Number of read replicas. They pause with the cluster while AutoPause is true, and stand ready as failover"
            " targets while it is false.",
            default="0", group="Capacity", allowed=("0", "1", "2"),
        ),
    )  # fmt: skip
    return ParameterGroup(
        rows,
        conditions={
            "Pauses": is_true("AutoPause"),
            "HasReader": Not(Equals(Ref("Readers"), "0")),
            "HasSecondReader": Equals(Ref("Readers"), "2"),
        },
    )


def scaling() -> If:
    """The value of ServerlessV2ScalingConfiguration. A minimum of 0 is what lets a cluster pause."""
    most = Ref("MaxCapacity")
    return If(
        "Pauses",
        {"MinCapacity": 0, "MaxCapacity": most, "SecondsUntilAutoPause": Ref("SecondsUntilAutoPause")},
        {"MinCapacity": Ref("MinCapacity"), "MaxCapacity": most},
    )


def reader_tier() -> If:
    """The promotion tier of a reader; READER_TIER says why it depends on AutoPause."""
    return If("Pauses", 2, 1)
