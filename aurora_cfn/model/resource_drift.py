"""Drift: differences between the actual resources and the template."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DriftedProperty:
    """One property: `path` as in AWS's answer (`/BackupRetentionPeriod`), values as text (JSON if nested)."""

    path: str
    expected: str
    actual: str


@dataclass(frozen=True, slots=True)
class ResourceDrift:
    """One resource; `status` is IN_SYNC, MODIFIED, DELETED, NOT_CHECKED, UNKNOWN or UNSUPPORTED."""

    logical_id: str
    physical_id: str
    type: str
    status: str
    properties: tuple[DriftedProperty, ...] = ()

    @property
    def drifted(self) -> bool:
        """Whether it differs from the template."""
        return self.status in {"MODIFIED", "DELETED"}


@dataclass(frozen=True, slots=True)
class DriftDetection:
    """The state of a drift detection; `status` ends as DETECTION_COMPLETE or DETECTION_FAILED."""

    status: str
    reason: str = ""

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self.status == "DETECTION_IN_PROGRESS"


@dataclass(frozen=True, slots=True)
class IgnoredProperty:
    """A difference that is not counted as drift, and why."""

    logical_id: str
    path: str
    expected: str
    actual: str
    why: str


@dataclass(frozen=True, slots=True)
class DriftReport:
    """The drift of one stack: `ignored` is not counted, `blind` are resources that AWS cannot compare.

    `resources` is how many AWS reported on; `reason` says why the detection is incomplete.
    """

    key: str
    name: str
    resources: int
    drifted: tuple[ResourceDrift, ...] = ()
    ignored: tuple[IgnoredProperty, ...] = ()
    blind: tuple[ResourceDrift, ...] = ()
    reason: str = ""
