#!/usr/bin/env bash
# One would expect: a stack whose AWS::RDS::DBCluster has the DBClusterIdentifier of a cluster that exists fails with DBClusterAlreadyExistsFault, as
#   CreateDBCluster does in the same emulator, and as a stack with the name of an existing bucket or SSM parameter does.
# What happens: CREATE_COMPLETE. The existing cluster, of another stack or of none, is replaced under its name: another DbClusterResourceId, the new
#   stack's settings. Deletion protection does not keep it. Deleting the second stack deletes it for the first one, which stays CREATE_COMPLETE. An
#   instance's identifier and a secret's name are taken over in the same way.
# Why it matters: what a test of a blueprint with a fixed name should show, the refused second deployment, ends well here and fails first in AWS;
#   and two stacks of one laptop lose each other's databases.
# Version and source: ministack 1.5.33 (PyPI), services/cloudformation/provisioners.py, which writes its records without asking for an older one.
set -euo pipefail
folder=$(mktemp -d); server=""
trap '[ -z "$server" ] || { kill "$server"; wait "$server"; } 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check ministack==1.5.33 boto3==1.43.106 2>/dev/null
port=$(env/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
GATEWAY_PORT=$port BIND_HOST=127.0.0.1 DOCKER_HOST=unix:///nonexistent env/bin/ministack > log 2>&1 & server=$!
for _ in $(seq 150); do (: < "/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.2; done
export AWS_ENDPOINT_URL="http://127.0.0.1:$port" AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
env/bin/python - <<'PYTHON'
import json, sys, time
from importlib.metadata import version
import boto3

print("ministack", version("ministack"))
stacks, rds, secrets, parameters = (boto3.client(name) for name in ("cloudformation", "rds", "secretsmanager", "ssm"))


def settled(name):
    while (stack := stacks.describe_stacks(StackName=name)["Stacks"][0])["StackStatus"].endswith("IN_PROGRESS"):
        time.sleep(0.2)
    return stack["StackStatus"]


def created(name, kind, **properties):
    stacks.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": {"Row": {"Type": kind, "Properties": properties}}}))
    return settled(name)


def cluster(name, **properties):
    user = {"MasterUsername": "app", "ManageMasterUserPassword": True}
    return created(name, "AWS::RDS::DBCluster", DBClusterIdentifier="orders", Engine="aurora-postgresql", **user, **properties)


def seen():
    fields = "DbClusterResourceId", "BackupRetentionPeriod", "DeletionProtection"
    return [[row[field] for field in fields] for row in rds.describe_db_clusters()["DBClusters"]]


print("stack one:", cluster("one", BackupRetentionPeriod=30, DeletionProtection=True), before := seen())
try:
    refused = rds.create_db_cluster(DBClusterIdentifier="orders", Engine="aurora-postgresql")
except rds.exceptions.ClientError as error:
    refused = error.response["Error"]["Code"]
print("CreateDBCluster with its identifier:", refused)
second = cluster("two", BackupRetentionPeriod=1)
print("stack two with its identifier:", second, after := seen())
stacks.delete_stack(StackName="two")
time.sleep(2)
print("after deleting stack two: stack one", first := settled("one"), "clusters", gone := seen())
secrets.create_secret(Name="orders", SecretString="theirs")
parameters.put_parameter(Name="/orders", Value="theirs", Type="String")
secret = created("three", "AWS::SecretsManager::Secret", Name="orders", SecretString="ours")
value = secrets.get_secret_value(SecretId="orders")["SecretString"]
parameter = created("four", "AWS::SSM::Parameter", Name="/orders", Type="String", Value="ours")
print("a secret's name that exists:", secret, value, "- a parameter's:", parameter)
ok = refused == "DBClusterAlreadyExistsFault" and second == first == "CREATE_COMPLETE" and before[0][0] != after[0][0] and after[0][1:] == [1, False]
ok = ok and not gone and (secret, value, parameter) == ("CREATE_COMPLETE", "ours", "ROLLBACK_COMPLETE")
sys.exit(0 if ok else "the behaviour has changed")
PYTHON
