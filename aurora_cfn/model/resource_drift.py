"""Drift: how the real resources differ from what the template says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

Difference: TypeAlias = Literal["ADD", "REMOVE", "NOT_EQUAL"]


@dataclass(frozen=True, slots=True)
class DriftedProperty:
    """One property: `path` as AWS gives it (`/BackupRetentionPeriod`), values as text (JSON for anything nested)."""

    path: str
    expected: str
    actual: str
    difference: str = "NOT_EQUAL"


@dataclass(frozen=True, slots=True)
class ResourceDrift:
    """One resource; `status` is IN_SYNC, MODIFIED, DELETED, NOT_CHECKED, UNKNOWN or UNSUPPORTED."""

    logical_id: str
    physical_id: str
    type: str
    status: str
    properties: tuple[DriftedProperty, ...] = ()
    reason: str = ""
    at: datetime | None = None

    @property
    def drifted(self) -> bool:
        """Whether it is not as the template says."""
        return self.status in {"MODIFIED", "DELETED"}


@dataclass(frozen=True, slots=True)
class DriftDetection:
    """A detection on its way; `status` ends as DETECTION_COMPLETE or DETECTION_FAILED."""

    status: str
    drift: str = ""
    reason: str = ""

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self.status == "DETECTION_IN_PROGRESS"


@dataclass(frozen=True, slots=True)
class IgnoredProperty:
    """A difference that counts for nothing, and why."""

    logical_id: str
    path: str
    expected: str
    actual: str
    why: str


@dataclass(frozen=True, slots=True)
class DriftReport:
    """What became of one stack: `drifted` counts, `ignored` does not, `blind` is what AWS cannot compare.

    `resources` is how many AWS told about; `reason` says why the detection did not see everything.
    """

    key: str
    name: str
    resources: int
    drifted: tuple[ResourceDrift, ...] = ()
    ignored: tuple[IgnoredProperty, ...] = ()
    blind: tuple[ResourceDrift, ...] = ()
    reason: str = ""
