#!/usr/bin/env bash
# One would expect: a mock of CloudFormation that keeps a resource with DeletionPolicy Retain when its stack is deleted keeps it too when it leaves the
#   template, as the policy's reference says for both; or it knows no policy at all.
# What happens: moto looks at the policy in DeleteStack only. UpdateStack with a template without the resource deletes the database instance and the
#   bucket, both Retain. DeletionProtection of the instance, which moto's own CreateDBInstance keeps, is dropped when a stack makes it. No event says
#   that anything was deleted.
# Why it matters: "take the database out of this stack and import it into another one", which AWS does without touching it, loses it in the test; and
#   a test of deletion protection passes or fails for reasons that AWS does not have.
# Version and source: moto 5.2.5 (PyPI), cloudformation/parsing.py: ResourceMap.update and ResourceMap.delete.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check 'moto[cloudformation,rds,s3]==5.2.5' boto3==1.44.8 2>/dev/null
cat > retained.py <<'PY'
import json
import os
from importlib.metadata import version

os.environ.update(AWS_ACCESS_KEY_ID="none", AWS_SECRET_ACCESS_KEY="none", AWS_DEFAULT_REGION="eu-west-1")
import boto3
from moto import mock_aws

RETAINED = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
SIZE = {"Engine": "postgres", "DBInstanceClass": "db.t4g.micro", "AllocatedStorage": "20", "DeletionProtection": True}
DATABASE = {"Type": "AWS::RDS::DBInstance", **RETAINED, "Properties": {**SIZE, "MasterUsername": "app", "MasterUserPassword": "only-a-test"}}
TOPIC = {"Topic": {"Type": "AWS::SNS::Topic"}}
WHOLE = {"Resources": {**TOPIC, "Db": DATABASE, "Files": {"Type": "AWS::S3::Bucket", **RETAINED}}}


@mock_aws
def left(take_out):
    stacks, rds, s3 = (boto3.client(name) for name in ("cloudformation", "rds", "s3"))
    stacks.create_stack(StackName="orders", TemplateBody=json.dumps(WHOLE))
    protected = rds.describe_db_instances()["DBInstances"][0]["DeletionProtection"]
    take_out(stacks)
    names = {row["LogicalResourceId"] for row in stacks.describe_stack_events(StackName="orders")["StackEvents"]} if take_out is update else set()
    return len(rds.describe_db_instances()["DBInstances"]), len(s3.list_buckets()["Buckets"]), protected, sorted(names)


def delete(stacks):
    stacks.delete_stack(StackName="orders")


def update(stacks):
    stacks.update_stack(StackName="orders", TemplateBody=json.dumps({"Resources": TOPIC}))


print("moto", version("moto"))
found = {}
for name, take_out in {"DeleteStack": delete, "UpdateStack without the two resources": update}.items():
    instances, buckets, protected, events = found[take_out] = left(take_out)
    print(f"{name}: left {instances} instance, {buckets} bucket; the instance was protected: {protected}; events of {events or '(not asked)'}")
same = found[delete][:3] == (1, 1, False) and found[update] == (0, 0, False, ["orders"])
raise SystemExit(None if same else "the behaviour has changed")
PY
env/bin/python -W ignore retained.py
