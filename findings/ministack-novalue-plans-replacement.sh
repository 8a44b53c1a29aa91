#!/usr/bin/env bash
# One would expect: a new parameter with an empty default, used as !If [Restored, !Ref Snapshot, !Ref AWS::NoValue], changes
#   nothing while the condition is false: the property is absent before and after, and the change set says so.
# What happens: the change set lists the cluster as Modify, Replacement True, PolicyAction ReplaceAndDelete, with the cause
#   ParameterReference and the evaluation Static, not Dynamic: it compares resolved values, but adds every reference of the
#   template to a new parameter, also in the branch that is not taken. Executed, it keeps the very same cluster.
# Why it matters: a template that gains an optional SnapshotIdentifier looks as if it deleted the database; a pipeline that
#   refuses replacements stops, and an exception made for it also admits a replacement that is real.
# Version and source: ministack 1.5.33 (PyPI), services/cloudformation/stacks.py, _reference_details.
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
stacks, rds = boto3.client("cloudformation"), boto3.client("rds")
cluster = {"Engine": "aurora-postgresql", "MasterUsername": "app", "ManageMasterUserPassword": True}
template = {"Resources": {"Cluster": {"Type": "AWS::RDS::DBCluster", "Properties": cluster}}}


def settled():
    while (status := stacks.describe_stacks(StackName="orders")["Stacks"][0]["StackStatus"]).endswith("IN_PROGRESS"):
        time.sleep(0.2)
    return status


def identity():
    name = stacks.describe_stack_resources(StackName="orders")["StackResources"][0]["PhysicalResourceId"]
    return rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]["DbClusterResourceId"]


def planned(name):
    stacks.create_change_set(StackName="orders", ChangeSetName=name, TemplateBody=json.dumps(template))
    while (plan := stacks.describe_change_set(StackName="orders", ChangeSetName=name))["Status"].endswith(("PENDING", "IN_PROGRESS")):
        time.sleep(0.2)
    return plan["Status"], [change["ResourceChange"] for change in plan["Changes"]]


stacks.create_stack(StackName="orders", TemplateBody=json.dumps(template))
print(settled(), before := identity())
template["Parameters"] = {"Snapshot": {"Type": "String", "Default": ""}}
template["Conditions"] = {"Restored": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Snapshot"}, ""]}]}}
cluster["SnapshotIdentifier"] = {"Fn::If": ["Restored", {"Ref": "Snapshot"}, {"Ref": "AWS::NoValue"}]}
status, changes = planned("optional")
change, detail = changes[0], changes[0]["Details"][0]
print("the change set:", change["Action"], change["Replacement"], change["PolicyAction"], detail)
stacks.execute_change_set(StackName="orders", ChangeSetName="optional")
time.sleep(1)
print(settled(), after := identity())
again = planned("again")
print("the same template once more:", again)
ok = change["Replacement"] == "True" and detail["Evaluation"] == "Static" and before == after and again == ("FAILED", [])
sys.exit(0 if ok else "the behaviour has changed")
PYTHON
