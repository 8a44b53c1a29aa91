"""Linting with an empty cache, against the cfn-lint command of the same version on the same files."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import AURORA, Case

INSTANCES = 250
ROUNDS = 3
INSTANCE = {
    "Type": "AWS::RDS::DBInstance",
    "DeletionPolicy": "Snapshot",
    "UpdateReplacePolicy": "Snapshot",
    "Properties": {
        "Engine": "postgres",
        "DBInstanceClass": "db.t4g.micro",
        "AllocatedStorage": "20",
        "BackupRetentionPeriod": 7,
        "CopyTagsToSnapshot": True,
        "DeletionProtection": True,
        "EnableCloudwatchLogsExports": ["postgresql"],
        "EnableIAMDatabaseAuthentication": True,
        "ManageMasterUserPassword": True,
        "MasterUsername": "app",
        "PubliclyAccessible": False,
        "StorageEncrypted": True,
    },
}


def cases(folder: Path) -> Iterator[Case]:
    """The shipped templates, one of them, and a template with many instances."""
    fleet = folder / "fleet.json"
    fleet.write_text(json.dumps({"Resources": {f"Database{number}": INSTANCE for number in range(INSTANCES)}}))
    plain = str(Path(sys.executable).with_name("cfn-lint"))
    one = "templates/aurora-serverless-postgres.yaml"
    ours = [*AURORA, "lint", "--no-cache"]
    yield Case("lint, cold", [*ours, "templates"], [plain, "templates/*.yaml"], 0.7, folder, rounds=ROUNDS)
    yield Case("lint, cold, one", [*ours, one], [plain, one], 0.8, folder, rounds=ROUNDS)
    yield Case(
        f"lint, cold, {INSTANCES} instances", [*ours, "fleet.json"], [plain, "fleet.json"], 0.25, folder, rounds=1
    )
