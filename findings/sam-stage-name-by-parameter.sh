#!/usr/bin/env bash
# One would expect: `StageName: prod` of an AWS::Serverless::Api becoming `StageName: !Ref Stage`, where the parameter Stage is prod, changes nothing:
#   the stage has the same name, in the same API. A stage that is renamed from dev to prod is replaced.
# What happens: SAM makes the logical id of the stage of its name where that is a text (ApiprodStage), and of nothing where it is a function
#   (ApiStage), even one that SAM has the value of. So the same stage is one resource that is added and another that is removed.
# Why it matters: CloudFormation adds first, and a stage named prod exists in the API: the update fails with "Stage already exists" and is rolled
#   back, for a change that a review takes for tidying up. The same step back, or from the literal of one template to that of another, is no better.
#   Other references to the id (a domain's mapping, a WAF association to ApiprodStage) point to nothing.
# Version and source: aws-sam-translator 1.106.0 (PyPI), the library behind the transform AWS::Serverless-2016-10-31; _construct_stage in
#   model/api/api_generator.py.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check aws-sam-translator==1.106.0 2>/dev/null
cat > stages.py <<'PY'
import os
from importlib.metadata import version

os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"
from samtranslator.translator.transform import transform


class NoManagedPolicies:
    def load(self):
        return {}


def stage(name):
    """The logical id and the name of the stage, with the parameter Stage being prod; the ids of the rest are printed too."""
    definition = {"swagger": "2.0", "info": {"title": "orders"}, "paths": {}}
    api = {"Type": "AWS::Serverless::Api", "Properties": {"StageName": name, "DefinitionBody": definition}}
    template = {
        "Transform": "AWS::Serverless-2016-10-31", "Parameters": {"Stage": {"Type": "String", "Default": "prod"}}, "Resources": {"Api": api},
    }
    made = transform(template, {"Stage": "prod"}, NoManagedPolicies())["Resources"]
    (logical_id, row), = ((key, row) for key, row in made.items() if row["Type"] == "AWS::ApiGateway::Stage")
    print(f"StageName {name!s:18} makes {logical_id:13} with the StageName {row['Properties']['StageName']}; beside it {sorted({*made} - {logical_id})}")
    return logical_id


print("aws-sam-translator", version("aws-sam-translator"))
found = [stage("prod"), stage({"Ref": "Stage"}), stage("dev")]
raise SystemExit(None if found == ["ApiprodStage", "ApiStage", "ApidevStage"] else "the behaviour has changed")
PY
env/bin/python stages.py 2>/dev/null
