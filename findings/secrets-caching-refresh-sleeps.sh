#!/usr/bin/env bash
# One would expect: refresh_secret_now() of AWS's caching client for Secrets Manager asks Secrets Manager now, as its name says; it is what one calls
#   when the database refuses a cached password after a rotation. The delays of failed calls are for failed calls.
# What happens: it sleeps for 2.5 to 5 seconds, at random, before it asks, each time, also the first time and with no failure before it. Neither
#   SecretCacheConfig nor an argument changes that. What it asks for is DescribeSecret only; the new value comes with the next get_secret_string.
# Why it matters: a Lambda function with a timeout of 3 seconds, the default, is ended in this call by every rotation; a web server holds the request,
#   and an asyncio program everything, for seconds. The test with a stubbed client that measures nothing does not show it. Making a new SecretCache
#   is the quick way to a fresh value.
# Version and source: aws-secretsmanager-caching 1.2.0 (PyPI), FORCE_REFRESH_JITTER_SLEEP in cache/items.py.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check aws-secretsmanager-caching==1.2.0 botocore==1.43.106 2>/dev/null
cat > refresh.py <<'PY'
import time
from importlib.metadata import version

from aws_secretsmanager_caching import SecretCache
from botocore.session import Session

asked = []
current = "one"


def answered(model, **_):
    """A Secrets Manager that answers at once: `current` is the current version and its value."""
    asked.append((model.name, time.monotonic()))
    described = {"VersionIdsToStages": {current.ljust(32, "-"): ["AWSCURRENT"]}}
    answer = described if model.name == "DescribeSecret" else {"SecretString": current}
    return type("Response", (), {"status_code": 200})(), answer


client = Session().create_client("secretsmanager", region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none")
client.meta.events.register("before-call.secretsmanager", answered)
cache = SecretCache(client=client)
print("aws-secretsmanager-caching", version("aws-secretsmanager-caching"))
before, current = cache.get_secret_string("orders"), "two"
kept = cache.get_secret_string("orders")
waits, calls = [], []
for _ in range(2):
    asked.clear()
    begun = time.monotonic()
    cache.refresh_secret_now("orders")
    waits.append(asked[0][1] - begun)
    calls.append([name for name, _ in asked])
after = cache.get_secret_string("orders")
print(f"cached: {before}, after the rotation: {kept}, after refresh_secret_now: {after}; it asked for {calls}")
print("seconds before the first request:", ["%.1f" % wait for wait in waits])
same = (before, kept, after) == ("one", "one", "two") and all(2.5 <= wait < 7 for wait in waits) and calls == [["DescribeSecret"]] * 2
raise SystemExit(None if same else "the behaviour has changed")
PY
env/bin/python refresh.py
