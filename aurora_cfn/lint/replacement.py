"""Properties whose change replaces a database, and so deletes or copies its data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# CloudFormation resource schemas in cfn-lint 1.58.0 (2026-10-20): createOnlyProperties, without deprecated ones.
CREATE_ONLY: Final[Mapping[str, tuple[str, ...]]] = {
    "AWS::RDS::DBCluster": (
        "ClusterScalabilityType",
        "DBClusterIdentifier",
        "DBSubnetGroupName",
        "DBSystemId",
        "DatabaseName",
        "EngineMode",
        "KmsKeyId",
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
        "CharacterSetName",
        "DBInstanceIdentifier",
        "DBName",
        "DBSubnetGroupName",
        "KmsKeyId",
        "MasterUsername",
        "NcharCharacterSetName",
        "SourceRegion",
        "StorageEncrypted",
        "Timezone",
    ),
}
