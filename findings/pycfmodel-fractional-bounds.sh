#!/usr/bin/env bash
# One would expect: a template whose Number parameter has MinValue 0.5 (the smallest capacity of Aurora Serverless v2 that
#   does not pause) is read by a security scanner like any other; CloudFormation's bounds are numbers, not integers.
# What happens: pycfmodel, the parser behind cfripper, refuses the whole template, while Default: 0.5 would be accepted: the
#   bounds are declared as integers. A bound written as text ("0.5") is refused as well, "1" is not.
# Why it matters: the scan of a template with a fractional bound ends with an error about a parameter, and its resources are
#   not looked at. Steps of capacity are 0.5 ACU, so templates for Aurora Serverless v2 meet it.
# Version and source: cfripper 1.22.1, pycfmodel 2.1.3 (PyPI); bounds as numbers: CloudFormation user guide, Parameters.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check cfripper==1.22.1 pycfmodel==2.1.3 2>/dev/null
cat > read.py <<'PY'
from importlib.metadata import version

import pycfmodel

print("cfripper", version("cfripper"), "pycfmodel", version("pycfmodel"))


def reads(**more):
    template = {
        "Parameters": {"Capacity": {"Type": "Number", **more}},
        "Resources": {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"}},
    }
    try:
        pycfmodel.parse(template)
    except Exception as error:
        return f"refused ({type(error).__name__}): {str(error).splitlines()[2].strip()[:80]}"
    return "read"


cases = [{"Default": 0.5}, {"MinValue": 1}, {"MinValue": "1"}, {"MinValue": 0.5}, {"MinValue": "0.5"}, {"MaxValue": 1.5}]
found = [reads(**case) for case in cases]
for case, result in zip(cases, found):
    print(case, "->", result)
same = [result.split()[0] for result in found] == ["read", "read", "read", "refused", "refused", "refused"]
raise SystemExit(None if same else "the behaviour has changed")
PY
env/bin/python read.py 2>/dev/null
