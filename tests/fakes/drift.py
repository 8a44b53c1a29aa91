"""Drift detection in memory, and a CloudFormation whose resources have drifted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from aurora_cfn.model.change_set import ChangeSetRequest, CreatedChangeSet, PropertyChange, ResourceChange
from aurora_cfn.model.resource_drift import DriftDetection, ResourceDrift
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import FakeCloudFormation, _Kept


@dataclass(slots=True)
class FakeDrifts:
    """The port Drifts; a detection takes `seconds`."""

    clock: FakeClock
    rows: list[ResourceDrift] = field(default_factory=list)
    seconds: float = 20.0
    reason: str = ""
    started: list[str] = field(default_factory=list)
    due: float = 0.0

    def detect_drift(self, stack: str) -> str:
        self.started.append(stack)
        self.due = self.clock.monotonic() + self.seconds
        return "detection-1"

    def drift_detection(self, detection: str) -> DriftDetection:
        assert detection == "detection-1"
        if self.clock.monotonic() < self.due:
            return DriftDetection("DETECTION_IN_PROGRESS")
        return DriftDetection("DETECTION_FAILED" if self.reason else "DETECTION_COMPLETE", self.reason)

    def drifts(self, stack: str) -> Sequence[ResourceDrift]:
        return self.rows


class DriftedCloudFormation(FakeCloudFormation):
    """A change set that reverts drift changes what is in `drifted` back, with the template that is deployed."""

    drifted: tuple[str, ...] = ()
    requests: list[ChangeSetRequest]

    def create_change_set(self, request: ChangeSetRequest) -> CreatedChangeSet:
        self.requests = [*getattr(self, "requests", []), request]
        kept = self._find(request.stack_name)
        if request.previous_template and kept is not None:
            given = {name: kept.stack.parameters[name] for name in request.previous_parameters}
            request = replace(request, template=kept.template, parameters=given)
        return super().create_change_set(request)

    def _changes(self, request: ChangeSetRequest, kept: _Kept) -> list[ResourceChange]:
        if not request.revert_drift:
            return super()._changes(request, kept)
        rows = [kept.resources[name] for name in self.drifted]
        detail = (PropertyChange("Properties", "BackupRetentionPeriod", before="7", after="30"),)
        return [
            ResourceChange("Modify", row.logical_id, row.type, row.physical_id, "False", properties=detail)
            for row in rows
        ]
