"""Clusters that share storage: a source, its clones, and theirs; read from RDS."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.aws.pages import every_row
from aurora_cfn.aws.session import Session


@dataclass(frozen=True, slots=True)
class AwsCloneGroups:
    """Reads how many clusters share the storage of one."""

    session: Session

    def clones_beside(self, cluster: str) -> int:
        """How many other clusters have the same CloneGroupId, which RDS gives with the first clone."""
        rows = every_row(self.session.client("rds"), "describe_db_clusters", "DBClusters", dict)
        groups = {row["DBClusterIdentifier"]: row.get("CloneGroupId") for row in rows}
        mine = groups.get(cluster)
        return sum(group == mine for group in groups.values()) - 1 if mine else 0
