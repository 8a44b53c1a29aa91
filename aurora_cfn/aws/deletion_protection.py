"""Switching off the deletion protection of a database that is to be deleted."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.model.rds_database import EventSource


@dataclass(frozen=True, slots=True)
class AwsDeletionProtection:
    """Deletion protection in RDS."""

    session: Session

    def switch_off(self, identifier: str, kind: EventSource) -> None:
        """Switch it off at once."""
        rds = self.session.client("rds")
        if kind == "db-instance":
            with translated("ModifyDBInstance"):
                rds.modify_db_instance(DBInstanceIdentifier=identifier, DeletionProtection=False, ApplyImmediately=True)
            return
        with translated("ModifyDBCluster"):
            rds.modify_db_cluster(DBClusterIdentifier=identifier, DeletionProtection=False, ApplyImmediately=True)
