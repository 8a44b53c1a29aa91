#!/usr/bin/env bash
# One would expect: with AutoPublishAlias a new version is published, and the alias moved to it, either when the code changes
#   (the short description of the property) or when anything of the function changes.
# What happens: neither. Besides the code, a changed MemorySize or Environment gives a new version; a changed Runtime, Layers,
#   Timeout, Handler or VpcConfig does not: the function has the new value, and the alias stays on the version with the old one.
# Why it matters: everything that calls the alias (APIs, schedules) goes on with the old runtime, layers or network after a
#   deployment that ended well. A migration layer or new subnets for the database never reach the callers.
#   AutoPublishAliasAllProperties: true publishes for each of them, as the last column shows.
# Version and source: aws-sam-translator 1.106.0 (PyPI), the library behind the transform AWS::Serverless-2016-10-31.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check aws-sam-translator==1.106.0 2>/dev/null
cat > publish.py <<'PY'
import os
from importlib.metadata import version

os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"
from samtranslator.translator.transform import transform


class NoManagedPolicies:
    def load(self):
        return {}


BASE = {"Runtime": "python3.12", "Handler": "app.handler", "CodeUri": "s3://code/one.zip", "AutoPublishAlias": "live"}
CHANGES = {
    "CodeUri": "s3://code/two.zip",
    "MemorySize": 512,
    "Environment": {"Variables": {"DATABASE": "orders"}},
    "Runtime": "python3.13",
    "Handler": "app.other",
    "Timeout": 20,
    "Layers": ["arn:aws:lambda:eu-west-1:123456789012:layer:driver:2"],
    "VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
}


def published(**more):
    resources = {"Function": {"Type": "AWS::Serverless::Function", "Properties": {**BASE, **more}}}
    made = transform({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources}, {}, NoManagedPolicies())
    return next(name for name, row in made["Resources"].items() if row["Type"] == "AWS::Lambda::Version")


print("aws-sam-translator", version("aws-sam-translator"))
every = {"AutoPublishAliasAllProperties": True}
found = {}
for name, value in CHANGES.items():
    found[name] = published(**{name: value}) != published()
    always = published(**{name: value}, **every) != published(**every)
    print(f"{name:12} new version: {found[name]!s:6} with AutoPublishAliasAllProperties: {always}")
same = [name for name, new in found.items() if new] == ["CodeUri", "MemorySize", "Environment"]
raise SystemExit(None if same else "the behaviour has changed")
PY
env/bin/python publish.py 2>/dev/null
