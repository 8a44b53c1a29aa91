"""The ports UpgradeTargets and BlueGreenDeployments on botocore."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import every_row, tag_rows
from aurora_cfn.aws.session import Session
from aurora_cfn.model.upgrade_plan import BlueGreen, UpgradeTarget


@dataclass(frozen=True, slots=True)
class AwsUpgradeTargets:
    """The port UpgradeTargets."""

    session: Session

    def targets(self, engine: str, version: str) -> Sequence[UpgradeTarget]:
        """ValidUpgradeTarget of exactly that version."""
        # IncludeAll: a version that can no longer be created still runs, and is the one to leave.
        asked = {"Engine": engine, "EngineVersion": version, "IncludeAll": True}
        rows = every_row(self.session.rds, "describe_db_engine_versions", "DBEngineVersions", dict, **asked)
        found = [row for row in rows if row.get("EngineVersion") == version]
        return [_target(row) for one in found for row in one.get("ValidUpgradeTarget", ()) if _provisioned(row)]


def _provisioned(row: Mapping[str, Any]) -> bool:
    # Serverless v2 is of the mode `provisioned`; a target for v1 alone has only `serverless`.
    modes = row.get("SupportedEngineModes")
    return not modes or "provisioned" in modes


def _target(row: Mapping[str, Any]) -> UpgradeTarget:
    return UpgradeTarget(row["EngineVersion"], bool(row.get("IsMajorVersionUpgrade")), bool(row.get("AutoUpgrade")))


@dataclass(frozen=True, slots=True)
class AwsBlueGreenDeployments:
    """The port BlueGreenDeployments."""

    session: Session

    def of_cluster(self, arn: str) -> BlueGreen | None:
        # All of the region: the filter `source` does not find a deployment after its switch, where names changed.
        found = every_row(self.session.rds, "describe_blue_green_deployments", "BlueGreenDeployments", _deployment)
        return next((row for row in found if arn in {row.source, row.target}), None)

    def create(
        self, name: str, source: str, *, version: str, parameter_group: str, tags: Mapping[str, str]
    ) -> BlueGreen:
        """CreateBlueGreenDeployment, which returns before anything of green is there."""
        group: dict[str, Any] = {"TargetDBClusterParameterGroupName": parameter_group} if parameter_group else {}
        with translated("CreateBlueGreenDeployment"):
            answer = self.session.rds.create_blue_green_deployment(
                BlueGreenDeploymentName=name, Source=source, TargetEngineVersion=version, Tags=tag_rows(tags), **group
            )
        return _deployment(answer["BlueGreenDeployment"])

    def switch(self, identifier: str, *, timeout: int) -> BlueGreen:
        with translated("SwitchoverBlueGreenDeployment"):
            answer = self.session.rds.switchover_blue_green_deployment(
                BlueGreenDeploymentIdentifier=identifier, SwitchoverTimeout=timeout
            )
        return _deployment(answer["BlueGreenDeployment"])

    def delete(self, identifier: str, *, green: bool) -> None:
        """DeleteBlueGreenDeployment; DeleteTarget is left out after a switch, as RDS refuses it then."""
        target: dict[str, Any] = {"DeleteTarget": True} if green else {}
        with translated("DeleteBlueGreenDeployment"):
            self.session.rds.delete_blue_green_deployment(BlueGreenDeploymentIdentifier=identifier, **target)


def _deployment(row: Mapping[str, Any]) -> BlueGreen:
    return BlueGreen(
        identifier=row["BlueGreenDeploymentIdentifier"],
        name=row.get("BlueGreenDeploymentName", ""),
        source=row.get("Source", ""),
        target=row.get("Target") or "",
        status=row.get("Status", ""),
        details=row.get("StatusDetails") or "",
        tasks=tuple(f"{task.get('Name', '')} {task.get('Status', '')}" for task in row.get("Tasks", ())),
    )
