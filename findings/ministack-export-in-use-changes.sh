#!/usr/bin/env bash
# One would expect: an exported value that another stack imports can neither be deleted nor changed, as CloudFormation's rules for exports say; or an
#   emulator that does not know who imports what allows both.
# What happens: deleting the exporting stack is refused ("Export ... is imported by stack ..."), so the emulator knows. An update that gives the export
#   another value is UPDATE_COMPLETE all the same. The importing stack keeps the old value.
# Why it matters: replacing a database or a subnet group whose id is exported is just this update. It works in the emulator, and in AWS it fails after
#   the replacement was made, "cannot be updated as it is in use by", and rolls back: the export that should have been moved in two steps.
# Version and source: ministack 1.5.33 (PyPI), services/cloudformation; "Get exported outputs from a deployed stack" in the CloudFormation user guide.
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
stacks, parameters = boto3.client("cloudformation"), boto3.client("ssm")


def exporting(value):
    outputs = {"Database": {"Value": value, "Export": {"Name": "database"}}}
    return json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}, "Outputs": outputs})


def settled(name):
    time.sleep(0.5)
    while (status := stacks.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]).endswith("IN_PROGRESS"):
        time.sleep(0.2)
    return status


stacks.create_stack(StackName="data", TemplateBody=exporting("orders-1"))
settled("data")
imported = {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/database", "Type": "String", "Value": {"Fn::ImportValue": "database"}}}
stacks.create_stack(StackName="service", TemplateBody=json.dumps({"Resources": {"Imported": imported}}))
settled("service")
try:
    stacks.delete_stack(StackName="data")
    refused = ""
except stacks.exceptions.ClientError as error:
    refused = error.response["Error"]["Message"]
print("DeleteStack:", refused)
stacks.update_stack(StackName="data", TemplateBody=exporting("orders-2"))
status, exports = settled("data"), [row["Value"] for row in stacks.list_exports()["Exports"]]
kept = parameters.get_parameter(Name="/database")["Parameter"]["Value"]
print(f"UpdateStack with another value: {status}, the export is {exports}, the importing stack has {kept}")
same = "imported by stack service" in refused and (status, exports, kept) == ("UPDATE_COMPLETE", ["orders-2"], "orders-1")
sys.exit(0 if same else "the behaviour has changed")
PYTHON
