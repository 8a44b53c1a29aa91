#!/usr/bin/env bash
# One would expect: get_secret(name, VersionStage="AWSPENDING") gives the pending version; the call documents that such options go to GetSecretValue.
# What happens: the cache knows a secret by its name and transformation only. Where any version of it was read in the seconds before (5 by default,
#   or max_age), that one is given back, without a request: the current password in place of the pending one, or the other way round. The same holds
#   for VersionId, and for parameters with other options of their call.
# Why it matters: a rotation, which compares the two, sees equal passwords and tests the old one; the function that reads both works on the first
#   invocation of one order and not of the other. force_fetch=True avoids it, and then poisons the cache: the next plain get_secret is AWSPENDING.
# Version and source: aws-lambda-powertools 3.37.0 (PyPI), _build_cache_key of utilities/parameters/base.py.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check aws-lambda-powertools==3.37.0 boto3==1.43.106 2>/dev/null
cat > stages.py <<'PY'
from importlib.metadata import version
from types import SimpleNamespace

from aws_lambda_powertools.utilities.parameters import SecretsProvider


def secret(SecretId, VersionStage="AWSCURRENT"):
    asked.append(VersionStage)
    return {"SecretString": f"the password of {VersionStage}"}


asked = []
secrets = SecretsProvider(boto3_client=SimpleNamespace(get_secret_value=secret))
print("aws-lambda-powertools", version("aws-lambda-powertools"))
calls = {
    "get(orders)": lambda: secrets.get("orders"),
    "get(orders, VersionStage=AWSPENDING)": lambda: secrets.get("orders", VersionStage="AWSPENDING"),
    "the same with force_fetch=True": lambda: secrets.get("orders", VersionStage="AWSPENDING", force_fetch=True),
    "get(orders) again": lambda: secrets.get("orders"),
}
given = {}
for name, call in calls.items():
    given[name] = call().rsplit(" ", 1)[1]
    print(f"{name}: {given[name]}")
print("requests:", asked)
same = list(given.values()) == ["AWSCURRENT", "AWSCURRENT", "AWSPENDING", "AWSPENDING"] and asked == ["AWSCURRENT", "AWSPENDING"]
raise SystemExit(None if same else "the behaviour has changed")
PY
env/bin/python stages.py
