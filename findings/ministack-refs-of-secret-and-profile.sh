#!/usr/bin/env bash
# One would expect: Ref gives what each type's "Return values" say: the ARN of an AWS::SecretsManager::Secret, and the name of an
#   AWS::IAM::InstanceProfile. Or an emulator that has one kind of physical id for all types errs for all of them in the same direction.
# What happens: the two are swapped: Ref of the secret is its name, Ref of the instance profile is its ARN. The Ref of a topic is its ARN, that of a role
#   its name, as in AWS; GetAtt (Id of the secret, Arn of the profile) is right too.
# Why it matters: the Data API takes a secret by its ARN only, and GetInstanceProfile and the IamInstanceProfile of an instance take a name: outputs and
#   properties with !Ref fail in the emulator, and what is changed until they work there (!GetAtt Profile.Arn, a name of one's own) is refused by AWS.
# Version and source: ministack 1.5.33 (PyPI), services/cloudformation/provisioners.py; return values of the two types in the CloudFormation reference.
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
stacks, iam = boto3.client("cloudformation"), boto3.client("iam")
trust = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
resources = {
    "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"SecretString": "orders"}},
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}},
    "Profile": {"Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": [{"Ref": "Role"}]}},
    "Topic": {"Type": "AWS::SNS::Topic"}}
outputs = {name: {"Value": {"Ref": name}} for name in resources}
stacks.create_stack(StackName="orders", TemplateBody=json.dumps({"Resources": resources, "Outputs": outputs}), Capabilities=["CAPABILITY_IAM"])
while (stack := stacks.describe_stacks(StackName="orders")["Stacks"][0])["StackStatus"].endswith("IN_PROGRESS"):
    time.sleep(0.2)
refs = {row["OutputKey"]: row["OutputValue"] for row in stack["Outputs"]}
kinds = {name: "ARN" if value.startswith("arn:") else "name" for name, value in refs.items()}
right = {"Secret": "ARN", "Role": "name", "Profile": "name", "Topic": "ARN"}
for name, value in refs.items():
    print(f"Ref of {resources[name]['Type']:28} is {'an' if kinds[name] == 'ARN' else 'a'} {kinds[name]}, in AWS: {right[name]}")
try:
    iam.get_instance_profile(InstanceProfileName=refs["Profile"])
    refused = False
except iam.exceptions.ClientError as error:
    refused = True
    print("GetInstanceProfile with the Ref:", error.response["Error"]["Code"])
sys.exit(0 if kinds == {**right, "Secret": "name", "Profile": "ARN"} and refused else "the behaviour has changed")
PYTHON
