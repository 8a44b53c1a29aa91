#!/usr/bin/env bash
# One would expect: CreateChangeSet without a ChangeSetType, for a stack that exists, means UPDATE, the API's default: a template without a change
#   gives a change set that is FAILED with "The submitted information didn't contain changes", as it does in moto with ChangeSetType="UPDATE".
# What happens: without the type moto compares nothing. Every resource of the template is listed with the action Add, those that the stack has too, and
#   the change set is CREATE_COMPLETE and AVAILABLE. With the type the same call answers as AWS does.
# Why it matters: the "is there anything to deploy?" of a pipeline is always yes in its tests, the branch for "nothing to do" never runs, and a check
#   such as "refuse a change set that adds a database" refuses every one. The call is right, AWS answers it differently, and one optional key decides.
# Version and source: moto 5.2.5 (PyPI), create_change_set in cloudformation; ChangeSetType in the API reference of CreateChangeSet.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check 'moto[cloudformation]==5.2.5' boto3==1.43.106 2>/dev/null
cat > changes.py <<'PY'
import json
from importlib.metadata import version

import boto3
from moto import mock_aws

topic = {"Alarms": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "alarms"}}}
more = {**topic, "Jobs": {"Type": "AWS::SQS::Queue"}}
print("moto", version("moto"))
found = {}
with mock_aws():
    stacks = boto3.client("cloudformation", region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none")
    stacks.create_stack(StackName="orders", TemplateBody=json.dumps({"Resources": topic}))
    for number, options in enumerate(({}, {"ChangeSetType": "UPDATE"})):
        for template, resources in (("same", topic), ("more", more)):
            name = f"{template}{number}"
            stacks.create_change_set(StackName="orders", ChangeSetName=name, TemplateBody=json.dumps({"Resources": resources}), **options)
            planned = stacks.describe_change_set(StackName="orders", ChangeSetName=name)
            changes = [row["ResourceChange"] for row in planned["Changes"]]
            found[name] = f"{planned['Status']} " + ", ".join(f"{row['Action']} {row['LogicalResourceId']}" for row in changes)
            print(f"{options or 'no type'}, template with {'no change' if template == 'same' else 'one more resource'}: {found[name]}")
same = found == {
    "same0": "CREATE_COMPLETE Add Alarms", "more0": "CREATE_COMPLETE Add Alarms, Add Jobs", "same1": "FAILED ", "more1": "CREATE_COMPLETE Add Jobs",
}
raise SystemExit(None if same else "the behaviour has changed")
PY
env/bin/python -W ignore changes.py
