"""The port DatabaseChanges on botocore, and the deletion protection of a database that is to be deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import tag_rows
from aurora_cfn.aws.session import Session
from aurora_cfn.model.rds_database import EventSource

if TYPE_CHECKING:
    from mypy_boto3_rds import RDSClient


@dataclass(frozen=True, slots=True)
class AwsDatabaseChanges:
    """The port DatabaseChanges on RDS."""

    session: Session

    def rename(self, kind: EventSource, identifier: str, new: str) -> None:
        """Start the renaming, outside of the maintenance window."""
        name = "NewDBInstanceIdentifier" if kind == "db-instance" else "NewDBClusterIdentifier"
        modify(self.session.rds, kind, identifier, **{name: new})

    def attach(self, cluster: str, *, groups: Sequence[str], parameter_group: str, protected: bool) -> None:
        modify(
            self.session.rds, "db-cluster", cluster, VpcSecurityGroupIds=list(groups),
            DBClusterParameterGroupName=parameter_group, DeletionProtection=protected,
        )  # fmt: skip

    def monitor(self, instance: str, role: str) -> None:
        """ModifyDBInstance with the role alone: the interval stays."""
        modify(self.session.rds, "db-instance", instance, MonitoringRoleArn=role)

    def tag(self, arn: str, tags: Mapping[str, str]) -> None:
        with translated("AddTagsToResource"):
            self.session.rds.add_tags_to_resource(ResourceName=arn, Tags=tag_rows(tags))

    def untag(self, arn: str, keys: Sequence[str]) -> None:
        with translated("RemoveTagsFromResource"):
            self.session.rds.remove_tags_from_resource(ResourceName=arn, TagKeys=list(keys))


@dataclass(frozen=True, slots=True)
class AwsDeletionProtection:
    """Deletion protection in RDS."""

    session: Session

    def switch_off(self, identifier: str, kind: EventSource) -> None:
        """Switch it off at once."""
        modify(self.session.rds, kind, identifier, DeletionProtection=False)


def modify(rds: RDSClient, kind: EventSource, identifier: str, **changes: Any) -> None:
    """ModifyDBInstance or ModifyDBCluster, outside of the maintenance window."""
    if kind == "db-instance":
        with translated("ModifyDBInstance"):
            rds.modify_db_instance(DBInstanceIdentifier=identifier, ApplyImmediately=True, **changes)
        return
    with translated("ModifyDBCluster"):
        rds.modify_db_cluster(DBClusterIdentifier=identifier, ApplyImmediately=True, **changes)
