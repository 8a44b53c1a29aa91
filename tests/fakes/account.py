"""What surrounds a stack, in memory: names that are taken, keys of secrets, imports, the number of stacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aurora_cfn.errors import AwsError
from aurora_cfn.model.rds_database import Quota


@dataclass(slots=True)
class FakeNames:
    """The port Names."""

    log_groups: set[str] = field(default_factory=set)
    parameters: set[str] = field(default_factory=set)
    secrets: set[str] = field(default_factory=set)

    def log_group(self, name: str) -> bool:
        return name in self.log_groups

    def parameter(self, name: str) -> bool:
        return name in self.parameters

    def secret(self, name: str) -> bool:
        return name in self.secrets


@dataclass(slots=True)
class FakeSecretKeys:
    """The port SecretKeys."""

    held: dict[str, frozenset[str]] = field(default_factory=dict)
    trouble: AwsError | None = None

    def keys(self, secret: str) -> frozenset[str] | None:
        if self.trouble:
            raise self.trouble
        return self.held.get(secret)


@dataclass(slots=True)
class FakeAccount:
    """The port Account."""

    imports: dict[str, list[str]] = field(default_factory=dict)
    exported: set[str] = field(default_factory=set)
    quota: Quota = Quota("stacks", 3, 2000)  # noqa: RUF009 - frozen
    trouble: AwsError | None = None

    def importers(self, export: str) -> Sequence[str]:
        if self.trouble:
            raise self.trouble
        return self.imports.get(export, [])

    def exports(self) -> frozenset[str]:
        if self.trouble:
            raise self.trouble
        return frozenset(self.exported)

    def stacks(self) -> Quota:
        if self.trouble:
            raise self.trouble
        return self.quota


@dataclass(slots=True)
class FakeParameters:
    """The port Parameters."""

    kept: Mapping[str, str] = field(default_factory=dict)

    def values(self, names: Sequence[str]) -> Mapping[str, str]:
        return {name: self.kept[name] for name in names if name in self.kept}
