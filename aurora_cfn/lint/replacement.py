"""Properties whose change replaces a database, and so deletes or copies its data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# CloudFormation resource schemas in cfn-lint 1.58.0 (2026-10-20): createOnlyProperties, and of those that are so
# under conditions the master user's name, whose change replaces a cluster.
CREATE_ONLY: Final[Mapping[str, tuple[str, ...]]] = {
    "AWS::RDS::DBCluster": (
        "ClusterScalabilityType",
        "DBClusterIdentifier",
        "DBSubnetGroupName",
        "DBSystemId",
        "DatabaseName",
        "EngineMode",
        "KmsKeyId",
        "MasterUsername",
        "PubliclyAccessible",
        "RestoreToTime",
        "RestoreType",
        "SnapshotIdentifier",
        "SourceDBClusterIdentifier",
        "SourceDbClusterResourceId",
        "SourceRegion",
        "StorageEncrypted",
        "UseLatestRestorableTime",
    ),
    "AWS::RDS::DBInstance": (
        "BackupTarget",
        "CharacterSetName",
        "CustomIAMInstanceProfile",
        "DBInstanceIdentifier",
        "DBName",
        "DBSubnetGroupName",
        "DBSystemId",
        "KmsKeyId",
        "MasterUsername",
        "NcharCharacterSetName",
        "SourceRegion",
        "StorageEncrypted",
        "Timezone",
    ),
}
