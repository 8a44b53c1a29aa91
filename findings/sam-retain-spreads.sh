#!/usr/bin/env bash
# One would expect: DeletionPolicy Retain on an AWS::Serverless::Function keeps that function when the stack is deleted.
# What happens: the policy is copied to everything that SAM makes for the function: its role, its permissions, the rule of a
#   schedule, its version and alias, and also to the implicit HTTP API with its stage, which all functions of the template
#   share. The other function of the template stays deletable, its API does not.
# Why it matters: one line that should protect a handler leaves an API, roles and rules behind; the next creation of a stack
#   with fixed names fails on them, and the kept API has lost the integration of the deleted function.
# Version and source: aws-sam-translator 1.106.0 (PyPI), the library behind the transform AWS::Serverless-2016-10-31.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check aws-sam-translator==1.106.0 2>/dev/null
cat > spread.py <<'PY'
import os
from importlib.metadata import version

os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"
from samtranslator.translator.transform import transform


class NoManagedPolicies:
    def load(self):
        return {}


def function(path, **more):
    events = {"Get": {"Type": "HttpApi", "Properties": {"Path": path, "Method": "get"}}}
    code = {"Runtime": "python3.13", "Handler": "app.handler", "InlineCode": "pass"}
    return {"Type": "AWS::Serverless::Function", "Properties": {**code, "Events": events}, **more}


template = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Resources": {"Kept": function("/kept", DeletionPolicy="Retain"), "Other": function("/other")},
}
made = transform(template, {}, NoManagedPolicies())["Resources"]
print("aws-sam-translator", version("aws-sam-translator"))
for name, resource in sorted(made.items()):
    print(f"{name:45} {resource['Type']:30} {resource.get('DeletionPolicy', '-')}")
kept = {name for name, resource in made.items() if resource.get("DeletionPolicy") == "Retain"}
same = {"Kept", "KeptRole", "KeptGetPermission", "ServerlessHttpApi"} <= kept and not {"Other", "OtherRole"} & kept
raise SystemExit(None if same else "the behaviour has changed")
PY
env/bin/python spread.py 2>/dev/null
