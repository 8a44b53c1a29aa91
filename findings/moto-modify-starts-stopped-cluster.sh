#!/usr/bin/env bash
# One would expect: ModifyDBCluster of a stopped cluster is refused, as Aurora refuses it ("you can't modify the configuration" of a stopped cluster);
#   or a mock that knows no such rule changes the setting and leaves the cluster stopped.
# What happens: moto accepts the change, answers with the status stopped, and the cluster is available afterwards: the change has started it.
#   StartDBCluster, which does know statuses, then raises InvalidDBClusterStateFault. Stopping changes the cluster only: its instances are available all
#   the time. A stopped instance without a cluster (ModifyDBInstance) stays stopped.
# Why it matters: the nightly script that sets the retention or the protection of every cluster passes in the test, and fails in AWS on those that were
#   stopped for the night; and a test of "stop, change, is it still stopped?" fails for a reason that AWS does not have.
# Version and source: moto 5.2.5 (PyPI), modify_db_cluster in rds/models.py; Aurora user guide, limitations for stopping and starting Aurora clusters.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check 'moto[rds]==5.2.5' boto3==1.43.106 2>/dev/null
cat > modify.py <<'PY'
from importlib.metadata import version

import boto3
from moto import mock_aws

print("moto", version("moto"))
with mock_aws():
    rds = boto3.client("rds", region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none")
    user = {"MasterUsername": "app", "MasterUserPassword": "only-for-this-test"}
    rds.create_db_cluster(DBClusterIdentifier="orders", Engine="aurora-postgresql", **user)
    rds.create_db_instance(DBInstanceIdentifier="writer", DBClusterIdentifier="orders", Engine="aurora-postgresql", DBInstanceClass="db.serverless")
    rds.create_db_instance(DBInstanceIdentifier="alone", Engine="postgres", DBInstanceClass="db.t4g.micro", AllocatedStorage=20, **user)

    def statuses():
        clusters, instances = rds.describe_db_clusters()["DBClusters"], rds.describe_db_instances()["DBInstances"]
        found = {row["DBClusterIdentifier"]: row["Status"] for row in clusters}
        return found | {row["DBInstanceIdentifier"]: row["DBInstanceStatus"] for row in instances}

    statuses()  # the first look ends "creating"
    rds.stop_db_cluster(DBClusterIdentifier="orders")
    rds.stop_db_instance(DBInstanceIdentifier="alone")
    stopped = statuses()
    print("stopped: ", stopped)
    rds.modify_db_cluster(DBClusterIdentifier="orders", BackupRetentionPeriod=7)
    rds.modify_db_instance(DBInstanceIdentifier="alone", BackupRetentionPeriod=7)
    changed = statuses()
    print("modified:", changed)
    try:
        rds.start_db_cluster(DBClusterIdentifier="orders")
        refused = False
    except rds.exceptions.InvalidDBClusterStateFault as error:
        refused = True
        print("StartDBCluster:", error.response["Error"]["Message"])
same = stopped == {"orders": "stopped", "writer": "available", "alone": "stopped"} and changed == {**stopped, "orders": "available"}
raise SystemExit(None if same and refused else "the behaviour has changed")
PY
env/bin/python modify.py
