"""The size of an RDS instance: its class, its storage and its standby."""

from __future__ import annotations

from typing import Any

from troposphere import Equals, Ref

from aurora_cfn.blueprint import ParameterGroup
from aurora_cfn.blueprints.checks.storage import storage_checks
from aurora_cfn.blueprints.parts.conditions import unless
from aurora_cfn.parameters import BOOLEAN, Parameter


def size_group() -> ParameterGroup:
    """InstanceClass, AllocatedStorage, MaxAllocatedStorage and MultiAZ."""
    return ParameterGroup(
        _parameters(),
        conditions={"HasFixedStorage": Equals(Ref("MaxAllocatedStorage"), Ref("AllocatedStorage"))},
        checks=storage_checks(),
    )


def _parameters() -> tuple[Parameter, ...]:
    return (
        Parameter(
            "InstanceClass",
            "Size of the instance. db.t4g.micro is the cheapest; classes with other letters than t never run out of"
            " CPU credits. Changing it restarts the database.",
            default="db.t4g.micro", group="Size", pattern=r"^db\.[a-z0-9-]+\.[a-z0-9-]+$",
            constraint="a class such as db.t4g.micro or db.m8g.large",
        ),
        Parameter(
            "AllocatedStorage", "Storage in GiB at the start. It can grow later, but never shrink.",
            default=20, type="Number", group="Size", low=20, high=65536, step=1,
        ),
        Parameter(
            "MaxAllocatedStorage",
            "Storage in GiB up to which RDS lets it grow by itself. The same as AllocatedStorage: it does not grow.",
            default=100, type="Number", group="Size", low=20, high=65536, step=1,
        ),
        Parameter(
            "MultiAZ", "Whether a standby in a second zone takes over when the first fails; it doubles the price.",
            default="true", group="Size", allowed=BOOLEAN,
        ),
    )  # fmt: skip


def storage() -> dict[str, Any]:
    """The properties of an instance for its storage. Without MaxAllocatedStorage it does not grow."""
    return {
        "AllocatedStorage": Ref("AllocatedStorage"),
        "MaxAllocatedStorage": unless("HasFixedStorage", Ref("MaxAllocatedStorage")),
        "StorageType": "gp3",
    }
