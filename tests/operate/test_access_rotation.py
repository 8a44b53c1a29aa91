"""A master password rotated: by RDS, by a function, or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aurora_cfn.errors import BusyError, DeployError, InputError
from aurora_cfn.model.database_role import SecretState
from aurora_cfn.model.rds_database import Cluster, Endpoint, Instance
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.access.rotation import LONGEST, PasswordRotation
from tests.fakes.clock import FakeClock
from tests.fakes.passwords import FakeSecrets
from tests.fakes.rds import FakeDatabases

OWN = "arn:own"
DATABASE = Database("db-dev", "d", OWN, resource="DBCluster", identifier="c")
MANAGED = Cluster("c", "arn:c", "available", "aurora-postgresql", "17.7",
                  endpoint=Endpoint(secret_arn="arn:rds", secret_status="active"))  # fmt: skip
PLAIN = replace(MANAGED, endpoint=Endpoint())


def rotation_of(cluster: Cluster, **states: SecretState) -> tuple[PasswordRotation, FakeSecrets]:
    rds, clock = FakeDatabases(clusters={"c": cluster}), FakeClock()
    secrets = FakeSecrets(clock, rds, {f"arn:{name}": state for name, state in states.items()})
    return PasswordRotation(rds, secrets, secrets, clock, DATABASE), secrets


ROTATES = SecretState("arn:own", "v1", rotates=True)


@pytest.mark.parametrize(
    ("cluster", "states", "called"),
    [
        (MANAGED, {"rds": SecretState("arn:rds", "v1")}, "modify db-cluster c"),
        (PLAIN, {"own": ROTATES}, "rotate arn:own"),
    ],
)
def test_the_new_version_is_waited_for(cluster: Cluster, states: dict[str, SecretState], called: str) -> None:
    rotation, secrets = rotation_of(cluster, **states)
    planned = rotation.planned()
    rotation.start(planned)
    assert secrets.calls == [called]
    version, seconds = rotation.finished(planned)
    assert (planned.version, version) == ("v1", "v2")
    assert 9 <= seconds < 14


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [("impaired", DeployError, "impaired"), ("rotating", BusyError, "rotating"), ("creating", BusyError, "creating")],
)
def test_what_rds_cannot_rotate_now(status: str, error: type[Exception], said: str) -> None:
    busy = replace(MANAGED, endpoint=replace(MANAGED.endpoint, secret_status=status))
    rotation, _ = rotation_of(busy, rds=SecretState("arn:rds", "v1"))
    with pytest.raises(error, match=said):
        rotation.planned()


def test_a_rotation_that_fails_or_never_ends() -> None:
    rotation, secrets = rotation_of(MANAGED, rds=SecretState("arn:rds", "v1"))
    secrets.ends = "impaired"
    planned = rotation.planned()
    rotation.start(planned)
    with pytest.raises(DeployError, match="impaired"):
        rotation.finished(planned)
    rotation, secrets = rotation_of(MANAGED, rds=SecretState("arn:rds", "v1"))
    secrets.seconds = LONGEST * 2
    planned = rotation.planned()
    rotation.start(planned)
    with pytest.raises(BusyError, match="not finished after 300 s"):
        rotation.finished(planned)


@pytest.mark.parametrize(
    ("database", "cluster", "states", "said"),
    [
        (replace(DATABASE, signed=True), PLAIN, {}, "Aurora DSQL takes IAM tokens"),
        (replace(DATABASE, secret_arn=""), PLAIN, {}, "no secret is attached"),
        (DATABASE, PLAIN, {}, "does not exist"),
        (DATABASE, PLAIN, {"own": SecretState("arn:own", "v1")}, "no rotation function"),
        (replace(DATABASE, identifier="gone"), PLAIN, {}, "RDS has no gone"),
    ],
)
def test_what_has_no_password_to_rotate(
    database: Database, cluster: Cluster, states: dict[str, SecretState], said: str
) -> None:
    rotation, secrets = rotation_of(cluster, **states)
    with pytest.raises(InputError, match=said):
        replace(rotation, database=database).planned()
    assert secrets.calls == []


def test_an_instance_without_cluster() -> None:
    rds, clock = FakeDatabases(), FakeClock()
    endpoint = Endpoint(secret_arn="arn:rds", secret_status="active")
    rds.instances["i"] = Instance("i", "available", "postgres", "17", endpoint=endpoint)
    secrets = FakeSecrets(clock, rds, {"arn:rds": SecretState("arn:rds", "v1")})
    database = replace(DATABASE, identifier="i", kind="db-instance")
    rotation = PasswordRotation(rds, secrets, secrets, clock, database)
    planned = rotation.planned()
    rotation.start(planned)
    assert secrets.calls == ["modify db-instance i"]
    assert rotation.finished(planned)[0] == "v2"
