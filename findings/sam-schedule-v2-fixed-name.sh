#!/usr/bin/env bash
# One would expect: the event ScheduleV2 of a SAM function leaves the name of the schedule to CloudFormation, as the event Schedule leaves that of its
#   rule, so that the same template can be deployed twice in an account: orders-dev and orders-prod.
# What happens: ScheduleV2 writes a Name, which is made of the logical ids of function and event and has nothing of the stack. Two stacks of one
#   template want the schedule NightlyRun in the default group. OmitName: true leaves it out.
# Why it matters: names are unique in a schedule group, so the second stack of the account fails with "already exists" and is rolled back; moving from
#   Schedule to ScheduleV2, one letter and one digit, is what brings it. Whoever has one stack for each client meets it with the second client.
# Version and source: aws-sam-translator 1.106.0 (PyPI), the library behind the transform AWS::Serverless-2016-10-31; Name and OmitName of ScheduleV2
#   in the SAM developer guide, Name in the API reference of EventBridge Scheduler (CreateSchedule).
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check aws-sam-translator==1.106.0 2>/dev/null
cat > schedules.py <<'PY'
import os
from importlib.metadata import version

os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"
from samtranslator.translator.transform import transform


class NoManagedPolicies:
    def load(self):
        return {}


def names(event, key, **more):
    code = {"Runtime": "python3.13", "Handler": "app.handler", "InlineCode": "pass"}
    run = {"Type": event, "Properties": {key: "rate(1 day)", **more}}
    nightly = {"Type": "AWS::Serverless::Function", "Properties": {**code, "Events": {"Run": run}}}
    made = transform({"Transform": "AWS::Serverless-2016-10-31", "Resources": {"Nightly": nightly}}, {}, NoManagedPolicies())["Resources"]
    row, = (row for row in made.values() if row["Type"] in ("AWS::Events::Rule", "AWS::Scheduler::Schedule"))
    name = row["Properties"].get("Name")
    print(f"{event:10} {str(more or ''):20} makes {row['Type']:25} Name: {name or '(CloudFormation makes it)'}")
    return name


print("aws-sam-translator", version("aws-sam-translator"))
found = [names("Schedule", "Schedule"), names("ScheduleV2", "ScheduleExpression"), names("ScheduleV2", "ScheduleExpression", OmitName=True)]
raise SystemExit(None if found == [None, "NightlyRun", None] else "the behaviour has changed")
PY
env/bin/python schedules.py 2>/dev/null
