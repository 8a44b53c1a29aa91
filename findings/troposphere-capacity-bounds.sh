#!/usr/bin/env bash
# One would expect: troposphere, which knows SecondsUntilAutoPause of Aurora Serverless v2, accepts what makes it work (a
#   minimum of 0 ACU, without which nothing pauses) and the 256 ACU that the same release of Aurora allows at the most.
# What happens: SecondsUntilAutoPause is accepted beside MinCapacity 0.5, where RDS has no use for it; MinCapacity 0 and
#   MaxCapacity 256 are refused by a validator with the bounds of 2022 (0.5 to 128). A Ref passes unchecked.
# Why it matters: the one combination that pauses cannot be written as numbers, the one that does not can. The way out is
#   validation=False on the cluster's property, or parameters, with the bounds in the template.
# Version and source: troposphere 4.11.1 (PyPI); 0 ACU and 256 ACU: Aurora user guide, Serverless v2 capacity.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check troposphere==4.11.1 2>/dev/null
cat > bounds.py <<'PY'
from importlib.metadata import version

from troposphere import Ref
from troposphere.rds import ServerlessV2ScalingConfiguration

print("troposphere", version("troposphere"))
CASES = [
    {"MinCapacity": 0.5, "MaxCapacity": 128, "SecondsUntilAutoPause": 300},
    {"MinCapacity": 0, "MaxCapacity": 16, "SecondsUntilAutoPause": 300},
    {"MinCapacity": 0.5, "MaxCapacity": 256},
    {"MinCapacity": Ref("MinCapacity"), "MaxCapacity": Ref("MaxCapacity"), "SecondsUntilAutoPause": 300},
]


def verdict(case):
    try:
        ServerlessV2ScalingConfiguration(**case).to_dict()
    except ValueError as error:
        return f"refused: {error}"
    return "accepted"


found = [verdict(case) for case in CASES]
for case, result in zip(CASES, found):
    print({key: value if isinstance(value, (int, float)) else "Ref" for key, value in case.items()}, "->", result)
same = [result.split(":")[0] for result in found] == ["accepted", "refused", "refused", "accepted"]
raise SystemExit(None if same else "the behaviour has changed")
PY
env/bin/python bounds.py 2>/dev/null
