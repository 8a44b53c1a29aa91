"""The port Attachments on boto3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.proxies import targeting
from aurora_cfn.aws.rds import database_event
from aurora_cfn.aws.session import Session
from aurora_cfn.model.rds_database import DatabaseEvent

if TYPE_CHECKING:
    from mypy_boto3_rds import RDSClient


@dataclass(frozen=True, slots=True)
class AwsAttachments:
    """The port Attachments."""

    session: Session

    def proxies(self, cluster: str) -> Sequence[str]:
        return [row.name for row in targeting(self._rds, cluster)]

    def integrations(self, arn: str) -> Sequence[str]:
        with translated("DescribeIntegrations"):
            pages = self._rds.get_paginator("describe_integrations").paginate()
            rows = [row for page in pages for row in page.get("Integrations", ())]
        return [row["IntegrationName"] for row in rows if row.get("SourceArn") == arn]

    def global_cluster(self, arn: str) -> tuple[str, bool] | None:
        with translated("DescribeGlobalClusters"):
            pages = self._rds.get_paginator("describe_global_clusters").paginate()
            rows = [row for page in pages for row in page.get("GlobalClusters", ())]
        for row in rows:
            for member in row.get("GlobalClusterMembers", ()):
                if member.get("DBClusterArn") == arn:
                    return row["GlobalClusterIdentifier"], bool(member.get("IsWriter"))
        return None

    def changed_parameters(self, group: str) -> Mapping[str, str]:
        with translated("DescribeDBClusterParameters"):
            pages = self._rds.get_paginator("describe_db_cluster_parameters").paginate(
                DBClusterParameterGroupName=group, Source="user"
            )
            rows = [row for page in pages for row in page.get("Parameters", ())]
        return {row["ParameterName"]: row["ParameterValue"] for row in rows if "ParameterValue" in row}

    def pending_maintenance(self, arn: str) -> Sequence[str]:
        with translated("DescribePendingMaintenanceActions"):
            pages = self._rds.get_paginator("describe_pending_maintenance_actions").paginate(ResourceIdentifier=arn)
            rows = [row for page in pages for row in page.get("PendingMaintenanceActions", ())]
        return [
            detail.get("Action", "")
            for row in rows
            if row.get("ResourceIdentifier") == arn
            for detail in row.get("PendingMaintenanceActionDetails", ())
        ]

    def pause_events(self, instance: str, *, since: datetime) -> Sequence[DatabaseEvent]:
        with translated("DescribeEvents"):
            # Without the category: "Successfully resumed" is not of the category `serverless`.
            pages = self._rds.get_paginator("describe_events").paginate(
                SourceType="db-instance", SourceIdentifier=instance, StartTime=since
            )
            found = [database_event(row) for page in pages for row in page.get("Events", ())]
        return sorted(found, key=lambda event: event.at)

    @property
    def _rds(self) -> RDSClient:
        return self.session.client("rds")
