"""Drift detection on boto3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.model.drift import DriftDetection, DriftedProperty, ResourceDrift


class AwsDrifts:
    """The port Drifts on CloudFormation."""

    def __init__(self, session: Session) -> None:
        """Take the session; the client is made with the first call."""
        self._session = session

    def detect_drift(self, stack: str) -> str:
        """Start a detection; its id."""
        with translated("DetectStackDrift"):
            answer = self._session.client("cloudformation").detect_stack_drift(StackName=stack)
        return answer["StackDriftDetectionId"]

    def drift_detection(self, detection: str) -> DriftDetection:
        """How far the detection is."""
        client = self._session.client("cloudformation")
        with translated("DescribeStackDriftDetectionStatus"):
            answer = client.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
        reason = answer.get("DetectionStatusReason", "")
        return DriftDetection(answer["DetectionStatus"], answer.get("StackDriftStatus", ""), reason)

    def drifts(self, stack: str) -> Sequence[ResourceDrift]:
        """What the last detection found, for every resource that it checked."""
        client = self._session.client("cloudformation")
        asked: dict[str, Any] = {"StackName": stack}
        found: list[ResourceDrift] = []
        while True:
            with translated("DescribeStackResourceDrifts"):
                answer = client.describe_stack_resource_drifts(**asked)
            found += [_drift(row) for row in answer["StackResourceDrifts"]]
            if not answer.get("NextToken"):
                return found
            asked["NextToken"] = answer["NextToken"]


def _drift(row: Mapping[str, Any]) -> ResourceDrift:
    moment = row.get("Timestamp")
    return ResourceDrift(
        logical_id=row["LogicalResourceId"],
        physical_id=row.get("PhysicalResourceId", ""),
        type=row["ResourceType"],
        status=row["StackResourceDriftStatus"],
        properties=tuple(_property(entry) for entry in row.get("PropertyDifferences", ())),
        reason=row.get("DriftStatusReason", ""),
        at=moment.astimezone(UTC) if moment else None,
    )


def _property(row: Mapping[str, Any]) -> DriftedProperty:
    return DriftedProperty(
        row["PropertyPath"], row.get("ExpectedValue", ""), row.get("ActualValue", ""), row["DifferenceType"]
    )
