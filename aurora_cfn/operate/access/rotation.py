"""A new password for the master user: begun, and waited for until its secret holds it."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.errors import BusyError, DeployError, InputError
from aurora_cfn.model.rds_database import Endpoint
from aurora_cfn.model.rows import Database
from aurora_cfn.ports import Clock, Databases
from aurora_cfn.ports.database_changes import MasterPasswords, Secrets

LOOK_EVERY, LONGEST = 2.0, 300.0
"""Seconds between two calls, and until the command stops waiting; RDS takes about a minute."""
ACTIVE, IMPAIRED = "active", "impaired"
"""Statuses of a secret that RDS manages (API reference of RDS, MasterUserSecret)."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """What is rotated: the secret `arn`, whose current version is `version`; `managed` by RDS or with a function."""

    arn: str
    version: str
    managed: bool


def endpoint_of(rds: Databases, database: Database) -> tuple[str, Endpoint]:
    """The ARN and the endpoint of the database in RDS. Raises InputError if it is gone."""
    if database.kind == "db-instance":
        instance = rds.instance(database.identifier)
        if instance:
            return instance.arn, instance.endpoint
    elif cluster := rds.cluster(database.identifier):
        return cluster.arn, cluster.endpoint
    raise InputError(f"RDS has no {database.identifier or database.stack}")


@dataclass(frozen=True, slots=True)
class PasswordRotation:
    """Rotates the password of the master user of one database."""

    rds: Databases
    secrets: Secrets
    passwords: MasterPasswords
    clock: Clock
    database: Database

    def planned(self) -> Rotation:
        """What would be rotated, and how. Raises InputError, BusyError, DeployError where it cannot be."""
        if self.database.signed:
            raise InputError(f"{self.database.stack} has no password: Aurora DSQL takes IAM tokens, which expire")
        _, endpoint = endpoint_of(self.rds, self.database)
        arn = endpoint.secret_arn or self.database.secret_arn
        if not arn:
            raise InputError(f"no secret is attached to {self.database.identifier}: there is nothing to rotate")
        # Empty where RDS does not manage the password: then only Secrets Manager knows of a rotation.
        if endpoint.secret_arn:
            self._check(endpoint.secret_status)
        state = self.secrets.secret_state(arn)
        if state is None:
            raise InputError(f"the secret {arn} does not exist, or waits for its deletion")
        if not endpoint.secret_arn and not state.rotates:
            raise InputError(
                f"the secret {arn} has no rotation function: add an AWS::SecretsManager::RotationSchedule to the "
                "template, or let RDS manage the password (ManageMasterUserPassword)"
            )
        return Rotation(state.arn, state.version, bool(endpoint.secret_arn))

    def start(self, rotation: Rotation) -> None:
        """Begin it; AWS continues by itself."""
        if rotation.managed:
            self.passwords.rotate_master_password(self.database.kind, self.database.identifier)
        else:
            self.secrets.rotate_secret(rotation.arn)

    def finished(self, rotation: Rotation) -> tuple[str, float]:
        """The id of the new version once it is current, and the seconds. Raises BusyError, DeployError."""
        start = self.clock.monotonic()
        while True:
            status = ACTIVE
            if rotation.managed:
                status = endpoint_of(self.rds, self.database)[1].secret_status
                if status == IMPAIRED:
                    self._check(status)
            state = self.secrets.secret_state(rotation.arn)
            waited = self.clock.monotonic() - start
            # A moment after the call RDS still says `active`, with the old version.
            if status == ACTIVE and state and state.version != rotation.version:
                return state.version, waited
            if waited >= LONGEST:
                raise BusyError(f"the rotation of {rotation.arn} is not finished after {waited:.0f} s; AWS continues")
            self.clock.sleep(LOOK_EVERY)

    def _check(self, status: str) -> None:
        if status == IMPAIRED:
            raise DeployError(
                f"the secret of {self.database.identifier} is impaired: RDS cannot use it. Check whether it, or the "
                "KMS key that encrypts it, was disabled or deleted, or denies RDS"
            )
        if status not in {"", ACTIVE}:
            raise BusyError(f"the secret of {self.database.identifier} is {status}: wait until it is active")
