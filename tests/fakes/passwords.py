"""Secrets in memory: a rotation takes its time on the test's clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from aurora_cfn.model.database_role import SecretState
from aurora_cfn.model.rds_database import EventSource
from tests.fakes.clock import FakeClock
from tests.fakes.rds import FakeDatabases


@dataclass(slots=True)
class FakeSecrets:
    """The ports Secrets and MasterPasswords; `calls` lists what was changed, a rotation ends after `seconds`."""

    clock: FakeClock
    rds: FakeDatabases
    kept: dict[str, SecretState] = field(default_factory=dict)
    seconds: float = 9.0
    ends: str = "active"
    calls: list[str] = field(default_factory=list)
    due: float | None = None

    def secret_state(self, secret: str) -> SecretState | None:
        self._finish()
        return self.kept.get(secret)

    def rotate_secret(self, arn: str) -> None:
        self.calls.append(f"rotate {arn}")
        self.due = self.clock.monotonic() + self.seconds

    def create_secret(self, name: str, value: str, *, tags: Mapping[str, str]) -> str:
        self.calls.append(f"create {name}")
        self.kept[name] = SecretState(name, "v1")
        return name

    def delete_secret(self, secret: str) -> None:
        self.calls.append(f"delete {secret}")
        self.kept.pop(secret, None)

    def rotate_master_password(self, kind: EventSource, identifier: str) -> None:
        self.calls.append(f"modify {kind} {identifier}")
        self.due = self.clock.monotonic() + self.seconds
        self._set("rotating")

    def _finish(self) -> None:
        if self.due is not None and self.clock.monotonic() >= self.due:
            self._set(self.ends)
            if self.ends == "active":
                self.kept = {name: replace(row, version="v2") for name, row in self.kept.items()}
            self.due = None

    def _set(self, status: str) -> None:
        for name, row in self.rds.clusters.items():
            if row.endpoint.secret_status:
                self.rds.clusters[name] = replace(row, endpoint=replace(row.endpoint, secret_status=status))
