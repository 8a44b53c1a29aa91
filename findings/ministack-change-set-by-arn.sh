#!/usr/bin/env bash
# One would expect: the ARN of a stack stands for its name in the calls for change sets, as StackName's reference says, and as DescribeStacks,
#   UpdateStack and UpdateTerminationProtection take it in the same emulator.
# What happens: CreateChangeSet takes the ARN; with the same ARN DescribeChangeSet and ExecuteChangeSet say that the change set does not exist, and
#   ListChangeSets gives an empty list. By the stack's name it is there.
# Why it matters: a deployer that keeps to the ARN, so as not to meet a stack that was deleted and made anew, cannot deploy; and "is a change set
#   waiting for review?" is answered with no, without an error.
# Version and source: ministack 1.5.33 (PyPI), services/cloudformation/changesets.py; StackName in the reference of DescribeChangeSet.
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
stacks = boto3.client("cloudformation")
cluster = {"Engine": "aurora-postgresql", "MasterUsername": "app", "ManageMasterUserPassword": True}
template = {"Resources": {"Cluster": {"Type": "AWS::RDS::DBCluster", "Properties": cluster}}}
arn = stacks.create_stack(StackName="orders", TemplateBody=json.dumps(template))["StackId"]
while stacks.describe_stacks(StackName=arn)["Stacks"][0]["StackStatus"] != "CREATE_COMPLETE":
    time.sleep(0.2)
cluster["BackupRetentionPeriod"] = 7
made = {"by ARN": arn, "by name": "orders"}
for way, name in made.items():
    stacks.create_change_set(StackName=name, ChangeSetName=way.replace(" ", "-"), TemplateBody=json.dumps(template))
time.sleep(1)
found = {}
for way, name in made.items():
    listed = sorted(row["ChangeSetName"] for row in stacks.list_change_sets(StackName=name)["Summaries"])
    for change_set in ("by-ARN", "by-name"):
        try:
            status = stacks.describe_change_set(StackName=name, ChangeSetName=change_set)["Status"]
        except stacks.exceptions.ChangeSetNotFoundException:
            status = "ChangeSetNotFound"
        found[way, change_set] = status
        print(f"DescribeChangeSet with the stack {way}, of the change set made {change_set}: {status}")
    found[way] = listed
    print(f"ListChangeSets with the stack {way}:", listed)
ok = found["by ARN"] == [] and found["by name"] == ["by-ARN", "by-name"]
ok = ok and {found["by ARN", row] for row in found["by name"]} == {"ChangeSetNotFound"}
ok = ok and {found["by name", row] for row in found["by name"]} == {"CREATE_COMPLETE"}
sys.exit(0 if ok else "the behaviour has changed")
PYTHON
