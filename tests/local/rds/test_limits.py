from __future__ import annotations

import re
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest

from aurora_cfn.local.rds.limits import CLUSTER, INSTANCE, RefusedError, check_change, check_new

AURORA = {"Engine": "aurora-postgresql", CLUSTER: "store", "MasterUsername": "boss"}
BOX = {"Engine": "postgres", INSTANCE: "box", "AllocatedStorage": "20", "MasterUsername": "boss"}


def refused(said: str | None) -> AbstractContextManager[Any]:
    """Expects a refusal with these words, or none."""
    return nullcontext() if said is None else pytest.raises(RefusedError, match=re.escape(said))


def scaling(lowest: str, highest: str, pause: str = "") -> dict[str, str]:
    name = "ServerlessV2ScalingConfiguration"
    found = {f"{name}.MinCapacity": lowest, f"{name}.MaxCapacity": highest}
    return found | ({f"{name}.SecondsUntilAutoPause": pause} if pause else {})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, None),
        (scaling("0", "256"), None),
        (scaling("0.5", "1"), None),
        (scaling("0", "4", "300"), None),
        (scaling("0.7", "4"), "minimum capacity 0.7 isn't valid. The minimum capacity must be a multiple of 0.5."),
        (scaling("0.5", "400"), "maximum capacity 400.0 isn't valid. The maximum capacity must be at most 256.0."),
        (scaling("0.5", "0.5"), "Serverless v2 maximum capacity 0.5 isn't valid. The maximum capacity must be at"),
        (scaling("8", "4"), "It must not exceed the maximum capacity 4.0"),
        (scaling("0.5", "4", "600"), "SecondsUntilAutoPause can only be specified when minimum capacity is 0."),
        (scaling("0", "4", "60"), "SecondsUntilAutoPause must be between 300 and 86400."),
        ({CLUSTER: "1store"}, "The parameter DBClusterIdentifier is not a valid identifier."),
        ({CLUSTER: "a--b"}, "is not a valid identifier"),
        ({CLUSTER: "ends-"}, "is not a valid identifier"),
        ({CLUSTER: "a" * 64}, "is not a valid identifier"),
        ({CLUSTER: "a" * 63}, None),
        ({"Engine": "sqlite"}, "Invalid DB engine"),
        ({"MasterUsername": "admin"}, "admin cannot be used as it is a reserved word used by the engine"),
        ({"MasterUsername": "admin", "Engine": "aurora-mysql"}, None),
        ({"MasterUsername": "root", "Engine": "aurora-mysql"}, "MasterUsername root cannot be used"),
        ({"MasterUserPassword": "short"}, "because it is shorter than 8 characters"),
        ({"MasterUserPassword": "x" * 42}, "because it is longer than 41 characters"),
        ({"MasterUserPassword": "with/slash"}, "Only printable ASCII characters besides"),
        ({"DatabaseName": "my-orders"}, "must begin with a letter and contain only alphanumeric characters."),
        ({"DatabaseName": "db"}, "DatabaseName db cannot be used. It is a reserved word for this engine"),
        ({"DatabaseName": "orders_2"}, None),
    ],
)  # fmt: skip
def test_a_new_cluster(changed: dict[str, str], said: str | None) -> None:
    with refused(said):
        check_new({**AURORA, **changed}, CLUSTER)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, None),
        ({"AllocatedStorage": "10"}, "Invalid storage size for engine name postgres and storage type gp2: 10"),
        ({"AllocatedStorage": "20", "StorageType": "io1"}, "storage type io1: 20"),
        ({"AllocatedStorage": "", "DBSnapshotIdentifier": "s"}, None),
        ({"Engine": "mysql", "AllocatedStorage": "19", "StorageType": "gp3"}, "mysql and storage type gp3: 19"),
        ({"Engine": "aurora-postgresql"}, "requires that the DB instance belongs to a DB cluster"),
        ({"Engine": "aurora-postgresql", CLUSTER: "store", "AllocatedStorage": ""}, None),
    ],
)  # fmt: skip
def test_a_new_instance(changed: dict[str, str], said: str | None) -> None:
    with refused(said):
        check_new({**BOX, **changed}, INSTANCE)


@pytest.mark.parametrize(
    ("now", "wanted", "said"),
    [
        ({"EngineVersion": "17.7"}, {"EngineVersion": "17.4"}, "Cannot upgrade aurora-postgresql from 17.7 to 17.4"),
        ({"EngineVersion": "17.7"}, {"EngineVersion": "16.9", "AllowMajorVersionUpgrade": "true"}, "from 17.7 to 16.9"),
        ({"EngineVersion": "16.4"}, {"EngineVersion": "17.4"}, "The AllowMajorVersionUpgrade flag must be present"),
        ({"EngineVersion": "16.4"}, {"EngineVersion": "17.4", "AllowMajorVersionUpgrade": "true"}, None),
        ({"EngineVersion": "16.4"}, {"EngineVersion": "16.13"}, None),
        ({"EngineVersion": "16.4"}, {"EngineVersion": "16"}, None),
        ({"EngineVersion": "16.4"}, {"EngineVersion": "16.4"}, None),
        ({"Engine": "mysql", "EngineVersion": "8.0.42"}, {"EngineVersion": "8.0"}, None),
        ({"Engine": "mysql", "EngineVersion": "8.0.42"}, {"EngineVersion": "8.4.5"}, "The AllowMajorVersionUpgrade"),
        ({"Engine": "mysql", "EngineVersion": "8.0.36"}, {"EngineVersion": "8.0.42"}, None),
        ({"Engine": "postgres", "AllocatedStorage": 50}, {"AllocatedStorage": "40"}, "storage type gp2: 40"),
        ({"Engine": "postgres", "AllocatedStorage": 50}, {"AllocatedStorage": "60"}, None),
        ({}, scaling("0.7", "4"), "must be a multiple of 0.5"),
        ({}, {"NewDBClusterIdentifier": "-x"}, "The parameter NewDBClusterIdentifier is not a valid identifier"),
    ],
)  # fmt: skip
def test_a_change(now: dict[str, Any], wanted: dict[str, str], said: str | None) -> None:
    with refused(said):
        check_change(wanted, {"Engine": "aurora-postgresql", **now})
