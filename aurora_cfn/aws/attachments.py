"""What is attached to a cluster in RDS, such as proxies and clones, on botocore."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aurora_cfn.aws.pages import every_row
from aurora_cfn.aws.rds import events_since
from aurora_cfn.aws.session import Session
from aurora_cfn.model.database_role import Proxy
from aurora_cfn.model.rds_database import DatabaseEvent

if TYPE_CHECKING:
    from mypy_boto3_rds import RDSClient

SWITCHED = "SWITCHOVER_COMPLETED"
"""The status of a deployment whose replication has ended (BlueGreenDeployment, RDS API reference)."""


@dataclass(frozen=True, slots=True)
class AwsAttachments:
    """The port Attachments."""

    session: Session

    def proxies(self, cluster: str) -> Sequence[str]:
        return [row.name for row in targeting(self.session.rds, cluster)]

    def integrations(self, arn: str) -> Sequence[str]:
        # The API reference names no filter for the source, so all of the region are read.
        rows = every_row(self.session.rds, "describe_integrations", "Integrations", dict)
        return [row["IntegrationName"] for row in rows if row.get("SourceArn") == arn]

    def global_cluster(self, arn: str) -> tuple[str, bool] | None:
        # The only filter of DescribeGlobalClusters is the region (API reference).
        for row in every_row(self.session.rds, "describe_global_clusters", "GlobalClusters", dict):
            for member in row.get("GlobalClusterMembers", ()):
                if member.get("DBClusterArn") == arn:
                    return row["GlobalClusterIdentifier"], bool(member.get("IsWriter"))
        return None

    def changed_parameters(self, group: str) -> Mapping[str, str]:
        # `user`: what a person set; without it all parameters of the family come with their defaults.
        asked = {"DBClusterParameterGroupName": group, "Source": "user"}
        rows = every_row(self.session.rds, "describe_db_cluster_parameters", "Parameters", dict, **asked)
        return {row["ParameterName"]: row["ParameterValue"] for row in rows if "ParameterValue" in row}

    def blue_green(self, arn: str) -> Sequence[str]:
        rows = every_row(self.session.rds, "describe_blue_green_deployments", "BlueGreenDeployments", dict)
        # A deployment stays listed after its switch until it is deleted; by then it holds nothing awake any more.
        mine = (row for row in rows if row.get("Source") == arn and row.get("Status") != SWITCHED)
        return [row.get("BlueGreenDeploymentName", "") for row in mine]

    def pending_maintenance(self, arn: str) -> Sequence[str]:
        method, key = "describe_pending_maintenance_actions", "PendingMaintenanceActions"
        rows = every_row(self.session.rds, method, key, dict, ResourceIdentifier=arn)
        return [detail.get("Action", "") for row in rows for detail in row.get("PendingMaintenanceActionDetails", ())]

    def pause_events(self, instance: str, *, since: datetime) -> Sequence[DatabaseEvent]:
        # Without a category: they are of `notification` and of `serverless` (Aurora user guide, DB instance events).
        return events_since(self.session.rds, "db-instance", instance, since)


@dataclass(frozen=True, slots=True)
class AwsCloneGroups:
    """Reads how many clusters share the storage of one."""

    session: Session

    def clones_beside(self, cluster: str) -> int:
        """How many other clusters have the same CloneGroupId, which RDS gives with the first clone."""
        rows = every_row(self.session.rds, "describe_db_clusters", "DBClusters", dict)
        groups = {row["DBClusterIdentifier"]: row.get("CloneGroupId") for row in rows}
        mine = groups.get(cluster)
        return sum(group == mine for group in groups.values()) - 1 if mine else 0


BY_IAM = "IAM_AUTH"
"""DefaultAuthScheme of a proxy that logs in at the database with IAM, as the role that its client names."""


@dataclass(frozen=True, slots=True)
class AwsProxies:
    """Reads the proxies of a database."""

    session: Session

    def proxies_of(self, database: str) -> Sequence[Proxy]:
        """The proxies with the database among their targets: one call, and one for each proxy of the region."""
        return targeting(self.session.rds, database)


def targeting(rds: RDSClient, database: str) -> list[Proxy]:
    """The proxies that have the cluster, an instance of it, or the instance of that identifier as a target."""
    found = every_row(rds, "describe_db_proxies", "DBProxies", _proxy)
    # DescribeDBProxies does not say what a proxy leads to: its targets are a call of their own.
    return [proxy for proxy in found if database in _targets(rds, proxy.name)]


def _targets(rds: RDSClient, proxy: str) -> Iterator[str]:
    for row in every_row(rds, "describe_db_proxy_targets", "Targets", dict, DBProxyName=proxy):
        # Each instance of a cluster is a row of its own, with its cluster in TrackedClusterId.
        yield from (row.get("TrackedClusterId", ""), row.get("RdsResourceId", ""))


def _proxy(row: Mapping[str, Any]) -> Proxy:
    secrets = tuple(one["SecretArn"] for one in row.get("Auth", ()) if one.get("SecretArn"))
    return Proxy(row["DBProxyName"], row.get("DBProxyArn", ""), secrets, row.get("DefaultAuthScheme") == BY_IAM)
