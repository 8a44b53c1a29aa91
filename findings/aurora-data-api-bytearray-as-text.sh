#!/usr/bin/env bash
# One would expect: a bytearray or a memoryview, which other DB-API drivers take for bytea, is sent as a blob or is refused with a TypeError.
# What happens: both are sent as text, as Python prints them: the column gets the 15 letters bytearray(b'a') and nothing fails. Only
#   an exact `bytes` is a blob. Lists and dicts go the same way (Python's notation, not JSON's or PostgreSQL's).
# Why it matters: the driver itself gives bytearray as the type of bytea columns in cursor.description; what was read, encrypted in place and
#   written back is lost without an error.
# Version and source: aurora-data-api 0.5.0 (PyPI), its prepare_param.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check aurora-data-api==0.5.0 boto3==1.44.8 2>/dev/null
cat > sent.py <<'PY'
from importlib.metadata import version

from aurora_data_api import AuroraDataAPICursor

print("aurora-data-api", version("aurora-data-api"))
sent = {}
for value in (b"a", bytearray(b"a"), memoryview(b"a"), {"paid": True}):
    sent[type(value).__name__] = AuroraDataAPICursor().prepare_param("content", value)["value"]
    print(type(value).__name__, "is sent as", *sent[type(value).__name__])
print("the text sent for the bytearray:", sent["bytearray"].get("stringValue"))
same = sent["bytes"] == {"blobValue": b"a"} and sent["bytearray"] == {"stringValue": "bytearray(b'a')"}
raise SystemExit(None if same and "stringValue" in sent["memoryview"] else "the behaviour has changed")
PY
env/bin/python sent.py
