#!/usr/bin/env bash
# One would expect: `cfn-flip --clean`, and troposphere's to_yaml(clean_up=True), which is the same code, write an Fn::Join in a shorter form with the
#   same value; or leave what has no shorter form.
# What happens: a Join of plain texts becomes one text in which ${NAME} is written as ${!NAME}. That is how Fn::Sub keeps a literal ${NAME}, but there
#   is no Fn::Sub here: the value itself has changed. A Join with a Ref among its parts becomes an Fn::Sub, where the same spelling is right.
# Why it matters: user data and commands of a container are joined from lines. In bash ${!NAME} is valid too: it reads the variable whose name is the
#   value of NAME, so the script runs with other, mostly empty values. It happens to the scripts that need no Ref, and nothing is said.
# Version and source: cfn-flip 1.3.0, troposphere 4.11.1 (PyPI); convert_join in cfn_clean.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check cfn-flip==1.3.0 troposphere==4.11.1 2>/dev/null
cat > join.py <<'PY'
import json
import pathlib
import subprocess
from importlib.metadata import version

import cfn_flip
from troposphere import Join, Ref, Template
from troposphere.ssm import Parameter

template = Template()
lines = ["DATABASE=orders\n", "echo ${DATABASE}\n"]
template.add_resource(Parameter("Plain", Type="String", Value=Join("", lines)))
template.add_resource(Parameter("WithRef", Type="String", Value=Join("", [*lines, Ref("AWS::Region")])))
pathlib.Path("template.json").write_text(template.to_json())
flipped = subprocess.run(["env/bin/cfn-flip", "--yaml", "--clean", "template.json"], check=True, capture_output=True, text=True).stdout
values = lambda text: {name: row["Properties"]["Value"] for name, row in json.loads(cfn_flip.to_json(text))["Resources"].items()}
print("cfn-flip", version("cfn-flip"), "troposphere", version("troposphere"))
by_flip, by_troposphere = values(flipped), values(template.to_yaml(clean_up=True))
print("before, joined:", json.dumps("".join(lines)))
for name, value in by_flip.items():
    print(f"after, {name}:", json.dumps(value))
wrong = "".join(lines).replace("${", "${!")
script = subprocess.run(["bash", "-c", by_flip["Plain"]], capture_output=True, text=True)
print("the script prints", json.dumps(script.stdout), "in place of", json.dumps("orders\n"))
same = by_flip["Plain"] == wrong == by_troposphere["Plain"] and by_flip["WithRef"]["Fn::Sub"].startswith(wrong) and script.stdout == "\n"
raise SystemExit(None if same else "the behaviour has changed")
PY
env/bin/python join.py
