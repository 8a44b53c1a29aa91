#!/usr/bin/env bash
# One would expect: a cluster that is restored from a snapshot or to a point in time has no deletion protection unless the call asks for it: the API
#   reference of both calls says "By default, deletion protection isn't enabled"; and the call's own DeletionProtection=False counts.
# What happens: moto copies the protection of the source cluster, also where the call says False.
# Why it matters: a test that restores the protected production cluster, checks it and deletes the copy fails at the deletion, and what is written to
#   make it pass (switch the protection off first) is a step that RDS does not need; a script that is to protect the copy by itself passes without
#   doing so, and the restored production database is unprotected in AWS.
# Version and source: moto 5.2.5 (PyPI), rds/models.py; RestoreDBClusterFromSnapshot and RestoreDBClusterToPointInTime in the RDS API reference.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check 'moto[rds]==5.2.5' boto3==1.43.106 2>/dev/null
cat > restore.py <<'PY'
from importlib.metadata import version

import boto3
from moto import mock_aws

print("moto", version("moto"))
with mock_aws():
    rds = boto3.client("rds", region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none")
    rds.create_db_cluster(
        DBClusterIdentifier="orders", Engine="aurora-postgresql", MasterUsername="app", MasterUserPassword="only-for-this-test",
        DeletionProtection=True,
    )
    rds.create_db_cluster_snapshot(DBClusterIdentifier="orders", DBClusterSnapshotIdentifier="orders-monday")
    snapshot = {"SnapshotIdentifier": "orders-monday", "Engine": "aurora-postgresql"}
    calls = {
        "snapshot": lambda name: rds.restore_db_cluster_from_snapshot(DBClusterIdentifier=name, **snapshot),
        "snapshot-off": lambda name: rds.restore_db_cluster_from_snapshot(DBClusterIdentifier=name, DeletionProtection=False, **snapshot),
        "time": lambda name: rds.restore_db_cluster_to_point_in_time(
            DBClusterIdentifier=name, SourceDBClusterIdentifier="orders", UseLatestRestorableTime=True
        ),
    }
    protected = {}
    for name, call in calls.items():
        call(name)
        cluster = rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]
        protected[name] = cluster["DeletionProtection"]
        print(f"{name}: DeletionProtection {protected[name]}")
    try:
        rds.delete_db_cluster(DBClusterIdentifier="snapshot-off", SkipFinalSnapshot=True)
        refused = False
    except rds.exceptions.ClientError as error:
        refused = error.response["Error"]["Code"] == "InvalidParameterCombination"
        print("deleting snapshot-off:", error.response["Error"]["Message"])
raise SystemExit(None if all(protected.values()) and refused else "the behaviour has changed")
PY
env/bin/python restore.py
