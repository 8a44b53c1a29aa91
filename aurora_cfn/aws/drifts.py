"""The port Drifts on botocore, and actual properties of resources by the Cloud Control API."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import every_page
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NOT_FOUND
from aurora_cfn.model.resource_drift import DriftDetection, DriftedProperty, ResourceDrift
from aurora_cfn.model.value import Value


@dataclass(frozen=True, slots=True)
class AwsDrifts:
    """The port Drifts."""

    session: Session

    def detect_drift(self, stack: str) -> str:
        with translated("DetectStackDrift"):
            answer = self.session.cloudformation.detect_stack_drift(StackName=stack)
            return answer["StackDriftDetectionId"]

    def drift_detection(self, detection: str) -> DriftDetection:
        with translated("DescribeStackDriftDetectionStatus"):
            answer = self.session.cloudformation.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
            reason = answer.get("DetectionStatusReason", "")
            return DriftDetection(answer["DetectionStatus"], reason)

    def drifts(self, stack: str) -> Sequence[ResourceDrift]:
        pages = every_page(self.session.cloudformation, "describe_stack_resource_drifts", _drifts, StackName=stack)
        return [row for page in pages for row in page]


def _drifts(answer: Mapping[str, Any]) -> list[ResourceDrift]:
    return [_drift(row) for row in answer.get("StackResourceDrifts", ())]


def _drift(row: Mapping[str, Any]) -> ResourceDrift:
    return ResourceDrift(
        logical_id=row["LogicalResourceId"],
        physical_id=row.get("PhysicalResourceId", ""),
        type=row["ResourceType"],
        status=row["StackResourceDriftStatus"],
        properties=tuple(_property(entry) for entry in row.get("PropertyDifferences", ())),
    )


def _property(row: Mapping[str, Any]) -> DriftedProperty:
    return DriftedProperty(row["PropertyPath"], row.get("ExpectedValue", ""), row.get("ActualValue", ""))


@dataclass(frozen=True, slots=True)
class CloudControl:
    """The port Actuals."""

    session: Session

    def properties(self, kind: str, identifier: str) -> Mapping[str, Value] | None:
        with translated("GetResource", absent={NOT_FOUND}):
            answer = self.session.client("cloudcontrol").get_resource(TypeName=kind, Identifier=identifier)
            # Properties is a JSON text inside of the answer.
            found: Mapping[str, Value] = json.loads(answer["ResourceDescription"]["Properties"])
            return found
        return None
