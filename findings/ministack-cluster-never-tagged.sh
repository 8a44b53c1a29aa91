#!/usr/bin/env bash
# One would expect: an AWS::RDS::DBCluster gets its Tags and the stack's, as the other RDS types of the same stack do; or at
#   least that a change set and the events do not speak of tags that are not set.
# What happens: it never has a tag, neither its own Tags nor the stack's, after a create or an update. A change set for the
#   stack's tags lists the cluster as Modify with the scope Tags, and the events report its update as complete. The
#   cluster's parameter group has the new tags, and AddTagsToResource does tag the cluster: only the stack cannot.
# Why it matters: what finds clusters by tag (cost allocation, schedules that stop them, IAM conditions) finds none, on a
#   stack whose change set and events say that they are tagged.
# Version and source: ministack 1.5.33 (PyPI), services/cloudformation/provisioners.py, _STACK_TAG_PROPERTY.
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
own = {"Tags": [{"Key": "own", "Value": "yes"}]}
template = json.dumps({"Resources": {
    "Cluster": {"Type": "AWS::RDS::DBCluster", "Properties": {
        "DBClusterIdentifier": "orders", "Engine": "aurora-postgresql", "MasterUsername": "app", "ManageMasterUserPassword": True, **own}},
    "Group": {"Type": "AWS::RDS::DBClusterParameterGroup", "Properties": {
        "DBClusterParameterGroupName": "group", "Family": "aurora-postgresql16", "Description": "of orders", "Parameters": {}, **own}}}})


def settled():
    while (status := stacks.describe_stacks(StackName="orders")["Stacks"][0]["StackStatus"]).endswith("IN_PROGRESS"):
        time.sleep(0.2)
    return status


def tags(kind, name):
    found = rds.list_tags_for_resource(ResourceName=f"arn:aws:rds:eu-west-1:000000000000:{kind}:{name}")["TagList"]
    return {tag["Key"]: tag["Value"] for tag in found if not tag["Key"].startswith("aws:")}


stacks.create_stack(StackName="orders", TemplateBody=template, Tags=[{"Key": "team", "Value": "one"}])
print(settled(), "cluster:", tags("cluster", "orders"), "group:", tags("cluster-pg", "group"))
stacks.create_change_set(StackName="orders", ChangeSetName="tags", TemplateBody=template, Tags=[{"Key": "team", "Value": "two"}])
while (planned := stacks.describe_change_set(StackName="orders", ChangeSetName="tags"))["Status"].endswith(("PENDING", "IN_PROGRESS")):
    time.sleep(0.2)
scopes = {change["ResourceChange"]["LogicalResourceId"]: change["ResourceChange"]["Scope"] for change in planned["Changes"]}
print("the change set:", scopes)
stacks.execute_change_set(StackName="orders", ChangeSetName="tags")
time.sleep(1)
status, cluster, group = settled(), tags("cluster", "orders"), tags("cluster-pg", "group")
events = [e["ResourceStatus"] for e in stacks.describe_stack_events(StackName="orders")["StackEvents"] if e["LogicalResourceId"] == "Cluster"]
print(status, "cluster:", cluster, "group:", group, "the cluster's last event:", events[0])
rds.add_tags_to_resource(ResourceName="arn:aws:rds:eu-west-1:000000000000:cluster:orders", **own)
print("after AddTagsToResource: cluster:", tags("cluster", "orders"))
ok = cluster == {} and group == {"own": "yes", "team": "two"} and "Tags" in scopes["Cluster"] and events[0] == "UPDATE_COMPLETE"
sys.exit(0 if ok and tags("cluster", "orders") == {"own": "yes"} else "the behaviour has changed")
PYTHON
