#!/usr/bin/env bash
# One would expect: troposphere's TemplateGenerator, which reads a template so that it can be changed in Python and written again, keeps what it reads,
#   or refuses what it does not know; troposphere's own classes have UpdateReplacePolicy and Rules.
# What happens: UpdateReplacePolicy of every resource is gone, DeletionPolicy stays. The section Rules is gone. The DefaultValue of Fn::FindInMap is
#   wrapped once more ({"DefaultValue": {"DefaultValue": ...}}), which CloudFormation refuses. Nothing is said.
# Why it matters: a script that only adds a tag to a template takes the policy away that snapshots or keeps a cluster when an update replaces it:
#   without it the old cluster is deleted. A diff of the stack shows it only to one who compares the attributes.
# Version and source: troposphere 4.11.1 (PyPI), troposphere/template_generator.py.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check troposphere==4.11.1 2>/dev/null
cat > reader.py <<'PY'
import json
from importlib.metadata import version

from troposphere import Parameter, Template, rds
from troposphere.template_generator import TemplateGenerator

VERSION = {"Fn::FindInMap": ["Versions", "Stage", "prod", {"DefaultValue": "17.7"}]}
STAGES = {"Assertions": [{"Assert": {"Fn::Contains": [["prod", "test"], {"Ref": "Stage"}]}}]}
template = {
    "Transform": "AWS::LanguageExtensions",
    "Parameters": {"Stage": {"Type": "String", "Default": "prod"}},
    "Rules": {"KnownStage": STAGES},
    "Mappings": {"Versions": {"Stage": {"prod": "17.7"}}},
    "Resources": {
        "Db": {
            "Type": "AWS::RDS::DBCluster",
            "DeletionPolicy": "Snapshot",
            "UpdateReplacePolicy": "Snapshot",
            "Properties": {"Engine": "aurora-postgresql", "EngineVersion": VERSION},
        },
    },
}


def changes(before, after, path=""):
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return {} if before == after else {path: (before, after)}
    found = {}
    for key in sorted({*before, *after}):
        found |= changes(before.get(key), after.get(key), f"{path}/{key}")
    return found


print("troposphere", version("troposphere"))
found = changes(template, json.loads(TemplateGenerator(template).to_json()))
for path, (before, after) in found.items():
    print(f"{path}: {json.dumps(before)} -> {json.dumps(after)}")
own = Template()
own.add_parameter(Parameter("Stage", Type="String"))
own.add_rule("KnownStage", STAGES)
own.add_resource(rds.DBCluster("Db", Engine="aurora-postgresql", UpdateReplacePolicy="Snapshot"))
written = own.to_dict()
print("written by troposphere's classes:", sorted(written), written["Resources"]["Db"].get("UpdateReplacePolicy"))
lost = sorted(path for path, (_, after) in found.items() if after is None)
same = lost == ["/Resources/Db/UpdateReplacePolicy", "/Rules"] and len(found) == 3 and "Rules" in written
raise SystemExit(None if same and written["Resources"]["Db"]["UpdateReplacePolicy"] == "Snapshot" else "the behaviour has changed")
PY
env/bin/python reader.py
